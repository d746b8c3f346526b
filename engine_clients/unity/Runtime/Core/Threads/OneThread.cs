using System;
using System.Collections.Generic;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>For platforms without threads, as WebGL: what is otherwise done in threads is done by Step, which the game's loop
    /// calls. All calls of the package then belong to that one thread.</summary>
    public static class OneThread
    {
        static readonly List<Func<bool>> Work = new List<Func<bool>>();
        static bool _isStepping;

        internal static SocketFactory Sockets { get; private set; }

        public static bool IsUsed => Sockets != null;

        /// <summary>From now on. To be called before the first Connection is made; sockets: the platform's own, which never wait
        /// and are asked by `Each`.</summary>
        public static void Use(SocketFactory sockets) => Sockets = sockets;

        /// <summary>Called by every Step until it says false.</summary>
        public static void Each(Func<bool> turn) => Work.Add(turn);

        public static void Step()
        {
            if (_isStepping) return;
            // Where there is a context, .NET queues what waits with ConfigureAwait(false) for threads, and here are none.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            _isStepping = true;
            try
            {
                for (int i = 0; i < Work.Count;)
                    if (Work[i]()) ++i;
                    else Work.RemoveAt(i);
            }
            finally
            {
                _isStepping = false;
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }
    }
}
