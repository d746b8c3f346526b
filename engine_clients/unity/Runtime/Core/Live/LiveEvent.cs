using System;
using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix
{
    public enum LiveEventKind { None, Header, Frames, UtteranceBegin, UtteranceEnd, Refusal, Audio, Summary, GoneOn, Dropped, Ended }

    /// <summary>The stream has gone on, at another server or over another connection.</summary>
    public sealed class GoneOn
    {
        public string Address;

        /// <summary>Index of the next frame.</summary>
        public long FirstFrame;

        /// <summary>How long nothing came; 0 where the server told the stream to move.</summary>
        public double LostSeconds;
    }

    /// <summary>Nobody polled for so long that there was no room: what follows begins with the frame after those that are missing.
    /// Audio that came with them is missing too.</summary>
    public sealed class Dropped
    {
        public long FirstFrame, FrameCount;
    }

    /// <summary>What a stream brings; what is not of its kind is null. Frames and audio are this event's until it is polled into
    /// again. The header comes first and once. Frames follow one another, but after an interrupt that says what was played they may
    /// begin before the last one's end: then they take the place of those that were not played. Ended is last: its Error is null if
    /// the caller closed the stream.</summary>
    public sealed class LiveEvent
    {
        Frames _frames = new Frames();
        AudioEcho _audio;
        byte[] _samples = Array.Empty<byte>();
        object _content;

        public LiveEventKind Kind { get; private set; }
        public Frames Frames => Kind == LiveEventKind.Frames ? _frames : null;
        public MotionHeader Header => _content as MotionHeader;
        public UtteranceBegin UtteranceBegin => _content as UtteranceBegin;
        public UtteranceEnd UtteranceEnd => _content as UtteranceEnd;
        public Refusal Refusal => _content as Refusal;
        public AudioEcho Audio => Kind == LiveEventKind.Audio ? _audio : null;
        public MotionSummary Summary => _content as MotionSummary;
        public GoneOn GoneOn => _content as GoneOn;
        public Dropped Dropped => _content as Dropped;
        public PantoMatrixException Error => _content as PantoMatrixException;

        internal void Set(LiveEventKind kind, object content)
        {
            Kind = kind;
            _content = content;
        }

        internal Frames SetFrames()
        {
            Set(LiveEventKind.Frames, null);
            return _frames;
        }

        internal void SetAudio(AudioEcho echo)
        {
            Set(LiveEventKind.Audio, null);
            _audio = _audio ?? new AudioEcho();
            int count = echo.Samples.Count;
            if (_samples.Length < count) _samples = new byte[Math.Max(count, 2 * _samples.Length)];
            if (count > 0) Buffer.BlockCopy(echo.Samples.Array, echo.Samples.Offset, _samples, 0, count);
            _audio.Samples = new Bytes(_samples, 0, count);
            _audio.StartSeconds = echo.StartSeconds;
        }

        /// <summary>The other's content, and the memory of frames and audio for the other.</summary>
        internal void TakeFrom(LiveEvent other)
        {
            (_frames, other._frames) = (other._frames, _frames);
            (_audio, other._audio) = (other._audio, _audio);
            (_samples, other._samples) = (other._samples, _samples);
            Set(other.Kind, other._content);
            other.Set(LiveEventKind.None, null);
        }
    }

    /// <summary>Events from one thread to one other.</summary>
    sealed class EventQueue
    {
        readonly LiveEvent[] _slots;
        long _written, _read;

        public EventQueue(int capacity)
        {
            _slots = new LiveEvent[capacity];
            for (int i = 0; i < capacity; ++i) _slots[i] = new LiveEvent();
        }

        /// <summary>What Push will push; null where there is no room, after which `keepFree` are to be left.</summary>
        public LiveEvent Next(int keepFree = 0) =>
            _written - Volatile.Read(ref _read) + keepFree < _slots.Length ? _slots[_written % _slots.Length] : null;

        public void Push() => Volatile.Write(ref _written, _written + 1);

        public bool Pop(LiveEvent into)
        {
            if (_read == Volatile.Read(ref _written)) return false;
            into.TakeFrom(_slots[_read % _slots.Length]);
            Volatile.Write(ref _read, _read + 1);
            return true;
        }
    }
}
