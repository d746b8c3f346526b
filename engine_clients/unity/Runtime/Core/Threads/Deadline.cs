using System;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>Cancels after some time, unless it was disposed before.</summary>
    sealed class Deadline : IDisposable
    {
        bool _isOver;

        public Deadline(CancellationTokenSource source, TimeSpan time)
        {
            if (!OneThread.IsUsed)
            {
                source.CancelAfter(time);
                return;
            }
            double end = Clock.Now + time.TotalSeconds;
            OneThread.Each(() =>
            {
                if (_isOver) return false;
                if (Clock.Now < end) return true;
                source.Cancel();
                return false;
            });
        }

        public void Dispose() => _isOver = true;
    }
}
