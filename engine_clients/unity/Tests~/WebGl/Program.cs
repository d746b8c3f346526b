using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>The package as on WebGL: one thread, a context that is pumped once a frame as Unity's is, sockets that are polled.</summary>
    static class Program
    {
        const int Rate = 16000, Chunk = 320;

        sealed class FrameContext : SynchronizationContext
        {
            readonly ConcurrentQueue<Action> _posted = new ConcurrentQueue<Action>();

            public override void Post(SendOrPostCallback done, object state) => _posted.Enqueue(() => done(state));

            /// <summary>What is posted meanwhile is the next frame's.</summary>
            public void Pump()
            {
                for (int i = _posted.Count; i > 0 && _posted.TryDequeue(out var one); --i) one();
            }
        }

        static readonly FrameContext Context = new FrameContext();
        static int _thread;

        static int Main(string[] words)
        {
            try
            {
                SynchronizationContext.SetSynchronizationContext(Context);
                OneThread.Use((url, token) => new WebGlSocket(url, token));
                _thread = Thread.CurrentThread.ManagedThreadId;
                string before = Threads();
                Play(words[0] == "token" ? Token(words[1], words[2]) : Everything(words[1], words[2], words[3]));
                Check.Equal(WebGlFunctions.OpenSockets, 0, "sockets left open");
                Check.Equal(ThreadsOfThePool(), 0, "threads of the pool");
                Check.Equal(Threads(), before, "threads of the process");
                Console.WriteLine("one thread ok");
                return 0;
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                return 1;
            }
        }

        /// <summary>But for those that .NET starts for itself: for signals, garbage, and sockets, where they do nothing.</summary>
        static string Threads()
        {
            var own = new[] { ".NET Sockets", ".NET BGC", ".NET SigHandler" };
            var names = Directory.GetDirectories("/proc/self/task").Select(path => File.ReadAllText(path + "/comm").Trim());
            return string.Join(", ", names.Where(name => !own.Contains(name)));
        }

        /// <summary>Mono does not tell.</summary>
        static int ThreadsOfThePool() =>
            (int)(typeof(ThreadPool).GetProperty("ThreadCount", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) ?? 0);

        /// <summary>Frames, until the task has ended and its sockets are gone.</summary>
        static void Play(Task task)
        {
            var clock = Stopwatch.StartNew();
            for (int left = 3; left > 0; left -= task.IsCompleted ? 1 : 0)
            {
                Check.That(clock.Elapsed.TotalSeconds < 60, "it ends in time");
                OneThread.Step();
                Check.That(SynchronizationContext.Current == Context, "the context is as it was");
                Context.Pump();
                Thread.Sleep(4);
            }
            task.GetAwaiter().GetResult();
        }

        static async Task Everything(string address, string lost, string speech)
        {
            var client = new Client(new Connection(address));
            var catalog = await client.Catalog();
            Check.That(catalog.Models.Count > 0, "the catalog has models");
            var samples = LiveTests.Samples(speech);
            var bytes = new byte[2 * samples.Length];
            Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
            var request = new GenerateMotionRequest { Audio = new Audio { Pcm = new PcmAudio { Format = LiveTests.Format(), Samples = bytes } } };
            var clip = await client.Generate(request);
            Check.Equal(Thread.CurrentThread.ManagedThreadId, _thread, "the thread that continues");
            request.Options = new MotionOptions { Skeleton = "nobody" };
            Check.Equal((await Error(client.Generate(request))).Code, ErrorCode.NotFound, "the code");
            Check.Equal((await Error(new Client(new Connection("127.0.0.1:1")).Catalog())).Code, ErrorCode.Unavailable, "the code where nobody is");
            await Stopped(client, bytes);
            await Live(new[] { lost, address }, samples, clip);
        }

        /// <summary>By the caller, and by a deadline; both come from outside of a step.</summary>
        static async Task Stopped(Client client, byte[] samples)
        {
            var request = new GenerateMotionRequest { Audio = new Audio { Pcm = new PcmAudio { Format = LiveTests.Format(), Samples = samples } } };
            using (var stop = new CancellationTokenSource())
            {
                var call = client.Generate(request, null, stop.Token);
                await Task.Yield();
                stop.Cancel();
                try
                {
                    await call;
                    Check.That(false, "a cancelled call ends");
                }
                catch (OperationCanceledException) { }
            }
            client.Timeout = TimeSpan.FromMilliseconds(1);
            Check.Equal((await Error(client.Generate(request))).Code, ErrorCode.DeadlineExceeded, "the code of a call that takes too long");
        }

        /// <summary>The first server is killed in mid-sentence; the frames are those of the clip all the same up to there.</summary>
        static async Task Live(string[] addresses, short[] samples, Motion clip)
        {
            var start = new StreamStart { Format = LiveTests.Format(), MaxAheadSeconds = 0, LookAheadSeconds = 0.5 };
            using (var stream = new LiveStream(new Connection(addresses), start))
            {
                var one = new LiveEvent();
                FrameLayout layout = null;
                long next = 0, gone = -1;
                bool isDone = false, isWhole = false;
                for (int at = 0; !isDone; await Task.Yield())
                {
                    // The second half is only said once the first server is lost.
                    int most = gone < 0 ? samples.Length / 2 : samples.Length;
                    while (at < most && stream.PushAudio(samples, at, Math.Min(Chunk, samples.Length - at))) at += Chunk;
                    if (at >= samples.Length) isWhole = isWhole || stream.Close();
                    while (stream.Poll(one))
                    {
                        if (one.Header != null) layout = new FrameLayout(one.Header);
                        if (one.GoneOn != null) gone = one.GoneOn.FirstFrame;
                        if (one.Frames != null)
                        {
                            Check.Equal(one.Frames.FirstFrame, next, "the next frame");
                            for (int i = 0; gone < 0 && i < one.Frames.FrameCount * layout.Floats; ++i)
                                Check.Equal(one.Frames.Data[i], clip.Frames.Data[next * layout.Floats + i], $"a number of frame {next}");
                            if (next < 60 && next + one.Frames.FrameCount >= 60) Console.WriteLine("now");
                            next += one.Frames.FrameCount;
                        }
                        isDone |= one.Kind == LiveEventKind.Ended;
                        if (one.Error != null) throw one.Error;
                    }
                }
                Check.That(gone > 0, "it went on elsewhere");
                Check.Equal(next, clip.Frames.FrameCount, "frames");
            }
        }

        static async Task Token(string address, string token)
        {
            var error = await Error(new Client(new Connection(address, "wrong")).Catalog());
            Check.Equal(error.Code, ErrorCode.Unauthenticated, "the code of a wrong token");
            Check.That((await new Client(new Connection(address, token)).Catalog()).Models.Count > 0, "the right token is taken");
        }

        static async Task<PantoMatrixException> Error(Task task)
        {
            try
            {
                await task;
            }
            catch (PantoMatrixException error)
            {
                return error;
            }
            throw new Exception("nothing was thrown");
        }
    }
}
