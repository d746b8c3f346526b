using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Servers that are full, gone for a while, or behind a proxy that cuts.</summary>
    static class OutageTests
    {
        const int Rate = 16000, Chunk = 320;

        /// <summary>full: a server that takes one stream.</summary>
        public static void Full(string full, string other)
        {
            using (var taken = Open(full))
            {
                Header(taken);
                var error = Check.Throws<PantoMatrixException>(() => Header(Open(full)));
                Check.Equal(error.Code, ErrorCode.ResourceExhausted, "the code of a full server");
                using (var elsewhere = Open(full, other)) Header(elsewhere);
            }
            Console.WriteLine("full ok");
        }

        /// <summary>A sentence is interrupted while no server answers, and another is said: it alone is heard of when the server is
        /// back. Reads a line once the server was killed.</summary>
        public static void Interrupted(string address, string speech)
        {
            var samples = LiveTests.Samples(speech);
            using (var stream = new LiveStream(new Connection(address), new StreamStart { Format = LiveTests.Format(), EchoAudio = true }))
            {
                var events = LiveTests.Events(stream, 60).GetEnumerator();
                void Push(int from, int count)
                {
                    for (int at = from; at < from + count; at += Chunk) Check.That(stream.PushAudio(samples, at, Chunk), "there is room");
                }
                Push(0, Rate);
                long next = 0;
                while (next < 10) next = Next(events, next);
                Console.WriteLine("now");
                Console.ReadLine();
                Push(Rate, Rate / 2);
                while (stream.State != LiveState.GoingOn) Thread.Sleep(2);
                stream.Interrupt();
                Push(3 * Rate, Rate / 2);
                stream.EndUtterance();
                stream.Close();
                Console.WriteLine("said");
                var ends = new List<string>();
                var heard = new List<short>();
                bool hasGoneOn = false;
                while (events.MoveNext())
                {
                    var one = events.Current;
                    hasGoneOn |= one.GoneOn != null;
                    if (one.UtteranceEnd != null) ends.Add((one.UtteranceEnd.Interrupted ? "interrupted " : "") + one.UtteranceEnd.Utterance);
                    if (one.Audio != null && hasGoneOn)
                        for (int at = 0; at < one.Audio.Samples.Count; at += 2)
                            heard.Add(BitConverter.ToInt16(one.Audio.Samples.Array, one.Audio.Samples.Offset + at));
                    if (one.Frames == null) continue;
                    Check.Equal(one.Frames.FirstFrame, next, "the next frame");
                    next += one.Frames.FrameCount;
                }
                Check.That(hasGoneOn, "it has gone on");
                // What was said before the server was lost may have come to be heard, what was said after it and cut off not.
                Check.That(heard.Count <= 3 * Rate / 2, $"what was interrupted is not heard, {(double)heard.Count / Rate} s are");
                for (int at = 0; at < Rate / 2; ++at)
                    Check.Equal(heard[heard.Count - Rate / 2 + at], samples[3 * Rate + at], $"sample {at} of what was said then");
                Console.WriteLine(string.Join(", ", ends));
            }
        }

        /// <summary>So many clips through a proxy that cuts each of them.</summary>
        public static void Cut(string proxy, string speech, int clips)
        {
            var request = new GenerateMotionRequest
            {
                Audio = new Audio { Encoded = new EncodedAudio { Data = File.ReadAllBytes(speech) } },
            };
            for (int i = 0; i < clips; ++i)
            {
                var error = Check.Throws<PantoMatrixException>(() => new Client(new Connection(proxy)).Generate(request).GetAwaiter().GetResult());
                Console.WriteLine($"{error.Code}: {error.Message}");
            }
        }

        static LiveStream Open(params string[] addresses) =>
            new LiveStream(new Connection(addresses), new StreamStart { Format = LiveTests.Format() }, new LiveOptions { ReconnectSeconds = 0 });

        static void Header(LiveStream stream)
        {
            foreach (var one in LiveTests.Events(stream, 60))
                if (one.Header != null) return;
        }

        static long Next(IEnumerator<LiveEvent> events, long next)
        {
            Check.That(events.MoveNext(), "something comes");
            return next + (events.Current.Frames?.FrameCount ?? 0);
        }
    }
}
