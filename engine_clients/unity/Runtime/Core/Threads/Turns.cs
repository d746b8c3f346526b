using System;
using System.Collections.Generic;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>Work that is done in short turns: every few milliseconds, and sooner where it is woken. One thread does all of it,
    /// for as long as there is any; OneThread.Step where there are no threads.</summary>
    sealed class Turns
    {
        const int NapMilliseconds = 10;
        static readonly object Lock = new object();
        static readonly List<Turns> Started = new List<Turns>();
        static bool _isRunning, _isAnyWoken;
        readonly Func<bool> _turn;
        bool _isWoken = true;

        /// <summary>turn: does not wait and does not throw; false where it was the last.</summary>
        public Turns(Func<bool> turn) => _turn = turn;

        public void Start()
        {
            if (OneThread.IsUsed)
            {
                OneThread.Each(_turn);
                return;
            }
            lock (Lock)
            {
                Started.Add(this);
                if (!_isRunning) new Thread(Run) { IsBackground = true, Name = "PantoMatrix" }.Start();
                _isRunning = true;
            }
            Wake();
        }

        /// <summary>By any thread.</summary>
        public void Wake()
        {
            if (OneThread.IsUsed) return;
            lock (Lock)
            {
                _isWoken = _isAnyWoken = true;
                Monitor.Pulse(Lock);
            }
        }

        static void Run()
        {
            var all = new List<Turns>();
            for (double last = 0; ;)
            {
                lock (Lock)
                {
                    all.AddRange(Started);
                    Started.Clear();
                    _isRunning = all.Count > 0;
                    if (!_isRunning) return;
                    if (!_isAnyWoken) Monitor.Wait(Lock, NapMilliseconds);
                    _isAnyWoken = false;
                }
                double now = Clock.Now;
                bool isTime = now - last > 0.001 * NapMilliseconds;
                if (isTime) last = now;
                for (int i = all.Count - 1; i >= 0; --i)
                    if ((all[i].TakeWake() || isTime) && !all[i]._turn()) all.RemoveAt(i);
            }
        }

        bool TakeWake()
        {
            bool isWoken = Volatile.Read(ref _isWoken);
            if (isWoken) Volatile.Write(ref _isWoken, false);
            return isWoken;
        }
    }
}
