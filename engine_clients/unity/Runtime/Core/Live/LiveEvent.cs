using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix
{
    public enum LiveEventKind { None, Header, Frames, UtteranceBegin, UtteranceEnd, Refusal, Audio, Summary, GoneOn, Ended }

    /// <summary>The stream has gone on, at another server or over another connection.</summary>
    public sealed class GoneOn
    {
        public string Address;

        /// <summary>Index of the next frame.</summary>
        public long FirstFrame;

        /// <summary>How long nothing came; 0 where the server told the stream to move.</summary>
        public double LostSeconds;
    }

    /// <summary>What a stream brings; what is not of its kind is null. The header comes first and once. Frames follow one another,
    /// but after an interrupt that says what was played they may begin before the last one's end: then they take the place of those
    /// that were not played. Ended is last: its Error is null if the caller closed the stream.</summary>
    public sealed class LiveEvent
    {
        Frames _frames = new Frames();
        object _content;

        public LiveEventKind Kind { get; private set; }
        public Frames Frames => Kind == LiveEventKind.Frames ? _frames : null;
        public MotionHeader Header => _content as MotionHeader;
        public UtteranceBegin UtteranceBegin => _content as UtteranceBegin;
        public UtteranceEnd UtteranceEnd => _content as UtteranceEnd;
        public Refusal Refusal => _content as Refusal;
        public AudioEcho Audio => _content as AudioEcho;
        public MotionSummary Summary => _content as MotionSummary;
        public GoneOn GoneOn => _content as GoneOn;
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

        /// <summary>The other's content, and the memory of frames for the other.</summary>
        internal void TakeFrom(LiveEvent other)
        {
            var frames = _frames;
            _frames = other._frames;
            other._frames = frames;
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

        /// <summary>What Push will push; null where there is no room.</summary>
        public LiveEvent Next => _written - Volatile.Read(ref _read) < _slots.Length ? _slots[_written % _slots.Length] : null;

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
