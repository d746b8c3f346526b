// Made from frames.proto by `python3 dev.py stubs`; changes here are lost.
// A motion on the wire: one header, blocks of frames, one summary.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>What a channel's numbers are.</summary>
    public enum ChannelKind
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,
        /// <summary>Position of the root joint, x y z, in the coordinate system's length unit. Height is above the floor on which the model or
        /// the file stands.</summary>
        RootTranslation = 1,
        /// <summary>For each joint its rotation relative to its parent, a unit quaternion x y z w. The sign of a quaternion may change from one
        /// frame to the next: q and -q are the same rotation.</summary>
        JointRotations = 2,
        /// <summary>For each face curve its weight: 0 at rest, 1 at its full shape. Curve adjustments may lead beyond both.</summary>
        Curves = 3,
        /// <summary>For each joint its position in the parent's frame, x y z, in place of its rest translation. Not sent yet.</summary>
        JointTranslations = 4,
        /// <summary>For each joint whether it touches the floor, 0 to 1. Not sent yet.</summary>
        Contacts = 5,
        /// <summary>The point that the eyes look at, x y z. Not sent yet.</summary>
        GazeTarget = 6,
    }

    /// <summary>How a channel's numbers are stored. All are little-endian.</summary>
    public enum ChannelEncoding
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,
        /// <summary>IEEE 754 32-bit floats: 4 bytes a number.</summary>
        Float32 = 1,
        /// <summary>IEEE 754 16-bit floats: 2 bytes a number.</summary>
        Float16 = 2,
        /// <summary>Quaternions in three unsigned 16-bit words, 6 bytes for four numbers. The component that is largest without its sign is
        /// left out: its place (0 to 3 for x y z w) is 2 * the top bit of the second word + the top bit of the first. The low 15
        /// bits of the words are the other components, in order: (bits - 16384) / 16384 / sqrt(2). The one left out is positive and
        /// makes the length 1.</summary>
        Quaternion48 = 3,
        /// <summary>One unsigned byte a number: byte / 255.</summary>
        Unorm8 = 4,
    }

    /// <summary>How a caller wants frames to be stored. MotionHeader.channels says what came of it.</summary>
    public enum FrameEncoding
    {
        /// <summary>The same as FRAME_ENCODING_FLOAT32.</summary>
        Unspecified = 0,
        /// <summary>32-bit floats alone: a frame can be copied into an array of floats.</summary>
        Float32 = 1,
        /// <summary>16-bit floats; the root's translation in 32 bits.</summary>
        Float16 = 2,
        /// <summary>Rotations as QUATERNION48 (at most 0.02 degrees off), weights that stay within 0 and 1 as UNORM8 (at most 0.002 off),
        /// others as FLOAT16; the root's translation as FLOAT32. A third of FLOAT32. Of a face alone (MotionOptions.parts) its
        /// weights and no joints.</summary>
        Compact = 3,
    }

    /// <summary>Numbers that every frame has, in one place and one form.</summary>
    public sealed class Channel : Message
    {
        /// <summary>"root_translation", "joint_rotations", "curves", or what a later version adds.</summary>
        public string Name { get; set; } = "";
        /// <summary>What the numbers are. Skip a channel of a kind that you do not know.</summary>
        public ChannelKind Kind { get; set; }
        /// <summary>Numbers in a frame, decoded: 3, 4 for each joint, 1 for each curve.</summary>
        public int Width { get; set; }
        /// <summary>Bytes from the beginning of a frame to the channel.</summary>
        public int Offset { get; set; }
        /// <summary>How the numbers are stored.</summary>
        public ChannelEncoding Encoding { get; set; }
        /// <summary>The joints that a channel is about, as indices into the header's skeleton. Default (empty): all, in order.</summary>
        public List<int> Joints { get; set; } = new List<int>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (Kind != 0) writer.WriteInt32(16, (int)Kind);
            if (Width != 0) writer.WriteInt32(24, Width);
            if (Offset != 0) writer.WriteInt32(32, Offset);
            if (Encoding != 0) writer.WriteInt32(40, (int)Encoding);
            if (Joints.Count > 0) { int at = writer.Begin(50); foreach (var one in Joints) writer.WriteInt32(one); writer.End(at); }
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 16: Kind = (ChannelKind)reader.ReadInt32(); break;
                    case 24: Width = reader.ReadInt32(); break;
                    case 32: Offset = reader.ReadInt32(); break;
                    case 40: Encoding = (ChannelEncoding)reader.ReadInt32(); break;
                    case 48: Joints.Add(reader.ReadInt32()); break;
                    case 50: { int end = reader.Enter(); while (reader.HasMore) Joints.Add(reader.ReadInt32()); reader.Leave(end); break; }
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What the bytes of every frame mean. Sent once, before any frame.</summary>
    public sealed class MotionHeader : Message
    {
        /// <summary>Frames per second; frame k is at k / fps seconds of the audio.</summary>
        public double Fps { get; set; }
        /// <summary>Joints in the order of the rotations; no joints if the motion is a face alone.</summary>
        public Skeleton Skeleton { get; set; }
        /// <summary>The face rig's name in the catalog; empty if there are no curves.</summary>
        public string FaceRig { get; set; } = "";
        /// <summary>Names of the face curves in the order of the weights, for example "jawOpen".</summary>
        public List<string> CurveNames { get; set; } = new List<string>();
        /// <summary>Axes and unit of the skeleton and of every frame.</summary>
        public CoordinateSystem CoordinateSystem { get; set; }
        /// <summary>What a frame holds, in the order of the bytes. Where there are joints but no channel for their rotations or the root's
        /// translation, they are in their rest pose.</summary>
        public List<Channel> Channels { get; set; } = new List<Channel>();
        /// <summary>Size of one frame.</summary>
        public int BytesPerFrame { get; set; }
        /// <summary>Frames to come; 0 if not known yet.</summary>
        public long FrameCount { get; set; }
        /// <summary>The model that makes the motion; empty for a conversion.</summary>
        public string Model { get; set; } = "";
        /// <summary>The model's version.</summary>
        public string ModelVersion { get; set; } = "";
        /// <summary>The speaker used; empty if the model has none.</summary>
        public string Speaker { get; set; } = "";
        /// <summary>The seed used.</summary>
        public ulong Seed { get; set; }
        /// <summary>Seconds of audio after a frame's own time that the frame depends on.</summary>
        public double LookAheadSeconds { get; set; }
        /// <summary>Names this call in the server's log; errors carry it too. The caller's own x-request-id, if it sent one.</summary>
        public string RequestId { get; set; } = "";
        /// <summary>What a person should know and need not act on, for example that an MP3 was named .wav, or which fields of the request this
        /// server does not know.</summary>
        public List<string> Notes { get; set; } = new List<string>();
        /// <summary>The labels of the request.</summary>
        public Dictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();
        /// <summary>What this server can do beyond the first version of the contract; see GetCatalogResponse.features.</summary>
        public List<string> Features { get; set; } = new List<string>();
        /// <summary>Index of the first frame to come: 0 unless a stream is resumed.</summary>
        public long FirstFrame { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(Fps)) writer.WriteDouble(9, Fps);
            writer.WriteMessage(18, Skeleton);
            if (!string.IsNullOrEmpty(FaceRig)) writer.WriteString(26, FaceRig);
            foreach (var one in CurveNames) writer.WriteString(34, one);
            writer.WriteMessage(42, CoordinateSystem);
            foreach (var one in Channels) writer.WriteMessage(50, one);
            if (BytesPerFrame != 0) writer.WriteInt32(56, BytesPerFrame);
            if (FrameCount != 0) writer.WriteInt64(64, FrameCount);
            if (!string.IsNullOrEmpty(Model)) writer.WriteString(74, Model);
            if (!string.IsNullOrEmpty(ModelVersion)) writer.WriteString(82, ModelVersion);
            if (!string.IsNullOrEmpty(Speaker)) writer.WriteString(90, Speaker);
            if (Seed != 0) writer.WriteUInt64(96, Seed);
            if (!Wire.IsZero(LookAheadSeconds)) writer.WriteDouble(105, LookAheadSeconds);
            if (!string.IsNullOrEmpty(RequestId)) writer.WriteString(114, RequestId);
            foreach (var one in Notes) writer.WriteString(122, one);
            writer.WriteMap(130, Labels);
            foreach (var one in Features) writer.WriteString(138, one);
            if (FirstFrame != 0) writer.WriteInt64(144, FirstFrame);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: Fps = reader.ReadDouble(); break;
                    case 18: Skeleton = reader.ReadMessage(Skeleton ?? new Skeleton()); break;
                    case 26: FaceRig = reader.ReadString(); break;
                    case 34: CurveNames.Add(reader.ReadString()); break;
                    case 42: CoordinateSystem = reader.ReadMessage(CoordinateSystem ?? new CoordinateSystem()); break;
                    case 50: Channels.Add(reader.ReadMessage(new Channel())); break;
                    case 56: BytesPerFrame = reader.ReadInt32(); break;
                    case 64: FrameCount = reader.ReadInt64(); break;
                    case 74: Model = reader.ReadString(); break;
                    case 82: ModelVersion = reader.ReadString(); break;
                    case 90: Speaker = reader.ReadString(); break;
                    case 96: Seed = reader.ReadUInt64(); break;
                    case 105: LookAheadSeconds = reader.ReadDouble(); break;
                    case 114: RequestId = reader.ReadString(); break;
                    case 122: Notes.Add(reader.ReadString()); break;
                    case 130: reader.ReadMap(Labels); break;
                    case 138: Features.Add(reader.ReadString()); break;
                    case 144: FirstFrame = reader.ReadInt64(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Consecutive frames, at most 1 MiB.</summary>
    public sealed class FrameBlock : Message
    {
        /// <summary>Index of the first frame; blocks come in order and leave no gap. After an interrupt that says what was played, the block
        /// after its utterance_end may begin before the last one's end: its frames replace those that were not played.</summary>
        public long FirstFrame { get; set; }
        /// <summary>Frames in this block, at least 1.</summary>
        public int FrameCount { get; set; }
        /// <summary>frame_count * MotionHeader.bytes_per_frame bytes, frame after frame, each as MotionHeader.channels says.</summary>
        public Bytes Data { get; set; }
        /// <summary>In StreamMotion: nobody speaks in these frames. A block is of one kind.</summary>
        public bool Idle { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (FirstFrame != 0) writer.WriteInt64(8, FirstFrame);
            if (FrameCount != 0) writer.WriteInt32(16, FrameCount);
            if (Data.Count > 0) writer.WriteBytes(26, Data);
            if (Idle) writer.WriteBool(32, Idle);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: FirstFrame = reader.ReadInt64(); break;
                    case 16: FrameCount = reader.ReadInt32(); break;
                    case 26: Data = reader.ReadBytes(); break;
                    case 32: Idle = reader.ReadBool(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Where the time went. Seconds on the server's clock.</summary>
    public sealed class Timings : Message
    {
        /// <summary>Waiting for a free worker.</summary>
        public double QueueSeconds { get; set; }
        /// <summary>Decoding and resampling audio, or reading a file.</summary>
        public double DecodeSeconds { get; set; }
        /// <summary>Model and conversion.</summary>
        public double ComputeSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(QueueSeconds)) writer.WriteDouble(9, QueueSeconds);
            if (!Wire.IsZero(DecodeSeconds)) writer.WriteDouble(17, DecodeSeconds);
            if (!Wire.IsZero(ComputeSeconds)) writer.WriteDouble(25, ComputeSeconds);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: QueueSeconds = reader.ReadDouble(); break;
                    case 17: DecodeSeconds = reader.ReadDouble(); break;
                    case 25: ComputeSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Sent once, after the last frame.</summary>
    public sealed class MotionSummary : Message
    {
        /// <summary>Frames that were sent.</summary>
        public long FrameCount { get; set; }
        /// <summary>Length of the audio.</summary>
        public double AudioSeconds { get; set; }
        /// <summary>Where the time went.</summary>
        public Timings Timings { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (FrameCount != 0) writer.WriteInt64(8, FrameCount);
            if (!Wire.IsZero(AudioSeconds)) writer.WriteDouble(17, AudioSeconds);
            writer.WriteMessage(26, Timings);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: FrameCount = reader.ReadInt64(); break;
                    case 17: AudioSeconds = reader.ReadDouble(); break;
                    case 26: Timings = reader.ReadMessage(Timings ?? new Timings()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }
}
