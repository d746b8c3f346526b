using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Live streams to a real server. Speech is 16-bit PCM at 16 kHz.</summary>
    static class LiveTests
    {
        const int Rate = 16000, Chunk = 320;

        public static void Run(string address, string speech)
        {
            var samples = Samples(speech);
            EqualsTheClip(address, samples);
            IsInterruptedAndChanged(address, samples);
            FollowsText(address, samples);
            Refused(address);
            IsNotPolled(address, samples);
            Console.WriteLine("live ok");
        }

        static void EqualsTheClip(string address, short[] samples)
        {
            var bytes = new byte[2 * samples.Length];
            Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
            var request = new GenerateMotionRequest { Audio = new Audio { Pcm = new PcmAudio { Format = Format(), Samples = bytes } } };
            var clip = new Client(new Connection(address)).Generate(request).Result;
            var found = new List<float>();
            var echo = new MemoryStream();
            var begins = 0;
            using (var stream = new LiveStream(new Connection(address), new StreamStart { Format = Format(), EchoAudio = true, MaxAheadSeconds = 0, LookAheadSeconds = 0.5 }))
            {
                var pushing = new Thread(() =>
                {
                    for (int at = 0; at < samples.Length; at += Chunk)
                        while (!stream.PushAudio(samples, at, Math.Min(Chunk, samples.Length - at))) Thread.Sleep(1);
                    stream.Close();
                });
                pushing.Start();
                FrameLayout layout = null;
                MotionSummary summary = null;
                foreach (var one in Events(stream, 60))
                {
                    if (one.Header != null) layout = new FrameLayout(one.Header);
                    if (one.Frames != null) found.AddRange(one.Frames.Data.Take(one.Frames.FrameCount * layout.Floats));
                    if (one.Audio != null) echo.Write(one.Audio.Samples.Array, one.Audio.Samples.Offset, one.Audio.Samples.Count);
                    if (one.UtteranceBegin != null) ++begins;
                    summary = one.Summary ?? summary;
                }
                Check.That(summary != null, "a summary comes");
                pushing.Join();
            }
            Check.Equal(begins, 1, "utterances");
            Check.Equal(found.Count, clip.Frames.FrameCount * clip.Layout.Floats, "numbers of frames");
            int differs = Enumerable.Range(0, found.Count).FirstOrDefault(i => found[i] != clip.Frames.Data[i]);
            Check.Equal(found[differs], clip.Frames.Data[differs], $"number {differs % clip.Layout.Floats} of frame {differs / clip.Layout.Floats}");
            Check.That(echo.ToArray().SequenceEqual(bytes), "the echo is what was said");
        }

        static void IsInterruptedAndChanged(string address, short[] samples)
        {
            using (var stream = new LiveStream(new Connection(address), new StreamStart { Format = Format() }))
            {
                Check.That(stream.PushAudio(samples, 0, 2 * Rate), "there is room for two seconds");
                Check.That(!stream.PushAudio(samples, 0, 8 * Rate), "a buffer takes nothing that is larger");
                Check.Equal(stream.DroppedAudioBytes, 16L * Rate, "bytes that were dropped");
                long end = 0, again = -1, smile = -1;
                bool asked = false, refused = false, changed = false;
                FrameLayout layout = null;
                UtteranceEnd ended = null;
                foreach (var one in Events(stream, 60))
                {
                    if (one.Header != null)
                    {
                        layout = new FrameLayout(one.Header);
                        smile = layout.Weights + one.Header.CurveNames.IndexOf("mouthSmileLeft");
                    }
                    if (one.Frames != null)
                    {
                        if (one.Frames.FirstFrame < end) again = one.Frames.FirstFrame;
                        end = one.Frames.FirstFrame + one.Frames.FrameCount;
                        if (refused) changed |= one.Frames.Data[smile] > 0.5;
                        if (changed) break;
                    }
                    if (end > 20 && !asked)
                    {
                        stream.Interrupt(15 / layout.Fps);
                        asked = true;
                    }
                    if (one.UtteranceEnd != null)
                    {
                        ended = one.UtteranceEnd;
                        stream.Change(new StreamOptions { Speaker = "nobody" });
                        var joy = new Emotions { Entries = { new EmotionStrength { Emotion = "joy", Strength = 1 } } };
                        stream.Change(new StreamOptions { Emotions = joy });
                    }
                    if (one.Refusal != null)
                    {
                        Check.Equal(one.Refusal.Reason, ErrorReason.UnknownName, "the reason");
                        refused = true;
                    }
                }
                Check.That(ended != null && ended.Interrupted, "an interrupt is answered");
                Check.That(again > 0 && again <= 17, $"frames come again from what was played on, from {again}");
                Check.That(refused && changed, "one change is refused, one followed");
            }
        }

        static void FollowsText(string address, short[] samples)
        {
            TimedText Said(string symbol) => new TimedText
            {
                Alphabet = Alphabet.Ipa, Symbols = { new TimedSymbol { Symbol = symbol, StartSeconds = 1 } },
            };
            using (var stream = new LiveStream(new Connection(address), new StreamStart { Format = Format(), MaxAheadSeconds = 0 }, new LiveOptions { AudioBufferSeconds = 4 }))
            {
                Check.That(stream.PushText(Said("u")) && stream.PushText(Said("Q")), "there is room for text");
                Check.That(stream.PushAudio(samples, 0, 3 * Rate), "there is room for three seconds");
                stream.Close();
                FrameLayout layout = null;
                int funnel = -1;
                float round = 0;
                string refused = null;
                foreach (var one in Events(stream, 20))
                {
                    if (one.Header != null)
                    {
                        layout = new FrameLayout(one.Header);
                        funnel = layout.Weights + one.Header.CurveNames.IndexOf("mouthFunnel");
                    }
                    refused = one.Refusal?.Field ?? refused;
                    if (one.Frames == null) continue;
                    long at = 75 - one.Frames.FirstFrame;
                    if (at >= 0 && at < one.Frames.FrameCount) round = one.Frames.Data[(int)at * layout.Floats + funnel];
                }
                Check.That(round > 0.3f, $"lips are round, {round}");
                Check.Equal(refused, "audio.timed_text.symbols", "what was refused");
            }
        }

        static void Refused(string address)
        {
            var start = new StreamStart { Format = Format(), Options = new MotionOptions { Skeleton = "nobody" } };
            using (var stream = new LiveStream(new Connection(address), start))
            {
                var error = Error(stream);
                Check.Equal(error.Code, ErrorCode.NotFound, "the code");
                Check.That(error.RequestId.Length > 8, "there is a request id");
            }
            var nobody = new LiveOptions { ReconnectSeconds = 0.5 };
            using (var stream = new LiveStream(new Connection("127.0.0.1:1"), new StreamStart { Format = Format() }, nobody))
                Check.Equal(Error(stream).Code, ErrorCode.Unavailable, "the code where nobody is");
        }

        /// <summary>A game that stands still: what there is no room for is told of, and the clock goes on after it.</summary>
        static void IsNotPolled(string address, short[] samples)
        {
            var start = new StreamStart { Format = Format(), MaxAheadSeconds = 0 };
            using (var stream = new LiveStream(new Connection(address), start, new LiveOptions { EventCapacity = 4 }))
            {
                var clock = Stopwatch.StartNew();
                for (int at = 0; stream.DroppedFrames < 60; at = (at + Chunk) % (4 * Rate))
                {
                    Check.That(clock.Elapsed.TotalSeconds < 60, "frames are dropped");
                    if (!stream.PushAudio(samples, at, Chunk)) Thread.Sleep(2);
                }
                var playback = new Playback();
                Dropped dropped = null;
                foreach (var one in Events(stream, 60))
                {
                    playback.Feed(one);
                    playback.Advance(0.01);
                    dropped = one.Dropped ?? dropped;
                    stream.PushAudio(samples, 0, Chunk);
                    if (dropped == null || one.Frames == null) continue;
                    Check.Equal(one.Frames.FirstFrame, dropped.FirstFrame + dropped.FrameCount, "the first frame after the gap");
                    Check.That(dropped.FrameCount >= 60, "all that were dropped are told of");
                    Check.Near(playback.Time, one.Frames.FirstFrame / playback.Layout.Fps, 0.1, "the clock after the gap");
                    return;
                }
            }
        }

        public static void WrongToken(string address)
        {
            using (var stream = new LiveStream(new Connection(address, "wrong"), new StreamStart { Format = Format() }))
                Check.Equal(Error(stream).Code, ErrorCode.Unauthenticated, "the code of a stream with a wrong token");
        }

        /// <summary>Two sentences of two seconds as they are spoken; says when the first server may be killed. All frames go into
        /// a file, after the layout's numbers of joints and floats.</summary>
        public static void GoesOn(string first, string second, string speech, string output)
        {
            var samples = Samples(speech);
            using (var stream = new LiveStream(new Connection(new[] { first, second }), new StreamStart { Format = Format() }))
            using (var file = new BinaryWriter(File.Create(output)))
            {
                var pushing = new Thread(() => Speak(stream, samples));
                FrameLayout layout = null;
                long next = 0;
                var ends = new List<int>();
                foreach (var one in Events(stream, 60))
                {
                    if (one.Header != null)
                    {
                        layout = new FrameLayout(one.Header);
                        file.Write(layout.Joints);
                        file.Write(layout.Floats);
                        pushing.Start();
                    }
                    if (one.Frames != null)
                    {
                        Check.Equal(one.Frames.FirstFrame, next, "the next frame");
                        next += one.Frames.FrameCount;
                        for (int i = 0; i < one.Frames.FrameCount * layout.Floats; ++i) file.Write(one.Frames.Data[i]);
                    }
                    if (one.UtteranceEnd != null) ends.Add(one.UtteranceEnd.Utterance);
                    if (one.GoneOn == null) continue;
                    Check.Equal(one.GoneOn.FirstFrame, next, "where it goes on");
                    Console.WriteLine($"seam {next} {one.GoneOn.Address} {one.GoneOn.LostSeconds:F2}");
                }
                Check.Equal(string.Join(" ", ends), "0 1", "utterances that ended");
                Console.WriteLine($"whole {next}");
            }
        }

        static void Speak(LiveStream stream, short[] samples)
        {
            var clock = Stopwatch.StartNew();
            for (int sentence = 0; sentence < 2; ++sentence)
            {
                double from = clock.Elapsed.TotalSeconds;
                for (int at = 0; at < 2 * Rate; at += Chunk)
                {
                    while (clock.Elapsed.TotalSeconds - from < (double)at / Rate) Thread.Sleep(2);
                    Check.That(stream.PushAudio(samples, at, Chunk), "there is room");
                    if (sentence == 0 && at == Rate) Console.WriteLine("now");
                }
                stream.EndUtterance();
                Thread.Sleep(700);
            }
            stream.Close();
        }

        static PantoMatrixException Error(LiveStream stream)
        {
            try
            {
                foreach (var _ in Events(stream, 60)) { }
            }
            catch (PantoMatrixException error)
            {
                return error;
            }
            throw new Exception("the stream ended well");
        }

        /// <summary>What comes, until the stream ends; an error is thrown.</summary>
        public static IEnumerable<LiveEvent> Events(LiveStream stream, double seconds)
        {
            var clock = Stopwatch.StartNew();
            var one = new LiveEvent();
            for (; ; )
            {
                Check.That(clock.Elapsed.TotalSeconds < seconds, "the stream ends in time");
                if (!stream.Poll(one))
                {
                    Thread.Sleep(2);
                    continue;
                }
                if (one.Kind != LiveEventKind.Ended)
                {
                    yield return one;
                    continue;
                }
                if (one.Error != null) throw one.Error;
                yield break;
            }
        }

        public static PcmFormat Format() => new PcmFormat { Encoding = PcmEncoding.S16Le, SampleRateHz = Rate, Channels = 1 };

        public static short[] Samples(string path)
        {
            byte[] bytes = File.ReadAllBytes(path);
            var samples = new short[bytes.Length / 2];
            Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
            return samples;
        }
    }
}
