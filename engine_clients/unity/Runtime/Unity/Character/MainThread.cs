using System;
using System.Collections.Concurrent;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>What other threads ask for is done on the main one, once a frame, in their order.</summary>
    sealed class MainThread
    {
        readonly ConcurrentQueue<Action> _asked = new ConcurrentQueue<Action>();
        readonly int _id = Thread.CurrentThread.ManagedThreadId;

        public bool IsHere => Thread.CurrentThread.ManagedThreadId == _id;

        public void Later(Action what) => _asked.Enqueue(what);

        public void Run()
        {
            while (_asked.TryDequeue(out var what)) what();
        }
    }
}
