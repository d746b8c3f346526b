using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>Tells of speech that was pushed when it is heard, which is when its poses are shown.</summary>
    sealed class PushedUtterances
    {
        readonly Queue<Speech> _waiting = new Queue<Speech>();
        Speech _open;
        double _endSeconds = double.PositiveInfinity;

        /// <summary>What is said, or comes next; null for nothing.</summary>
        public Speech Current { get; private set; }

        /// <summary>Whether something was pushed that the server has not begun with.</summary>
        public bool IsWaiting => _waiting.Count > 0;

        public void Pushed(double now)
        {
            if (_open != null) return;
            _open = new Speech { AskedAt = now };
            _waiting.Enqueue(_open);
        }

        public void EndUtterance() => _open = null;

        public void Began(double beginSeconds)
        {
            if (_waiting.Count == 0) return;
            Current = _waiting.Dequeue();
            Current.BeginSeconds = beginSeconds;
            _endSeconds = double.PositiveInfinity;
        }

        public void Ended(double endSeconds) => _endSeconds = endSeconds;

        /// <summary>What was cut off; null for nothing.</summary>
        public Speech Interrupt()
        {
            var speech = Current;
            Current = _open = null;
            _waiting.Clear();
            if (speech == null || !speech.HasStarted) return null;
            speech.WasInterrupted = speech.IsOver = true;
            return speech;
        }

        /// <summary>time: of the pose. True where it begins now.</summary>
        public bool HasBegun(double time, double now)
        {
            if (Current == null || Current.HasStarted || time < Current.BeginSeconds) return false;
            Current.HasStarted = true;
            Current.Latency = now - Current.AskedAt;
            return true;
        }

        /// <summary>What is over now; null for nothing.</summary>
        public Speech TakeEnded(double time)
        {
            if (Current == null || !Current.HasStarted || time < _endSeconds) return null;
            var speech = Current;
            speech.IsOver = true;
            Current = null;
            return speech;
        }
    }
}
