// Made from catalog.proto by `python3 dev.py stubs`; changes here are lost.
// What this server can do: all that an editor needs to fill its menus.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>Nothing to say.</summary>
    public sealed class GetCatalogRequest : Message
    {

        public override void WriteTo(WireWriter writer)
        {
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A voice or style that a model knows.</summary>
    public sealed class SpeakerInfo : Message
    {
        /// <summary>What to put into MotionOptions.speaker.</summary>
        public string Id { get; set; } = "";
        /// <summary>For people.</summary>
        public string DisplayName { get; set; } = "";

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Id)) writer.WriteString(10, Id);
            if (!string.IsNullOrEmpty(DisplayName)) writer.WriteString(18, DisplayName);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Id = reader.ReadString(); break;
                    case 18: DisplayName = reader.ReadString(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A model.</summary>
    public sealed class ModelInfo : Message
    {
        /// <summary>What to put into MotionOptions.model.</summary>
        public string Name { get; set; } = "";
        /// <summary>One or two sentences for people: what it is, what it is trained on, if at all.</summary>
        public string Description { get; set; } = "";
        /// <summary>Changes whenever the same input may give another motion.</summary>
        public string Version { get; set; } = "";
        /// <summary>Parts that it moves.</summary>
        public List<BodyPart> Parts { get; set; } = new List<BodyPart>();
        /// <summary>At least one; the first is the default.</summary>
        public List<SpeakerInfo> Speakers { get; set; } = new List<SpeakerInfo>();
        /// <summary>The skeleton it moves, a name in the catalog.</summary>
        public string Skeleton { get; set; } = "";
        /// <summary>The face rig it moves; empty if it has no face.</summary>
        public string FaceRig { get; set; } = "";
        /// <summary>Frames per second if none are asked for.</summary>
        public double DefaultFps { get; set; }
        /// <summary>Sample rate that it hears, hertz. Callers may send any; the server resamples.</summary>
        public int SampleRateHz { get; set; }
        /// <summary>Seconds of audio after a frame's own time that the frame depends on.</summary>
        public double LookAheadSeconds { get; set; }
        /// <summary>Whether StreamMotion serves it.</summary>
        public bool Streaming { get; set; }
        /// <summary>Whether it honours MotionOptions.constraints.</summary>
        public bool Constraints { get; set; }
        /// <summary>SPDX identifier or name of the terms of its weights; empty if it has none.</summary>
        public string WeightsLicense { get; set; } = "";
        /// <summary>The look-ahead of a live stream whose caller does not set it, seconds.</summary>
        public double LiveLookAheadSeconds { get; set; }
        /// <summary>Whether it honours MotionOptions.gestures.</summary>
        public bool Gestures { get; set; }
        /// <summary>Names of the emotions that it can show; none if it does not honour MotionOptions.emotions.</summary>
        public List<string> Emotions { get; set; } = new List<string>();
        /// <summary>Whether it honours MotionOptions.timed_text and AudioChunk.timed_text.</summary>
        public bool TimedText { get; set; }
        /// <summary>Names of its rest expressions, the usual one first; none if it does not honour MotionOptions.expression.</summary>
        public List<string> Expressions { get; set; } = new List<string>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (!string.IsNullOrEmpty(Description)) writer.WriteString(18, Description);
            if (!string.IsNullOrEmpty(Version)) writer.WriteString(26, Version);
            if (Parts.Count > 0) { int at = writer.Begin(34); foreach (var one in Parts) writer.WriteInt32((int)one); writer.End(at); }
            foreach (var one in Speakers) writer.WriteMessage(42, one);
            if (!string.IsNullOrEmpty(Skeleton)) writer.WriteString(50, Skeleton);
            if (!string.IsNullOrEmpty(FaceRig)) writer.WriteString(58, FaceRig);
            if (!Wire.IsZero(DefaultFps)) writer.WriteDouble(65, DefaultFps);
            if (SampleRateHz != 0) writer.WriteInt32(72, SampleRateHz);
            if (!Wire.IsZero(LookAheadSeconds)) writer.WriteDouble(81, LookAheadSeconds);
            if (Streaming) writer.WriteBool(88, Streaming);
            if (Constraints) writer.WriteBool(96, Constraints);
            if (!string.IsNullOrEmpty(WeightsLicense)) writer.WriteString(106, WeightsLicense);
            if (!Wire.IsZero(LiveLookAheadSeconds)) writer.WriteDouble(113, LiveLookAheadSeconds);
            if (Gestures) writer.WriteBool(120, Gestures);
            foreach (var one in Emotions) writer.WriteString(130, one);
            if (TimedText) writer.WriteBool(136, TimedText);
            foreach (var one in Expressions) writer.WriteString(146, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 18: Description = reader.ReadString(); break;
                    case 26: Version = reader.ReadString(); break;
                    case 32: Parts.Add((BodyPart)reader.ReadInt32()); break;
                    case 34: { int end = reader.Enter(); while (reader.HasMore) Parts.Add((BodyPart)reader.ReadInt32()); reader.Leave(end); break; }
                    case 42: Speakers.Add(reader.ReadMessage(new SpeakerInfo())); break;
                    case 50: Skeleton = reader.ReadString(); break;
                    case 58: FaceRig = reader.ReadString(); break;
                    case 65: DefaultFps = reader.ReadDouble(); break;
                    case 72: SampleRateHz = reader.ReadInt32(); break;
                    case 81: LookAheadSeconds = reader.ReadDouble(); break;
                    case 88: Streaming = reader.ReadBool(); break;
                    case 96: Constraints = reader.ReadBool(); break;
                    case 106: WeightsLicense = reader.ReadString(); break;
                    case 113: LiveLookAheadSeconds = reader.ReadDouble(); break;
                    case 120: Gestures = reader.ReadBool(); break;
                    case 130: Emotions.Add(reader.ReadString()); break;
                    case 136: TimedText = reader.ReadBool(); break;
                    case 146: Expressions.Add(reader.ReadString()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A set of named face curves.</summary>
    public sealed class FaceRigInfo : Message
    {
        /// <summary>What to put into MotionOptions.face_rig.</summary>
        public string Name { get; set; } = "";
        /// <summary>For people.</summary>
        public string Description { get; set; } = "";
        /// <summary>Curves in the order of the weights.</summary>
        public List<string> CurveNames { get; set; } = new List<string>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (!string.IsNullOrEmpty(Description)) writer.WriteString(18, Description);
            foreach (var one in CurveNames) writer.WriteString(26, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 18: Description = reader.ReadString(); break;
                    case 26: CurveNames.Add(reader.ReadString()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What a file format can hold.</summary>
    public sealed class FormatInfo : Message
    {
        /// <summary>What to put into FileOutput.format.</summary>
        public string Name { get; set; } = "";
        /// <summary>For people.</summary>
        public string Description { get; set; } = "";
        /// <summary>Name endings with their dot, the usual one first. Several formats may share one.</summary>
        public List<string> Extensions { get; set; } = new List<string>();
        /// <summary>Whether it can be a source.</summary>
        public bool Readable { get; set; }
        /// <summary>Whether it can be a target.</summary>
        public bool Writable { get; set; }
        /// <summary>Whether it holds joints.</summary>
        public bool Body { get; set; }
        /// <summary>Whether it holds face curves.</summary>
        public bool Face { get; set; }
        /// <summary>Whether it can be written in any coordinate system.</summary>
        public bool AnyCoordinates { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (!string.IsNullOrEmpty(Description)) writer.WriteString(18, Description);
            foreach (var one in Extensions) writer.WriteString(26, one);
            if (Readable) writer.WriteBool(32, Readable);
            if (Writable) writer.WriteBool(40, Writable);
            if (Body) writer.WriteBool(48, Body);
            if (Face) writer.WriteBool(56, Face);
            if (AnyCoordinates) writer.WriteBool(64, AnyCoordinates);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 18: Description = reader.ReadString(); break;
                    case 26: Extensions.Add(reader.ReadString()); break;
                    case 32: Readable = reader.ReadBool(); break;
                    case 40: Writable = reader.ReadBool(); break;
                    case 48: Body = reader.ReadBool(); break;
                    case 56: Face = reader.ReadBool(); break;
                    case 64: AnyCoordinates = reader.ReadBool(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A feeling that a model can show.</summary>
    public sealed class EmotionInfo : Message
    {
        /// <summary>What to put into EmotionStrength.emotion.</summary>
        public string Name { get; set; } = "";
        /// <summary>For people: what is seen of it.</summary>
        public string Description { get; set; } = "";

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (!string.IsNullOrEmpty(Description)) writer.WriteString(18, Description);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 18: Description = reader.ReadString(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What this server refuses or ends. docs/reference/contract.md says with which status.</summary>
    public sealed class Limits : Message
    {
        /// <summary>Bytes in one request message.</summary>
        public long MaxMessageBytes { get; set; }
        /// <summary>Length of one clip.</summary>
        public double MaxClipSeconds { get; set; }
        /// <summary>Clips computed at once.</summary>
        public int MaxConcurrentClips { get; set; }
        /// <summary>Clips that may wait for a worker.</summary>
        public int MaxQueuedClips { get; set; }
        /// <summary>Joints in a skeleton.</summary>
        public int MaxJoints { get; set; }
        /// <summary>Frames in one converted file.</summary>
        public long MaxFrames { get; set; }
        /// <summary>Live streams at once in one process.</summary>
        public int MaxStreams { get; set; }
        /// <summary>Length of one audio chunk of a live stream.</summary>
        public double MaxChunkSeconds { get; set; }
        /// <summary>Audio of a live stream that waits to be played; the server reads no further while there is more.</summary>
        public double MaxWaitingSeconds { get; set; }
        /// <summary>Bytes in one block of frames or piece of a file.</summary>
        public int MaxBlockBytes { get; set; }
        /// <summary>A live caller that says nothing for so long, first or in mid-utterance, is cut off.</summary>
        public double SilentCallerSeconds { get; set; }
        /// <summary>A caller that takes nothing of an answer for so long is cut off.</summary>
        public double ReaderTimeoutSeconds { get; set; }
        /// <summary>How long calls under way may go on after the server was told to stop.</summary>
        public double DrainSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (MaxMessageBytes != 0) writer.WriteInt64(8, MaxMessageBytes);
            if (!Wire.IsZero(MaxClipSeconds)) writer.WriteDouble(17, MaxClipSeconds);
            if (MaxConcurrentClips != 0) writer.WriteInt32(24, MaxConcurrentClips);
            if (MaxQueuedClips != 0) writer.WriteInt32(32, MaxQueuedClips);
            if (MaxJoints != 0) writer.WriteInt32(40, MaxJoints);
            if (MaxFrames != 0) writer.WriteInt64(48, MaxFrames);
            if (MaxStreams != 0) writer.WriteInt32(56, MaxStreams);
            if (!Wire.IsZero(MaxChunkSeconds)) writer.WriteDouble(65, MaxChunkSeconds);
            if (!Wire.IsZero(MaxWaitingSeconds)) writer.WriteDouble(73, MaxWaitingSeconds);
            if (MaxBlockBytes != 0) writer.WriteInt32(80, MaxBlockBytes);
            if (!Wire.IsZero(SilentCallerSeconds)) writer.WriteDouble(89, SilentCallerSeconds);
            if (!Wire.IsZero(ReaderTimeoutSeconds)) writer.WriteDouble(97, ReaderTimeoutSeconds);
            if (!Wire.IsZero(DrainSeconds)) writer.WriteDouble(105, DrainSeconds);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: MaxMessageBytes = reader.ReadInt64(); break;
                    case 17: MaxClipSeconds = reader.ReadDouble(); break;
                    case 24: MaxConcurrentClips = reader.ReadInt32(); break;
                    case 32: MaxQueuedClips = reader.ReadInt32(); break;
                    case 40: MaxJoints = reader.ReadInt32(); break;
                    case 48: MaxFrames = reader.ReadInt64(); break;
                    case 56: MaxStreams = reader.ReadInt32(); break;
                    case 65: MaxChunkSeconds = reader.ReadDouble(); break;
                    case 73: MaxWaitingSeconds = reader.ReadDouble(); break;
                    case 80: MaxBlockBytes = reader.ReadInt32(); break;
                    case 89: SilentCallerSeconds = reader.ReadDouble(); break;
                    case 97: ReaderTimeoutSeconds = reader.ReadDouble(); break;
                    case 105: DrainSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The whole catalog.</summary>
    public sealed class GetCatalogResponse : Message
    {
        /// <summary>Version of the server.</summary>
        public string ServerVersion { get; set; } = "";
        /// <summary>The default first.</summary>
        public List<ModelInfo> Models { get; set; } = new List<ModelInfo>();
        /// <summary>With their rest poses, in canonical axes and metres.</summary>
        public List<Skeleton> Skeletons { get; set; } = new List<Skeleton>();
        /// <summary>Face rigs.</summary>
        public List<FaceRigInfo> FaceRigs { get; set; } = new List<FaceRigInfo>();
        /// <summary>File formats.</summary>
        public List<FormatInfo> Formats { get; set; } = new List<FormatInfo>();
        /// <summary>Named coordinate systems.</summary>
        public List<CoordinateSystem> CoordinateSystems { get; set; } = new List<CoordinateSystem>();
        /// <summary>Limits in force.</summary>
        public Limits Limits { get; set; }
        /// <summary>What the models can show.</summary>
        public List<EmotionInfo> Emotions { get; set; } = new List<EmotionInfo>();
        /// <summary>What this server can do beyond the first version of the contract, by names that docs/reference/contract.md lists: what is
        /// not named here, an older server does not do.</summary>
        public List<string> Features { get; set; } = new List<string>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(ServerVersion)) writer.WriteString(10, ServerVersion);
            foreach (var one in Models) writer.WriteMessage(18, one);
            foreach (var one in Skeletons) writer.WriteMessage(26, one);
            foreach (var one in FaceRigs) writer.WriteMessage(34, one);
            foreach (var one in Formats) writer.WriteMessage(42, one);
            foreach (var one in CoordinateSystems) writer.WriteMessage(50, one);
            writer.WriteMessage(58, Limits);
            foreach (var one in Emotions) writer.WriteMessage(66, one);
            foreach (var one in Features) writer.WriteString(74, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: ServerVersion = reader.ReadString(); break;
                    case 18: Models.Add(reader.ReadMessage(new ModelInfo())); break;
                    case 26: Skeletons.Add(reader.ReadMessage(new Skeleton())); break;
                    case 34: FaceRigs.Add(reader.ReadMessage(new FaceRigInfo())); break;
                    case 42: Formats.Add(reader.ReadMessage(new FormatInfo())); break;
                    case 50: CoordinateSystems.Add(reader.ReadMessage(new CoordinateSystem())); break;
                    case 58: Limits = reader.ReadMessage(Limits ?? new Limits()); break;
                    case 66: Emotions.Add(reader.ReadMessage(new EmotionInfo())); break;
                    case 74: Features.Add(reader.ReadString()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The paths of its calls.</summary>
    public static class CatalogPaths
    {
        public const string GetCatalog = "/pantomatrix.v1.CatalogService/GetCatalog";
    }
}
