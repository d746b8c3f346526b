// Made from options.proto by `python3 dev.py stubs`; changes here are lost.
// What a caller may ask of a motion, made from speech or read from a file. Every field may be left out.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>A part of the body that a model can move.</summary>
    public enum BodyPart
    {
        /// <summary>Not said: refused with INVALID_ARGUMENT.</summary>
        Unspecified = 0,
        /// <summary>Blendshapes, jaw and eyes.</summary>
        Face = 1,
        /// <summary>Spine, neck, head, collars, arms to the wrists.</summary>
        UpperBody = 2,
        /// <summary>Fingers.</summary>
        Hands = 3,
        /// <summary>Pelvis rotation, legs and feet.</summary>
        LowerBody = 4,
        /// <summary>The root's way through the world.</summary>
        Translation = 5,
    }

    /// <summary>What the root does.</summary>
    public enum RootMode
    {
        /// <summary>The same as ROOT_MODE_FREE.</summary>
        Unspecified = 0,
        /// <summary>As the model or the file moves it.</summary>
        Free = 1,
        /// <summary>The horizontal position stays at the start; height and rotation are as they were.</summary>
        InPlace = 2,
        /// <summary>Position and rotation of the root stay those of the rest pose.</summary>
        Locked = 3,
    }

    /// <summary>Where the floor is.</summary>
    public enum Floor
    {
        /// <summary>The same as FLOOR_KEEP.</summary>
        Unspecified = 0,
        /// <summary>At height 0 of the model or the file: a stage stays a stage. Files whose heights count from the pelvis are put on the floor.</summary>
        Keep = 1,
        /// <summary>Where the lower foot usually is becomes height 0. Needs the whole clip, and is the whole clip's wherever that is cut.</summary>
        Ground = 2,
    }

    /// <summary>What the symbols of timed text name.</summary>
    public enum Alphabet
    {
        /// <summary>Not said: refused with INVALID_ARGUMENT.</summary>
        Unspecified = 0,
        /// <summary>Letters of the International Phonetic Alphabet, of one phone or of a whole word. Marks of length, stress and tone are
        /// ignored.</summary>
        Ipa = 1,
        /// <summary>Phones of CMU's dictionary, for example "AH0"; digits of stress are ignored.</summary>
        Arpabet = 2,
        /// <summary>Kokoro's phonemes: the IPA and its own letters for diphthongs, for example "hˈɛlO".</summary>
        Kokoro = 3,
        /// <summary>Viseme ids of Azure and of SAPI, "0" to "21".</summary>
        AzureVisemes = 4,
        /// <summary>Visemes of OVR LipSync: "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou".</summary>
        OvrVisemes = 5,
        /// <summary>Viseme symbols of Inworld, for example "bmp".</summary>
        InworldVisemes = 6,
        /// <summary>Visemes of Amazon Polly's speech marks, for example "p".</summary>
        PollyVisemes = 7,
        /// <summary>Mouth shapes of Rhubarb Lip Sync, "A" to "H" and "X".</summary>
        RhubarbVisemes = 8,
        /// <summary>Words as they are written, of any language: of each only its time counts. The mouth is shut between two words, and in them
        /// lips follow the sound.</summary>
        Words = 9,
    }

    /// <summary>How a model's own frames lie in time.</summary>
    public enum Timing
    {
        /// <summary>The same as TIMING_EXACT.</summary>
        Unspecified = 0,
        /// <summary>Frame k is at k / fps, however long the clip; nothing of its end is dropped.</summary>
        Exact = 1,
        /// <summary>As the publications' code did it, with its drift: for comparing numbers only.</summary>
        Reference = 2,
    }

    /// <summary>How far a part's motion goes.</summary>
    public sealed class PartStrength : Message
    {
        /// <summary>Required.</summary>
        public BodyPart Part { get; set; }
        /// <summary>Factor on the rotation away from the rest pose (the face: on the weights), 0 to 2.
        /// Default: 1.</summary>
        public float? Gain { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Part != 0) writer.WriteInt32(8, (int)Part);
            if (Gain.HasValue) writer.WriteFloat(21, Gain.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Part = (BodyPart)reader.ReadInt32(); break;
                    case 21: Gain = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A correction of one face curve: clamp(weight * gain + offset, minimum, maximum).</summary>
    public sealed class CurveAdjustment : Message
    {
        /// <summary>The curve's name in the face rig, for example "jawOpen".</summary>
        public string Curve { get; set; } = "";
        /// <summary>Default: 1.</summary>
        public float? Gain { get; set; }
        /// <summary>Default: 0.</summary>
        public float? Offset { get; set; }
        /// <summary>Default: 0.</summary>
        public float? Minimum { get; set; }
        /// <summary>Default: 1.</summary>
        public float? Maximum { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Curve)) writer.WriteString(10, Curve);
            if (Gain.HasValue) writer.WriteFloat(21, Gain.Value);
            if (Offset.HasValue) writer.WriteFloat(29, Offset.Value);
            if (Minimum.HasValue) writer.WriteFloat(37, Minimum.Value);
            if (Maximum.HasValue) writer.WriteFloat(45, Maximum.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Curve = reader.ReadString(); break;
                    case 21: Gain = reader.ReadFloat(); break;
                    case 29: Offset = reader.ReadFloat(); break;
                    case 37: Minimum = reader.ReadFloat(); break;
                    case 45: Maximum = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A rotation that a joint must have.</summary>
    public sealed class JointRotation : Message
    {
        /// <summary>A joint of the model's own skeleton.</summary>
        public string Joint { get; set; } = "";
        /// <summary>Relative to the parent, in the request's coordinate system.</summary>
        public Quaternion Rotation { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Joint)) writer.WriteString(10, Joint);
            writer.WriteMessage(18, Rotation);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Joint = reader.ReadString(); break;
                    case 18: Rotation = reader.ReadMessage(Rotation ?? new Quaternion()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Known joints at one moment: a start pose, an end pose, or a pose that a gesture passes through.</summary>
    public sealed class PoseConstraint : Message
    {
        /// <summary>Seconds of audio time, 0 to the clip's length.</summary>
        public double TimeSeconds { get; set; }
        /// <summary>Joints that are known at that time; the others are free.</summary>
        public List<JointRotation> Rotations { get; set; } = new List<JointRotation>();
        /// <summary>Position of the root, in the request's coordinate system. Default: free.</summary>
        public Vector3 RootTranslation { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(TimeSeconds)) writer.WriteDouble(9, TimeSeconds);
            foreach (var one in Rotations) writer.WriteMessage(18, one);
            writer.WriteMessage(26, RootTranslation);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: TimeSeconds = reader.ReadDouble(); break;
                    case 18: Rotations.Add(reader.ReadMessage(new JointRotation())); break;
                    case 26: RootTranslation = reader.ReadMessage(RootTranslation ?? new Vector3()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>How freely a speaker gestures.</summary>
    public sealed class Gestures : Message
    {
        /// <summary>Factor on how far hands and head go, 0 to 2. Default: 1.</summary>
        public float? Amplitude { get; set; }
        /// <summary>Factor on how many gestures there are, 0.25 to 2. Default: 1.</summary>
        public float? Rate { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Amplitude.HasValue) writer.WriteFloat(13, Amplitude.Value);
            if (Rate.HasValue) writer.WriteFloat(21, Rate.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 13: Amplitude = reader.ReadFloat(); break;
                    case 21: Rate = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What a speaker feels, and how strongly.</summary>
    public sealed class EmotionStrength : Message
    {
        /// <summary>An emotion's name in the catalog, for example "joy".</summary>
        public string Emotion { get; set; } = "";
        /// <summary>0 to 1.</summary>
        public float Strength { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Emotion)) writer.WriteString(10, Emotion);
            if (!Wire.IsZero(Strength)) writer.WriteFloat(21, Strength);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Emotion = reader.ReadString(); break;
                    case 21: Strength = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A phone, viseme or word, and when it is said.</summary>
    public sealed class TimedSymbol : Message
    {
        /// <summary>Of the alphabet. Empty: silence.</summary>
        public string Symbol { get; set; } = "";
        /// <summary>Seconds since the first sample of the speech.</summary>
        public double StartSeconds { get; set; }
        /// <summary>The same. Default: where the next symbol starts.</summary>
        public double? EndSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Symbol)) writer.WriteString(10, Symbol);
            if (!Wire.IsZero(StartSeconds)) writer.WriteDouble(17, StartSeconds);
            if (EndSeconds.HasValue) writer.WriteDouble(25, EndSeconds.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Symbol = reader.ReadString(); break;
                    case 17: StartSeconds = reader.ReadDouble(); break;
                    case 25: EndSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What is said and when, as speech synthesizers tell it. Lips follow it, and the sound says only how wide they open; where no
    /// symbol is, they follow the sound.</summary>
    public sealed class TimedText : Message
    {
        /// <summary>Required.</summary>
        public Alphabet Alphabet { get; set; }
        /// <summary>In the order of their starts, at most 100000. One that the alphabet does not have is refused with INVALID_ARGUMENT.</summary>
        public List<TimedSymbol> Symbols { get; set; } = new List<TimedSymbol>();

        public override void WriteTo(WireWriter writer)
        {
            if (Alphabet != 0) writer.WriteInt32(8, (int)Alphabet);
            foreach (var one in Symbols) writer.WriteMessage(18, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Alphabet = (Alphabet)reader.ReadInt32(); break;
                    case 18: Symbols.Add(reader.ReadMessage(new TimedSymbol())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What a speaker feels from a time on.</summary>
    public sealed class EmotionKey : Message
    {
        /// <summary>Seconds of audio time, from 0, before the clip's end. Each key is later than the one before.</summary>
        public double Seconds { get; set; }
        /// <summary>Each at most once; none: nothing. What was felt before ends, over 0.8 s.</summary>
        public List<EmotionStrength> Emotions { get; set; } = new List<EmotionStrength>();

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(Seconds)) writer.WriteDouble(9, Seconds);
            foreach (var one in Emotions) writer.WriteMessage(18, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: Seconds = reader.ReadDouble(); break;
                    case 18: Emotions.Add(reader.ReadMessage(new EmotionStrength())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Options of a motion. Those that say how it is made from speech (model, speaker, seed, constraints, timing, gestures,
    /// emotions, timed_text, expression) are refused by Convert with INVALID_ARGUMENT, those that say how a file is read (input_up, input_forward,
    /// input_unit, rest_frame, clip) by everything else with FAILED_PRECONDITION. Those that need the whole clip (foot_lock,
    /// start_seconds, end_seconds, smooth_seconds, FLOOR_GROUND) are refused by StreamMotion with FAILED_PRECONDITION; in GenerateMotion frames then come when
    /// all are there. emotion_keys, too, are refused by StreamMotion, whose options change at any time.</summary>
    public sealed class MotionOptions : Message
    {
        object _targetSkeleton;
        object _targetCoordinates;
        public enum TargetSkeletonOneofCase { None, Skeleton, CustomSkeleton }
        /// <summary>Which one is set.</summary>
        public TargetSkeletonOneofCase TargetSkeletonCase { get; private set; }
        public enum TargetCoordinatesOneofCase { None, CoordinateSystem, CustomCoordinateSystem }
        /// <summary>Which one is set.</summary>
        public TargetCoordinatesOneofCase TargetCoordinatesCase { get; private set; }
        /// <summary>A model's name in the catalog. Default (empty): "builtin".</summary>
        public string Model { get; set; } = "";
        /// <summary>A speaker's id in the catalog, which sets the style. Default (empty): the model's first.</summary>
        public string Speaker { get; set; } = "";
        /// <summary>The same audio, options and seed give the same motion. Default: 0.</summary>
        public ulong Seed { get; set; }
        /// <summary>Frames per second, 1 to 240. Default (0): the model's or the file's own. Frame k is at exactly k / fps seconds; those of a
        /// file are interpolated, rotations on the shortest arc.</summary>
        public double Fps { get; set; }
        /// <summary>A skeleton's name in the catalog.</summary>
        public string Skeleton
        {
            get => TargetSkeletonCase == TargetSkeletonOneofCase.Skeleton ? (string)_targetSkeleton : null;
            set { _targetSkeleton = value; TargetSkeletonCase = value == null ? TargetSkeletonOneofCase.None : TargetSkeletonOneofCase.Skeleton; }
        }
        /// <summary>A skeleton of the caller's, in the request's coordinate system.</summary>
        public Skeleton CustomSkeleton
        {
            get => TargetSkeletonCase == TargetSkeletonOneofCase.CustomSkeleton ? (Skeleton)_targetSkeleton : null;
            set { _targetSkeleton = value; TargetSkeletonCase = value == null ? TargetSkeletonOneofCase.None : TargetSkeletonOneofCase.CustomSkeleton; }
        }
        /// <summary>A face rig's name in the catalog. Between FLAME and ARKit the server needs a matrix of its operator's, else
        /// FAILED_PRECONDITION. Default (empty): the model's or the file's own.</summary>
        public string FaceRig { get; set; } = "";
        /// <summary>A coordinate system's name in the catalog.</summary>
        public string CoordinateSystem
        {
            get => TargetCoordinatesCase == TargetCoordinatesOneofCase.CoordinateSystem ? (string)_targetCoordinates : null;
            set { _targetCoordinates = value; TargetCoordinatesCase = value == null ? TargetCoordinatesOneofCase.None : TargetCoordinatesOneofCase.CoordinateSystem; }
        }
        /// <summary>Axes of the caller's.</summary>
        public CoordinateSystem CustomCoordinateSystem
        {
            get => TargetCoordinatesCase == TargetCoordinatesOneofCase.CustomCoordinateSystem ? (CoordinateSystem)_targetCoordinates : null;
            set { _targetCoordinates = value; TargetCoordinatesCase = value == null ? TargetCoordinatesOneofCase.None : TargetCoordinatesOneofCase.CustomCoordinateSystem; }
        }
        /// <summary>The parts to move; the others stay in the rest pose. Default (empty): all that move. A part that does not move is refused
        /// with FAILED_PRECONDITION.</summary>
        public List<BodyPart> Parts { get; set; } = new List<BodyPart>();
        /// <summary>What the root does. Default: ROOT_MODE_FREE.</summary>
        public RootMode RootMode { get; set; }
        /// <summary>Hold feet in place while they touch the floor. Default: false. Needs the whole clip.</summary>
        public bool FootLock { get; set; }
        /// <summary>Strength of single parts; each at most once.</summary>
        public List<PartStrength> PartStrengths { get; set; } = new List<PartStrength>();
        /// <summary>Corrections of single face curves; each at most once.</summary>
        public List<CurveAdjustment> CurveAdjustments { get; set; } = new List<CurveAdjustment>();
        /// <summary>Known poses. Only for models whose ModelInfo.constraints is true.</summary>
        public List<PoseConstraint> Constraints { get; set; } = new List<PoseConstraint>();
        /// <summary>How the model's own frames lie in time. Default: TIMING_EXACT.</summary>
        public Timing Timing { get; set; }
        /// <summary>How freely the speaker gestures. Only for models whose ModelInfo.gestures is true.</summary>
        public Gestures Gestures { get; set; }
        /// <summary>What the speaker feels; each at most once. Above 1 together they count in proportion. Only for models whose
        /// ModelInfo.emotions names any.</summary>
        public List<EmotionStrength> Emotions { get; set; } = new List<EmotionStrength>();
        /// <summary>Joint -&gt; role (see Joint.role) of the motion's own skeleton. Default (empty): told from names and hierarchy.</summary>
        public Dictionary<string, string> SourceJointMap { get; set; } = new Dictionary<string, string>();
        /// <summary>Begin at this second. Default: 0. Needs the whole clip.</summary>
        public double StartSeconds { get; set; }
        /// <summary>End at this second. Default (0): the end. Needs the whole clip.</summary>
        public double EndSeconds { get; set; }
        /// <summary>Exchange left and right. Default: false.</summary>
        public bool Mirror { get; set; }
        /// <summary>Average over time under a Gaussian of this standard deviation, seconds, 0 to 2. Default (0): not at all. Needs the whole
        /// clip.</summary>
        public double SmoothSeconds { get; set; }
        /// <summary>Multiply the size of the body by this factor, 0.001 to 1000. Default: 1.</summary>
        public double? Scale { get; set; }
        /// <summary>Where the floor is. Default: FLOOR_KEEP.</summary>
        public Floor Floor { get; set; }
        /// <summary>The axis of the file that points up: "x", "-x", "y", "-y", "z", "-z". Default (empty): what the format says; in formats that
        /// say nothing (BVH) told from the body, with a note.</summary>
        public string InputUp { get; set; } = "";
        /// <summary>The axis of the file that lies along +Z of canonical axes, in which bodies face +Z. Default (empty): the format's; for Z up
        /// -Y, as in Blender.</summary>
        public string InputForward { get; set; } = "";
        /// <summary>The unit of the file: "m", "dm", "cm", "mm", "in", "ft", or its length in metres as a number. Default (empty): what the
        /// format says; in formats that say nothing (BVH) told from the body's size, with a note.</summary>
        public string InputUnit { get; set; } = "";
        /// <summary>The frame of the file, counted from 0, whose pose becomes the rest pose: one in which the body stands in a T or at ease.
        /// Default: the file's own rest pose.</summary>
        public int? RestFrame { get; set; }
        /// <summary>Hands that touch each other, the head, the hips or a thigh do so on the skeleton to deliver. Default: false. Only with
        /// target_skeleton.</summary>
        public bool HandContact { get; set; }
        /// <summary>The clip of a file that holds several, such as glTF: its name, or its number from 1. Default (empty): the first that moves
        /// the body; a note names the others.</summary>
        public string Clip { get; set; } = "";
        /// <summary>What is said in the clip, and when. Default: lips follow the sound alone. Only for models whose ModelInfo.timed_text is
        /// true. StreamMotion refuses it with FAILED_PRECONDITION: there it comes with the audio, in AudioChunk.</summary>
        public TimedText TimedText { get; set; }
        /// <summary>How the face looks where it neither speaks nor feels, and under both: a name in ModelInfo.expressions. Default (empty): the
        /// first of them. Only for models that name any.</summary>
        public string Expression { get; set; } = "";
        /// <summary>What the speaker feels from which time on; before the first, `emotions`. Only for models whose ModelInfo.emotions names
        /// any, and where a model shows no emotions refused as those are.</summary>
        public List<EmotionKey> EmotionKeys { get; set; } = new List<EmotionKey>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Model)) writer.WriteString(10, Model);
            if (!string.IsNullOrEmpty(Speaker)) writer.WriteString(18, Speaker);
            if (Seed != 0) writer.WriteUInt64(24, Seed);
            if (!Wire.IsZero(Fps)) writer.WriteDouble(33, Fps);
            if (Skeleton != null) writer.WriteString(42, Skeleton);
            writer.WriteMessage(50, CustomSkeleton);
            if (!string.IsNullOrEmpty(FaceRig)) writer.WriteString(58, FaceRig);
            if (CoordinateSystem != null) writer.WriteString(66, CoordinateSystem);
            writer.WriteMessage(74, CustomCoordinateSystem);
            if (Parts.Count > 0) { int at = writer.Begin(82); foreach (var one in Parts) writer.WriteInt32((int)one); writer.End(at); }
            if (RootMode != 0) writer.WriteInt32(88, (int)RootMode);
            if (FootLock) writer.WriteBool(96, FootLock);
            foreach (var one in PartStrengths) writer.WriteMessage(106, one);
            foreach (var one in CurveAdjustments) writer.WriteMessage(114, one);
            foreach (var one in Constraints) writer.WriteMessage(122, one);
            if (Timing != 0) writer.WriteInt32(128, (int)Timing);
            writer.WriteMessage(138, Gestures);
            foreach (var one in Emotions) writer.WriteMessage(146, one);
            writer.WriteMap(154, SourceJointMap);
            if (!Wire.IsZero(StartSeconds)) writer.WriteDouble(161, StartSeconds);
            if (!Wire.IsZero(EndSeconds)) writer.WriteDouble(169, EndSeconds);
            if (Mirror) writer.WriteBool(176, Mirror);
            if (!Wire.IsZero(SmoothSeconds)) writer.WriteDouble(185, SmoothSeconds);
            if (Scale.HasValue) writer.WriteDouble(193, Scale.Value);
            if (Floor != 0) writer.WriteInt32(200, (int)Floor);
            if (!string.IsNullOrEmpty(InputUp)) writer.WriteString(210, InputUp);
            if (!string.IsNullOrEmpty(InputForward)) writer.WriteString(218, InputForward);
            if (!string.IsNullOrEmpty(InputUnit)) writer.WriteString(226, InputUnit);
            if (RestFrame.HasValue) writer.WriteInt32(232, RestFrame.Value);
            if (HandContact) writer.WriteBool(240, HandContact);
            if (!string.IsNullOrEmpty(Clip)) writer.WriteString(250, Clip);
            writer.WriteMessage(258, TimedText);
            if (!string.IsNullOrEmpty(Expression)) writer.WriteString(266, Expression);
            foreach (var one in EmotionKeys) writer.WriteMessage(274, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Model = reader.ReadString(); break;
                    case 18: Speaker = reader.ReadString(); break;
                    case 24: Seed = reader.ReadUInt64(); break;
                    case 33: Fps = reader.ReadDouble(); break;
                    case 42: Skeleton = reader.ReadString(); break;
                    case 50: CustomSkeleton = reader.ReadMessage(CustomSkeleton ?? new Skeleton()); break;
                    case 58: FaceRig = reader.ReadString(); break;
                    case 66: CoordinateSystem = reader.ReadString(); break;
                    case 74: CustomCoordinateSystem = reader.ReadMessage(CustomCoordinateSystem ?? new CoordinateSystem()); break;
                    case 80: Parts.Add((BodyPart)reader.ReadInt32()); break;
                    case 82: { int end = reader.Enter(); while (reader.HasMore) Parts.Add((BodyPart)reader.ReadInt32()); reader.Leave(end); break; }
                    case 88: RootMode = (RootMode)reader.ReadInt32(); break;
                    case 96: FootLock = reader.ReadBool(); break;
                    case 106: PartStrengths.Add(reader.ReadMessage(new PartStrength())); break;
                    case 114: CurveAdjustments.Add(reader.ReadMessage(new CurveAdjustment())); break;
                    case 122: Constraints.Add(reader.ReadMessage(new PoseConstraint())); break;
                    case 128: Timing = (Timing)reader.ReadInt32(); break;
                    case 138: Gestures = reader.ReadMessage(Gestures ?? new Gestures()); break;
                    case 146: Emotions.Add(reader.ReadMessage(new EmotionStrength())); break;
                    case 154: reader.ReadMap(SourceJointMap); break;
                    case 161: StartSeconds = reader.ReadDouble(); break;
                    case 169: EndSeconds = reader.ReadDouble(); break;
                    case 176: Mirror = reader.ReadBool(); break;
                    case 185: SmoothSeconds = reader.ReadDouble(); break;
                    case 193: Scale = reader.ReadDouble(); break;
                    case 200: Floor = (Floor)reader.ReadInt32(); break;
                    case 210: InputUp = reader.ReadString(); break;
                    case 218: InputForward = reader.ReadString(); break;
                    case 226: InputUnit = reader.ReadString(); break;
                    case 232: RestFrame = reader.ReadInt32(); break;
                    case 240: HandContact = reader.ReadBool(); break;
                    case 250: Clip = reader.ReadString(); break;
                    case 258: TimedText = reader.ReadMessage(TimedText ?? new TimedText()); break;
                    case 266: Expression = reader.ReadString(); break;
                    case 274: EmotionKeys.Add(reader.ReadMessage(new EmotionKey())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }
}
