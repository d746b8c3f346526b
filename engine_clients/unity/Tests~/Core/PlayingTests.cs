using System;
using System.Reflection;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Clocks, without a server. The one curve of a frame is the frame's own time, so that a pose tells when it is from.</summary>
    static class PlayingTests
    {
        const double Fps = 30, Tick = 1.0 / 60;
        static Playback _playback;
        static long _next;

        public static void Run()
        {
            WaitsAndHolds();
            Drops();
            ComesAgain();
            IsHeardInTime();
            AllocatesNothing();
        }

        static void WaitsAndHolds()
        {
            Begin(LatePolicy.Hold, 0.1);
            Check.That(!_playback.Advance(Tick) && _playback.Pose == null, "no pose before a frame");
            Push(3);
            Check.That(!_playback.Advance(Tick), "no pose before the delay");
            Push(1);
            Check.That(_playback.Advance(Tick), "a pose");
            Check.Equal(Shown, 0, "the first pose");
            Push(6);
            Advance(0.5);
            Check.Near(Shown, 0.3, 1e-6, "the last pose");
            Check.That(_playback.IsStalled && _playback.Underruns == 1, "the clock waits");
            Push(1);
            Advance(0.2);
            Check.Near(Shown, 0.3, 1e-6, "the pose until there is the delay again");
            Push(9);
            Advance(2 * Tick);
            Check.Near(Shown, 0.3 + Tick, 1e-6, "the pose when it continues");
            foreach (double step in new[] { 1 / 144.0, 1 / 60.0, 1 / 24.0, 0.37 })
            {
                Begin(LatePolicy.Hold, 0);
                Push(60);
                _playback.Advance(step);
                for (int i = 1; i * step < 1.9; ++i)
                {
                    _playback.Advance(step);
                    Check.Near(Shown, i * step, 1e-5, "the pose with steps of " + step);
                }
            }
        }

        static void Drops()
        {
            Begin(LatePolicy.Drop, 0.1);
            Push(10);
            Advance(0.5);
            Check.Near(Shown, 0.3, 1e-6, "the last pose");
            Check.That(!_playback.IsStalled, "the clock goes on");
            Push(20);
            Advance(0.3);
            Check.Near(_playback.Time, 0.8, 0.02, "the clock");
            Check.Near(Shown, _playback.Time, 1e-5, "the pose");
            Push(300);
            Advance(0.3);
            double newest = (_next - 1) / Fps;
            Check.Near(_playback.Time, newest - 0.1 + 0.3 - 2 * Tick, 0.1, "the clock after a game that stood still");
        }

        static void ComesAgain()
        {
            Begin(LatePolicy.Hold, 0);
            Push(30);
            Advance(0.5);
            double at = _playback.Time;
            _next = 16;
            Push(30, 10);
            _playback.Advance(Tick);
            Check.That(_playback.Time >= at, "the clock does not go back");
            Check.That(Shown < 5, "the pose goes over slowly");
            Advance(0.4);
            Check.Near(Shown, _playback.Time + 10, 1e-4, "the pose of frames that came again");
        }

        static void IsHeardInTime()
        {
            const int rate = 48000, block = 480;
            var format = new PcmFormat { Encoding = PcmEncoding.F32Le, SampleRateHz = rate, Channels = 2 };
            var delay = new SpeechDelay(format);
            var bytes = new byte[8 * rate];
            for (int i = 0; i < rate; ++i)
                for (int channel = 0; channel < 2; ++channel)
                    Buffer.BlockCopy(new[] { i / (float)rate }, 0, bytes, 8 * i + 4 * channel, 4);
            for (int i = 0; i < rate; i += block)
                delay.Feed(new AudioEcho { StartSeconds = (double)i / rate, Samples = new Bytes(bytes, 8 * i, 8 * block) });
            var heard = new float[block];
            delay.Read(heard, 0, block, 100);
            Check.Equal(heard[block - 1], 0, "sound before the clock starts");
            for (double time = 0; time < 0.9; time += 0.01)
            {
                delay.Follow(time, false, 100 + time);
                delay.Read(heard, 0, block, 100 + time);
                if (time > 0.02) Check.Near(heard[block - 1], time + 0.01, 0.003, "the second that is heard");
            }
            delay.Cut(0);
            delay.Follow(0.9, false, 100.9);
            delay.Read(heard, 0, block, 100.9);
            Check.Equal(heard[block - 1], 0, "sound that was cut");
        }

        /// <summary>A thousand ticks of a game and of its sound.</summary>
        static void AllocatesNothing()
        {
            var method = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread", BindingFlags.Public | BindingFlags.Static);
            var allocated = method == null ? () => 0 : (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), method);
            long before = allocated();
            GC.KeepAlive(new byte[100000]);
            bool isCounted = allocated() - before >= 100000;
            Begin(LatePolicy.Drop, 0.1);
            var frames = Made(2, 0);
            var delay = new SpeechDelay(LiveTests.Format());
            var echo = new AudioEcho { Samples = new byte[1024] };
            var sound = new float[512];
            var stream = new LiveStream(new Connection("127.0.0.1:1"), new StreamStart { Format = LiveTests.Format() });
            var samples = new short[320];
            var one = new LiveEvent();
            for (int i = 0; i < 9000; ++i)
            {
                if (i == 8000) before = allocated();
                frames.FirstFrame = i;
                _playback.Push(frames);
                _playback.Advance(1 / Fps);
                echo.StartSeconds = i / Fps;
                delay.Feed(echo);
                delay.Follow(_playback.Time, _playback.IsStalled, i / Fps);
                delay.Read(sound, 0, sound.Length, i / Fps);
                stream.PushAudio(samples, 0, samples.Length);
                stream.Poll(one);
            }
            long bytes = allocated() - before;
            stream.Dispose();
            Check.Equal(bytes, 0, "bytes of a thousand ticks");
            Console.WriteLine(isCounted ? "playing ok, nothing allocated" : "playing ok");
        }

        static float Shown => _playback.Pose[0];

        static void Begin(LatePolicy late, double delay)
        {
            _playback = new Playback(new PlaybackOptions { Late = late, DelaySeconds = delay });
            var header = new MotionHeader { Fps = Fps, BytesPerFrame = 4, CurveNames = { "time" } };
            header.Channels.Add(new Channel { Kind = ChannelKind.Curves, Width = 1, Encoding = ChannelEncoding.Float32 });
            _playback.Begin(header);
            _next = 0;
        }

        static Frames Made(int count, float offset)
        {
            var frames = new Frames { FirstFrame = _next, FrameCount = count, Data = new float[count] };
            for (int i = 0; i < count; ++i) frames.Data[i] = (float)((_next + i) / Fps) + offset;
            return frames;
        }

        static void Push(int count, float offset = 0)
        {
            _playback.Push(Made(count, offset));
            _next += count;
        }

        static void Advance(double seconds)
        {
            for (double done = 0; done < seconds - 1e-9; done += Tick) _playback.Advance(Tick);
        }
    }
}
