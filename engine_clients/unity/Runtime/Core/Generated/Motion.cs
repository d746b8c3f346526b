// Made from motion.proto by `python3 dev.py stubs`; changes here are lost.
// Speech in, motion out.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>A clip and what to make of it.</summary>
    public sealed class GenerateMotionRequest : Message
    {
        /// <summary>Default: the builtin model's own skeleton and face, canonical axes.</summary>
        public MotionOptions Options { get; set; }
        /// <summary>Required. A clip without samples is refused with INVALID_ARGUMENT.</summary>
        public Audio Audio { get; set; }
        /// <summary>How frames are stored. Default: FRAME_ENCODING_FLOAT32.</summary>
        public FrameEncoding FrameEncoding { get; set; }
        /// <summary>Words of the caller's, given back in the header: at most 16, of at most 256 characters.</summary>
        public Dictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Options);
            writer.WriteMessage(18, Audio);
            if (FrameEncoding != 0) writer.WriteInt32(24, (int)FrameEncoding);
            writer.WriteMap(34, Labels);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Options = reader.ReadMessage(Options ?? new MotionOptions()); break;
                    case 18: Audio = reader.ReadMessage(Audio ?? new Audio()); break;
                    case 24: FrameEncoding = (FrameEncoding)reader.ReadInt32(); break;
                    case 34: reader.ReadMap(Labels); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One part of the answer.</summary>
    public sealed class GenerateMotionResponse : Message
    {
        object _message;
        public enum MessageOneofCase { None, Header, Frames, Summary }
        /// <summary>Which one is set.</summary>
        public MessageOneofCase MessageCase { get; private set; }
        /// <summary>First, once.</summary>
        public MotionHeader Header
        {
            get => MessageCase == MessageOneofCase.Header ? (MotionHeader)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Header; }
        }
        /// <summary>Any number, in order.</summary>
        public FrameBlock Frames
        {
            get => MessageCase == MessageOneofCase.Frames ? (FrameBlock)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Frames; }
        }
        /// <summary>Last, once.</summary>
        public MotionSummary Summary
        {
            get => MessageCase == MessageOneofCase.Summary ? (MotionSummary)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Summary; }
        }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Header);
            writer.WriteMessage(18, Frames);
            writer.WriteMessage(26, Summary);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Header = reader.ReadMessage(Header ?? new MotionHeader()); break;
                    case 18: Frames = reader.ReadMessage(Frames ?? new FrameBlock()); break;
                    case 26: Summary = reader.ReadMessage(Summary ?? new MotionSummary()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>How to continue a stream whose server or connection was lost. What a new server needs is all in here: none keeps a stream of
    /// another. The motion continues from the last frame that was shown; what is drawn by chance follows from the seed and the time,
    /// so give MotionHeader.seed as the seed.</summary>
    public sealed class Resume : Message
    {
        /// <summary>The first frame that is to come: one more than the last that the caller has. Required, at least 1.</summary>
        public long FirstFrame { get; set; }
        /// <summary>The last frame that the caller has, as FRAME_ENCODING_FLOAT32 has it with these options: 4 bytes a number. From it the
        /// motion continues without a jump. Default: it is not known, and what comes may begin elsewhere.</summary>
        public Bytes LastFrame { get; set; }
        /// <summary>Where somebody was speaking: utterance_begin's time. The audio that follows is what was said since then, sent again as
        /// fast as it goes; no frames come of what the caller has already. Of an utterance of more than 60 s the last seconds will
        /// do, with the time at which they begin. Default: nobody was speaking.</summary>
        public double? AudioSeconds { get; set; }
        /// <summary>Number of the utterance that is under way; else of the next.</summary>
        public int Utterance { get; set; }
        /// <summary>Where that utterance began, if audio_seconds is later: times of its text count from here. Default: audio_seconds.</summary>
        public double? UtteranceSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (FirstFrame != 0) writer.WriteInt64(8, FirstFrame);
            if (LastFrame.Count > 0) writer.WriteBytes(18, LastFrame);
            if (AudioSeconds.HasValue) writer.WriteDouble(25, AudioSeconds.Value);
            if (Utterance != 0) writer.WriteInt32(32, Utterance);
            if (UtteranceSeconds.HasValue) writer.WriteDouble(41, UtteranceSeconds.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: FirstFrame = reader.ReadInt64(); break;
                    case 18: LastFrame = reader.ReadBytes(); break;
                    case 25: AudioSeconds = reader.ReadDouble(); break;
                    case 32: Utterance = reader.ReadInt32(); break;
                    case 41: UtteranceSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Opens a live stream.</summary>
    public sealed class StreamStart : Message
    {
        /// <summary>Options of the whole stream. TIMING_REFERENCE is refused.</summary>
        public MotionOptions Options { get; set; }
        /// <summary>Format of every audio chunk. Required.</summary>
        public PcmFormat Format { get; set; }
        /// <summary>Audio after a frame's own time that the model may wait for, 0 to 0.5 s; a network waits so long beyond the hop. Less comes
        /// sooner and guesses more. Default: the model's own. MotionHeader.look_ahead_seconds says what comes of it.</summary>
        public double? LookAheadSeconds { get; set; }
        /// <summary>Send each chunk back in StreamMotionResponse.audio, stamped, before the frames that it settles. Default: false.</summary>
        public bool EchoAudio { get; set; }
        /// <summary>How much of the motion a network makes at a time, 0.03 to 2 s: less comes sooner, costs more and has more seams. Default:
        /// the model's own. The builtin model makes what it has heard.</summary>
        public double? HopSeconds { get; set; }
        /// <summary>How far frames may be ahead of the listener, 0.05 to 10 s, or 0: not held back. The server plays the stream on its own
        /// clock: it hears what is pushed in a burst as fast as it is spoken, and sends a frame at most so long before the listener
        /// needs it, so that an interrupt finds nearly all of the burst unsaid and the next utterance begins when it comes. Where
        /// audio comes as it is spoken this changes nothing. Default: 0.3.</summary>
        public double? MaxAheadSeconds { get; set; }
        /// <summary>How frames are stored. Default: FRAME_ENCODING_FLOAT32.</summary>
        public FrameEncoding FrameEncoding { get; set; }
        /// <summary>Words of the caller's, given back in the header: at most 16, of at most 256 characters.</summary>
        public Dictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();
        /// <summary>Goes on with a stream. Default: a new one, whose first frame is 0.</summary>
        public Resume Resume { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Options);
            writer.WriteMessage(18, Format);
            if (LookAheadSeconds.HasValue) writer.WriteDouble(25, LookAheadSeconds.Value);
            if (EchoAudio) writer.WriteBool(32, EchoAudio);
            if (HopSeconds.HasValue) writer.WriteDouble(41, HopSeconds.Value);
            if (MaxAheadSeconds.HasValue) writer.WriteDouble(49, MaxAheadSeconds.Value);
            if (FrameEncoding != 0) writer.WriteInt32(56, (int)FrameEncoding);
            writer.WriteMap(66, Labels);
            writer.WriteMessage(74, Resume);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Options = reader.ReadMessage(Options ?? new MotionOptions()); break;
                    case 18: Format = reader.ReadMessage(Format ?? new PcmFormat()); break;
                    case 25: LookAheadSeconds = reader.ReadDouble(); break;
                    case 32: EchoAudio = reader.ReadBool(); break;
                    case 41: HopSeconds = reader.ReadDouble(); break;
                    case 49: MaxAheadSeconds = reader.ReadDouble(); break;
                    case 56: FrameEncoding = (FrameEncoding)reader.ReadInt32(); break;
                    case 66: reader.ReadMap(Labels); break;
                    case 74: Resume = reader.ReadMessage(Resume ?? new Resume()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Audio as it is spoken.</summary>
    public sealed class AudioChunk : Message
    {
        /// <summary>Interleaved samples in StreamStart.format, at most 10 s. A chunk without samples and text is ignored.</summary>
        public Bytes Samples { get; set; }
        /// <summary>What is said, as far as it is known: of this chunk or of what follows. Times count from the first sample of the utterance;
        /// where nobody speaks yet, of the next one. From its first start on it takes the place of what came before. It tells most
        /// where it comes with its sound or earlier; what is late for frames that were sent is left out of them. Text that cannot be
        /// followed is answered by a Refusal, and the samples are heard all the same.</summary>
        public TimedText TimedText { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Samples.Count > 0) writer.WriteBytes(10, Samples);
            writer.WriteMessage(18, TimedText);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Samples = reader.ReadBytes(); break;
                    case 18: TimedText = reader.ReadMessage(TimedText ?? new TimedText()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The speaker has finished a sentence: settle all its frames, close the mouth, go on idling. Answered by utterance_end; where
    /// nobody speaks, by the last one again.</summary>
    public sealed class EndOfUtterance : Message
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

    /// <summary>Stop talking at once (barge-in): all audio that waits or has not become a frame yet is dropped, with what else was sent
    /// before it, and the motion goes on to idle from the pose that is shown. Answered by utterance_end; where nobody speaks and
    /// nothing waits, by the last one again.</summary>
    public sealed class Interrupt : Message
    {
        /// <summary>What the listener has seen, on the stream's clock. Frames after it that were sent already are sent again, with the mouth
        /// shut; the server keeps those of the last 2 s. Default: all that was sent.</summary>
        public double? PlayedSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (PlayedSeconds.HasValue) writer.WriteDouble(9, PlayedSeconds.Value);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: PlayedSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Strengths of single parts, each at most once.</summary>
    public sealed class PartStrengths : Message
    {
        /// <summary>None: 1 for all.</summary>
        public List<PartStrength> Entries { get; set; } = new List<PartStrength>();

        public override void WriteTo(WireWriter writer)
        {
            foreach (var one in Entries) writer.WriteMessage(10, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Entries.Add(reader.ReadMessage(new PartStrength())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Corrections of single face curves, each at most once.</summary>
    public sealed class CurveAdjustments : Message
    {
        /// <summary>None: no corrections.</summary>
        public List<CurveAdjustment> Entries { get; set; } = new List<CurveAdjustment>();

        public override void WriteTo(WireWriter writer)
        {
            foreach (var one in Entries) writer.WriteMessage(10, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Entries.Add(reader.ReadMessage(new CurveAdjustment())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What the speaker feels, each at most once.</summary>
    public sealed class Emotions : Message
    {
        /// <summary>None: nothing.</summary>
        public List<EmotionStrength> Entries { get; set; } = new List<EmotionStrength>();

        public override void WriteTo(WireWriter writer)
        {
            foreach (var one in Entries) writer.WriteMessage(10, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Entries.Add(reader.ReadMessage(new EmotionStrength())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>What may change while a stream runs. What is left out stays as it is; what is given replaces the former whole. It changes
    /// within a third of a second, in mid-sentence too.</summary>
    public sealed class StreamOptions : Message
    {
        /// <summary>A speaker's id.</summary>
        public string Speaker { get; set; }
        /// <summary>In place of MotionOptions.part_strengths.</summary>
        public PartStrengths PartStrengths { get; set; }
        /// <summary>In place of MotionOptions.curve_adjustments.</summary>
        public CurveAdjustments CurveAdjustments { get; set; }
        /// <summary>In place of MotionOptions.emotions.</summary>
        public Emotions Emotions { get; set; }
        /// <summary>When, in seconds on the stream's clock; 0, or another time that has passed: with the next frame that is made. Default:
        /// where it stands among the audio that was sent. At most 1024 may wait.</summary>
        public double? AtSeconds { get; set; }
        /// <summary>In place of MotionOptions.expression.</summary>
        public string Expression { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Speaker != null) writer.WriteString(10, Speaker);
            writer.WriteMessage(18, PartStrengths);
            writer.WriteMessage(26, CurveAdjustments);
            writer.WriteMessage(34, Emotions);
            if (AtSeconds.HasValue) writer.WriteDouble(41, AtSeconds.Value);
            if (Expression != null) writer.WriteString(50, Expression);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Speaker = reader.ReadString(); break;
                    case 18: PartStrengths = reader.ReadMessage(PartStrengths ?? new PartStrengths()); break;
                    case 26: CurveAdjustments = reader.ReadMessage(CurveAdjustments ?? new CurveAdjustments()); break;
                    case 34: Emotions = reader.ReadMessage(Emotions ?? new Emotions()); break;
                    case 41: AtSeconds = reader.ReadDouble(); break;
                    case 50: Expression = reader.ReadString(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One message of the caller's.</summary>
    public sealed class StreamMotionRequest : Message
    {
        object _message;
        public enum MessageOneofCase { None, Start, Audio, EndOfUtterance, Interrupt, Options }
        /// <summary>Which one is set.</summary>
        public MessageOneofCase MessageCase { get; private set; }
        /// <summary>First, once.</summary>
        public StreamStart Start
        {
            get => MessageCase == MessageOneofCase.Start ? (StreamStart)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Start; }
        }
        /// <summary>Any number.</summary>
        public AudioChunk Audio
        {
            get => MessageCase == MessageOneofCase.Audio ? (AudioChunk)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Audio; }
        }
        /// <summary>After the last chunk of a sentence.</summary>
        public EndOfUtterance EndOfUtterance
        {
            get => MessageCase == MessageOneofCase.EndOfUtterance ? (EndOfUtterance)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.EndOfUtterance; }
        }
        /// <summary>At any time.</summary>
        public Interrupt Interrupt
        {
            get => MessageCase == MessageOneofCase.Interrupt ? (Interrupt)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Interrupt; }
        }
        /// <summary>At any time.</summary>
        public StreamOptions Options
        {
            get => MessageCase == MessageOneofCase.Options ? (StreamOptions)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Options; }
        }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Start);
            writer.WriteMessage(18, Audio);
            writer.WriteMessage(26, EndOfUtterance);
            writer.WriteMessage(34, Interrupt);
            writer.WriteMessage(42, Options);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Start = reader.ReadMessage(Start ?? new StreamStart()); break;
                    case 18: Audio = reader.ReadMessage(Audio ?? new AudioChunk()); break;
                    case 26: EndOfUtterance = reader.ReadMessage(EndOfUtterance ?? new EndOfUtterance()); break;
                    case 34: Interrupt = reader.ReadMessage(Interrupt ?? new Interrupt()); break;
                    case 42: Options = reader.ReadMessage(Options ?? new StreamOptions()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Audio has begun to be heard after silence. What was sent before it is said; a caller that wants to be able to resume keeps the
    /// audio from here on until the utterance has ended.</summary>
    public sealed class UtteranceBegin : Message
    {
        /// <summary>Counts from 0.</summary>
        public int Utterance { get; set; }
        /// <summary>Of its first sample, on the stream's clock, on which frame k is at k / fps.</summary>
        public double BeginSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Utterance != 0) writer.WriteInt32(8, Utterance);
            if (!Wire.IsZero(BeginSeconds)) writer.WriteDouble(17, BeginSeconds);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Utterance = reader.ReadInt32(); break;
                    case 17: BeginSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>All frames of an utterance have been sent; idle frames may have been sent too. It answers every end_of_utterance and every
    /// interrupt (which answers for the end_of_utterance that it drops, too), and comes before the summary if the caller closes its
    /// side in mid-utterance.</summary>
    public sealed class UtteranceEnd : Message
    {
        /// <summary>Counts from 0; -1 where there was none yet.</summary>
        public int Utterance { get; set; }
        /// <summary>The first frame that is no longer of this utterance.</summary>
        public long EndFrame { get; set; }
        /// <summary>True if it ended by an interrupt.</summary>
        public bool Interrupted { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Utterance != 0) writer.WriteInt32(8, Utterance);
            if (EndFrame != 0) writer.WriteInt64(16, EndFrame);
            if (Interrupted) writer.WriteBool(24, Interrupted);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Utterance = reader.ReadInt32(); break;
                    case 16: EndFrame = reader.ReadInt64(); break;
                    case 24: Interrupted = reader.ReadBool(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A message of the caller's that was not followed; the stream continues as if it had not come.</summary>
    public sealed class Refusal : Message
    {
        /// <summary>Why, as an error of the whole call would say it.</summary>
        public ErrorReason Reason { get; set; }
        /// <summary>For people: what was wrong, where, what would be right.</summary>
        public string Text { get; set; } = "";
        /// <summary>The field, as a path in StreamMotionRequest; empty if it is none.</summary>
        public string Field { get; set; } = "";
        /// <summary>Which message of this call it was, counted from 0, the start.</summary>
        public long RequestIndex { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (Reason != 0) writer.WriteInt32(8, (int)Reason);
            if (!string.IsNullOrEmpty(Text)) writer.WriteString(18, Text);
            if (!string.IsNullOrEmpty(Field)) writer.WriteString(26, Field);
            if (RequestIndex != 0) writer.WriteInt64(32, RequestIndex);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 8: Reason = (ErrorReason)reader.ReadInt32(); break;
                    case 18: Text = reader.ReadString(); break;
                    case 26: Field = reader.ReadString(); break;
                    case 32: RequestIndex = reader.ReadInt64(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The caller's own audio, in the format it came in.</summary>
    public sealed class AudioEcho : Message
    {
        /// <summary>Time of the first sample on the stream's clock, on which frame k is at k / fps.</summary>
        public double StartSeconds { get; set; }
        /// <summary>Interleaved samples.</summary>
        public Bytes Samples { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(StartSeconds)) writer.WriteDouble(9, StartSeconds);
            if (Samples.Count > 0) writer.WriteBytes(18, Samples);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: StartSeconds = reader.ReadDouble(); break;
                    case 18: Samples = reader.ReadBytes(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The server is about to end: go on at another one (StreamStart.resume), best when this utterance is over. The stream is served
    /// until then.</summary>
    public sealed class Move : Message
    {
        /// <summary>How long the stream may still go on.</summary>
        public double WithinSeconds { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(WithinSeconds)) writer.WriteDouble(9, WithinSeconds);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 9: WithinSeconds = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One message of the server's.</summary>
    public sealed class StreamMotionResponse : Message
    {
        object _message;
        public enum MessageOneofCase { None, Header, Frames, UtteranceEnd, Audio, Summary, Refusal, Move, UtteranceBegin }
        /// <summary>Which one is set.</summary>
        public MessageOneofCase MessageCase { get; private set; }
        /// <summary>First, once.</summary>
        public MotionHeader Header
        {
            get => MessageCase == MessageOneofCase.Header ? (MotionHeader)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Header; }
        }
        /// <summary>Any number, in order.</summary>
        public FrameBlock Frames
        {
            get => MessageCase == MessageOneofCase.Frames ? (FrameBlock)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Frames; }
        }
        /// <summary>After the last frame of each utterance.</summary>
        public UtteranceEnd UtteranceEnd
        {
            get => MessageCase == MessageOneofCase.UtteranceEnd ? (UtteranceEnd)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.UtteranceEnd; }
        }
        /// <summary>Only if asked for.</summary>
        public AudioEcho Audio
        {
            get => MessageCase == MessageOneofCase.Audio ? (AudioEcho)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Audio; }
        }
        /// <summary>Last, once, after the caller has closed its side.</summary>
        public MotionSummary Summary
        {
            get => MessageCase == MessageOneofCase.Summary ? (MotionSummary)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Summary; }
        }
        /// <summary>Where options, timed text or a message that this server does not know were not followed.</summary>
        public Refusal Refusal
        {
            get => MessageCase == MessageOneofCase.Refusal ? (Refusal)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Refusal; }
        }
        /// <summary>At most once, when the server was told to stop.</summary>
        public Move Move
        {
            get => MessageCase == MessageOneofCase.Move ? (Move)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.Move; }
        }
        /// <summary>Before the first frame of each utterance.</summary>
        public UtteranceBegin UtteranceBegin
        {
            get => MessageCase == MessageOneofCase.UtteranceBegin ? (UtteranceBegin)_message : null;
            set { _message = value; MessageCase = value == null ? MessageOneofCase.None : MessageOneofCase.UtteranceBegin; }
        }

        public override void WriteTo(WireWriter writer)
        {
            writer.WriteMessage(10, Header);
            writer.WriteMessage(18, Frames);
            writer.WriteMessage(26, UtteranceEnd);
            writer.WriteMessage(34, Audio);
            writer.WriteMessage(42, Summary);
            writer.WriteMessage(50, Refusal);
            writer.WriteMessage(58, Move);
            writer.WriteMessage(66, UtteranceBegin);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Header = reader.ReadMessage(Header ?? new MotionHeader()); break;
                    case 18: Frames = reader.ReadMessage(Frames ?? new FrameBlock()); break;
                    case 26: UtteranceEnd = reader.ReadMessage(UtteranceEnd ?? new UtteranceEnd()); break;
                    case 34: Audio = reader.ReadMessage(Audio ?? new AudioEcho()); break;
                    case 42: Summary = reader.ReadMessage(Summary ?? new MotionSummary()); break;
                    case 50: Refusal = reader.ReadMessage(Refusal ?? new Refusal()); break;
                    case 58: Move = reader.ReadMessage(Move ?? new Move()); break;
                    case 66: UtteranceBegin = reader.ReadMessage(UtteranceBegin ?? new UtteranceBegin()); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>The paths of its calls.</summary>
    public static class MotionPaths
    {
        public const string GenerateMotion = "/pantomatrix.v1.MotionService/GenerateMotion";
        public const string StreamMotion = "/pantomatrix.v1.MotionService/StreamMotion";
    }
}
