// Made from convert.proto by `python3 dev.py stubs`; changes here are lost.
// A motion file in, another file or frames out.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>Deliver frames instead of a file.</summary>
    public sealed class FrameOutput : Message
    {
        /// <summary>How frames are stored. Default: FRAME_ENCODING_FLOAT32.</summary>
        public FrameEncoding Encoding { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Encoding != 0) writer.WriteInt32(8, (int)Encoding);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Encoding = (FrameEncoding)reader.ReadInt32(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Deliver a file.</summary>
    public sealed class FileOutput : Message
    {
        /// <summary>A format's name in the catalog, for example "bvh". Required.</summary>
        public string Format { get; set; } = "";

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Format)) writer.WriteString(10, Format);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Format = reader.ReadString(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A file and what to make of it.</summary>
    public sealed class ConvertRequest : Message
    {
        object _output;
        public enum OutputOneofCase { None, File, Frames }
        /// <summary>Which one is set.</summary>
        public OutputOneofCase OutputCase { get; private set; }
        /// <summary>The file's bytes. Required.</summary>
        public Bytes Data { get; set; }
        /// <summary>A format's name in the catalog. Default (empty): told from the content.</summary>
        public string SourceFormat { get; set; } = "";
        /// <summary>A file.</summary>
        public FileOutput File
        {
            get => OutputCase == OutputOneofCase.File ? (FileOutput)_output : null;
            set { _output = value; OutputCase = value == null ? OutputOneofCase.None : OutputOneofCase.File; }
        }
        /// <summary>Frames, as MotionService sends them.</summary>
        public FrameOutput Frames
        {
            get => OutputCase == OutputOneofCase.Frames ? (FrameOutput)_output : null;
            set { _output = value; OutputCase = value == null ? OutputOneofCase.None : OutputOneofCase.Frames; }
        }
        /// <summary>What to change. Default: nothing.</summary>
        public MotionOptions Options { get; set; }
        /// <summary>Words of the caller's, given back in the header: at most 16, of at most 256 characters.</summary>
        public Dictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

        public override void WriteTo(WireWriter writer)
        {
            if (Data.Count > 0) writer.WriteBytes(10, Data);
            if (!string.IsNullOrEmpty(SourceFormat)) writer.WriteString(18, SourceFormat);
            writer.WriteMessage(26, File);
            writer.WriteMessage(34, Frames);
            writer.WriteMessage(42, Options);
            writer.WriteMap(50, Labels);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Data = reader.ReadBytes(); break;
                    case 18: SourceFormat = reader.ReadString(); break;
                    case 26: File = reader.ReadMessage(File ?? new FileOutput()); break;
                    case 34: Frames = reader.ReadMessage(Frames ?? new FrameOutput()); break;
                    case 42: Options = reader.ReadMessage(Options ?? new MotionOptions()); break;
                    case 50: reader.ReadMap(Labels); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What was read and what is coming.</summary>
    public sealed class ConvertHeader : Message
    {
        /// <summary>The format that was read.</summary>
        public string SourceFormat { get; set; } = "";
        /// <summary>Frames of the result.</summary>
        public long FrameCount { get; set; }
        /// <summary>Frames per second of the result.</summary>
        public double Fps { get; set; }
        /// <summary>Name ending of the result with its dot, for example ".bvh"; empty for frames.</summary>
        public string Extension { get; set; } = "";
        /// <summary>What the target format cannot hold and other notes for a person.</summary>
        public List<string> Notes { get; set; } = new List<string>();
        /// <summary>Names this call in the server's log.</summary>
        public string RequestId { get; set; } = "";
        /// <summary>The labels of the request.</summary>
        public Dictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(SourceFormat)) writer.WriteString(10, SourceFormat);
            if (FrameCount != 0) writer.WriteInt64(16, FrameCount);
            if (!Wire.IsZero(Fps)) writer.WriteDouble(25, Fps);
            if (!string.IsNullOrEmpty(Extension)) writer.WriteString(34, Extension);
            foreach (var one in Notes) writer.WriteString(42, one);
            if (!string.IsNullOrEmpty(RequestId)) writer.WriteString(50, RequestId);
            writer.WriteMap(58, Labels);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: SourceFormat = reader.ReadString(); break;
                    case 16: FrameCount = reader.ReadInt64(); break;
                    case 25: Fps = reader.ReadDouble(); break;
                    case 34: Extension = reader.ReadString(); break;
                    case 42: Notes.Add(reader.ReadString()); break;
                    case 50: RequestId = reader.ReadString(); break;
                    case 58: reader.ReadMap(Labels); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Part of a file. Joined in order, the chunks are the file.</summary>
    public sealed class FileChunk : Message
    {
        /// <summary>At most 1 MiB.</summary>
        public Bytes Data { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Data.Count > 0) writer.WriteBytes(10, Data);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Data = reader.ReadBytes(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Sent once, last.</summary>
    public sealed class ConvertSummary : Message
    {
        /// <summary>Frames written.</summary>
        public long FrameCount { get; set; }
        /// <summary>Size of the file; 0 for frames.</summary>
        public long ByteCount { get; set; }
        /// <summary>Where the time went.</summary>
        public Timings Timings { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (FrameCount != 0) writer.WriteInt64(8, FrameCount);
            if (ByteCount != 0) writer.WriteInt64(16, ByteCount);
            writer.WriteMessage(26, Timings);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: FrameCount = reader.ReadInt64(); break;
                    case 16: ByteCount = reader.ReadInt64(); break;
                    case 26: Timings = reader.ReadMessage(Timings ?? new Timings()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One part of the answer.</summary>
    public sealed class ConvertResponse : Message
    {
        object _message;
        public enum MessageOneofCase { None, Header, Chunk, MotionHeader, Frames, Summary }
        /// <summary>Which one is set.</summary>
        public MessageOneofCase MessageCase { get; private set; }
        /// <summary>First, once.</summary>
        public ConvertHeader Header
        {
            get => MessageCase == MessageOneofCase.Header ? (ConvertHeader)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Header; }
        }
        /// <summary>The file's parts, in order.</summary>
        public FileChunk Chunk
        {
            get => MessageCase == MessageOneofCase.Chunk ? (FileChunk)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Chunk; }
        }
        /// <summary>Before the first frame block, if frames were asked for.</summary>
        public MotionHeader MotionHeader
        {
            get => MessageCase == MessageOneofCase.MotionHeader ? (MotionHeader)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.MotionHeader; }
        }
        /// <summary>Frames, in order.</summary>
        public FrameBlock Frames
        {
            get => MessageCase == MessageOneofCase.Frames ? (FrameBlock)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Frames; }
        }
        /// <summary>Last, once.</summary>
        public ConvertSummary Summary
        {
            get => MessageCase == MessageOneofCase.Summary ? (ConvertSummary)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Summary; }
        }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Header);
            writer.WriteMessage(18, Chunk);
            writer.WriteMessage(26, MotionHeader);
            writer.WriteMessage(34, Frames);
            writer.WriteMessage(42, Summary);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Header = reader.ReadMessage(Header ?? new ConvertHeader()); break;
                    case 18: Chunk = reader.ReadMessage(Chunk ?? new FileChunk()); break;
                    case 26: MotionHeader = reader.ReadMessage(MotionHeader ?? new MotionHeader()); break;
                    case 34: Frames = reader.ReadMessage(Frames ?? new FrameBlock()); break;
                    case 42: Summary = reader.ReadMessage(Summary ?? new ConvertSummary()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The paths of its calls.</summary>
    public static class ConvertPaths
    {
        public const string Convert = "/pantomatrix.v1.ConvertService/Convert";
    }
}
