using System;
using System.Diagnostics;
using System.Reflection;
using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>What a live stream allocates in all threads: sockets, messages, what is kept to be said again.</summary>
    static class AllocationTests
    {
        const int Rate = 16000, Chunk = 320;

        /// <summary>Prints KiB for each second of speech, once it is warm.</summary>
        public static void Run(string address, string speech, double seconds)
        {
            var samples = LiveTests.Samples(speech);
            var count = typeof(GC).GetMethod("GetTotalAllocatedBytes");
            Func<long> allocated = () => count == null ? 0 : (long)count.Invoke(null, new object[] { true });
            // Little is kept, so that it is soon warm.
            var options = new LiveOptions { EventCapacity = 16 };
            using (var stream = new LiveStream(new Connection(address), new StreamStart { Format = LiveTests.Format() }, options))
            {
                var one = new LiveEvent();
                while (stream.State == LiveState.Connecting) Thread.Sleep(5);
                long before = 0, frames = 0;
                var clock = Stopwatch.StartNew();
                const double warm = 8, sentence = 1;
                for (int chunk = 0; chunk * Chunk < (warm + seconds) * Rate; ++chunk)
                {
                    if (chunk * Chunk == warm * Rate) before = allocated();
                    stream.PushAudio(samples, chunk % 300 * Chunk, Chunk);
                    if (chunk * Chunk % (sentence * Rate) == 0) stream.EndUtterance();
                    while (clock.Elapsed.TotalSeconds < (double)chunk * Chunk / Rate) Thread.Sleep(2);
                    while (stream.Poll(one)) frames += one.Frames?.FrameCount ?? 0;
                }
                Check.That(frames > 20 * seconds, $"frames come, {frames} of them");
                Console.WriteLine($"{(allocated() - before) / seconds / 1024:F1} KiB a second");
            }
        }
    }
}
