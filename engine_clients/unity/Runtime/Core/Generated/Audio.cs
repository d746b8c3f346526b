// Made from audio.proto by `python3 dev.py stubs`; changes here are lost.
// Speech, as a caller hands it in.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>How one sample of raw PCM is stored.</summary>
    public enum PcmEncoding
    {
        /// <summary>Not said: refused with INVALID_ARGUMENT.</summary>
        Unspecified = 0,
        /// <summary>Signed 16-bit integers, little-endian; full scale is 32768.</summary>
        S16Le = 1,
        /// <summary>IEEE 754 32-bit floats, little-endian; full scale is 1.0. NaN and infinity are refused.</summary>
        F32Le = 2,
    }

    /// <summary>What raw samples mean.</summary>
    public sealed class PcmFormat : Message
    {
        /// <summary>Required.</summary>
        public PcmEncoding Encoding { get; set; }
        /// <summary>Samples per second and channel, hertz. Required, 4000 to 192000.</summary>
        public int SampleRateHz { get; set; }
        /// <summary>Interleaved channels, 1 to 8; they are averaged. Default (0): 1.</summary>
        public int Channels { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Encoding != 0) writer.WriteInt32(8, (int)Encoding);
            if (SampleRateHz != 0) writer.WriteInt32(16, SampleRateHz);
            if (Channels != 0) writer.WriteInt32(24, Channels);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Encoding = (PcmEncoding)reader.ReadInt32(); break;
                    case 16: SampleRateHz = reader.ReadInt32(); break;
                    case 24: Channels = reader.ReadInt32(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Raw samples of one clip.</summary>
    public sealed class PcmAudio : Message
    {
        /// <summary>Required.</summary>
        public PcmFormat Format { get; set; }
        /// <summary>Interleaved samples; the length is a whole number of (bytes per sample * channels).</summary>
        public Bytes Samples { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Format);
            if (Samples.Count > 0) writer.WriteBytes(18, Samples);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Format = reader.ReadMessage(Format ?? new PcmFormat()); break;
                    case 18: Samples = reader.ReadBytes(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A whole audio file, or several complete ones one behind the other. Its content decides what it is, never a name: WAV,
    /// AIFF, CAF, AU, W64, RF64, BW64 (PCM, float, a-law, mu-law), FLAC, Ogg (Vorbis, Opus) and MP3; where the server has the
    /// extra `audio`, also MP4 and M4A, WebM and Matroska, AAC, WMA, AMR and others.</summary>
    public sealed class EncodedAudio : Message
    {
        /// <summary>The file's bytes.</summary>
        public Bytes Data { get; set; }
        /// <summary>Hertz. If not 0, the file must have this sample rate, else INVALID_ARGUMENT names both. Default (0): no check.</summary>
        public int ExpectedSampleRateHz { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Data.Count > 0) writer.WriteBytes(10, Data);
            if (ExpectedSampleRateHz != 0) writer.WriteInt32(16, ExpectedSampleRateHz);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Data = reader.ReadBytes(); break;
                    case 16: ExpectedSampleRateHz = reader.ReadInt32(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One clip of speech.</summary>
    public sealed class Audio : Message
    {
        object _source;
        public enum SourceOneofCase { None, Encoded, Pcm }
        /// <summary>Which one is set.</summary>
        public SourceOneofCase SourceCase { get; private set; }
        /// <summary>A file's bytes.</summary>
        public EncodedAudio Encoded
        {
            get => SourceCase == SourceOneofCase.Encoded ? (EncodedAudio)_source : null;
            set { _source = value; SourceCase = value == null ? SourceOneofCase.None : SourceOneofCase.Encoded; }
        }
        /// <summary>Raw samples.</summary>
        public PcmAudio Pcm
        {
            get => SourceCase == SourceOneofCase.Pcm ? (PcmAudio)_source : null;
            set { _source = value; SourceCase = value == null ? SourceOneofCase.None : SourceOneofCase.Pcm; }
        }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Encoded);
            writer.WriteMessage(18, Pcm);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Encoded = reader.ReadMessage(Encoded ?? new EncodedAudio()); break;
                    case 18: Pcm = reader.ReadMessage(Pcm ?? new PcmAudio()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }
}
