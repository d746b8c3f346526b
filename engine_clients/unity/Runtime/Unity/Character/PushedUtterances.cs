using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>Tells of speech that was pushed when it is heard, which is when its poses are shown. The server is ahead: it may have
    /// begun with the next sentence by then.</summary>
    sealed class PushedUtterances
    {
        readonly Queue<Speech> _waiting = new Queue<Speech>();
        readonly List<Speech> _begun = new List<Speech>();
        Speech _open;

        /// <summary>What is said, or comes next; null for nothing.</summary>
        public Speech Current => _begun.Count > 0 ? _begun[0] : null;

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
            var speech = _waiting.Dequeue();
            speech.BeginSeconds = beginSeconds;
            _begun.Add(speech);
        }

        public void Ended(double endSeconds)
        {
            if (_begun.Count > 0) _begun[_begun.Count - 1].EndSeconds = endSeconds;
        }

        /// <summary>What was cut off; null for nothing that was heard.</summary>
        public Speech Interrupt()
        {
            var speech = Current;
            _open = null;
            _waiting.Clear();
            _begun.Clear();
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
            var speech = Current;
            if (speech == null || !speech.HasStarted || time < speech.EndSeconds) return null;
            speech.IsOver = true;
            _begun.RemoveAt(0);
            return speech;
        }
    }
}
