using System;
using System.Diagnostics;
using System.Linq;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Messages that were damaged: each is read or refused with DataLoss, and never anything else.</summary>
    static class FuzzTests
    {
        public static void Run(string folder, double seconds)
        {
            var whole = VectorTests.Messages(folder, "stream_responses").Concat(VectorTests.Messages(folder, "compact_responses"))
                .Select(one => one.ToArray()).ToList();
            var random = new Random(5);
            var clock = Stopwatch.StartNew();
            int read = 0, refused = 0;
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                byte[] one = Damaged(whole[random.Next(whole.Count)], random);
                try
                {
                    var message = Message.Parse(new StreamMotionResponse(), one);
                    message.ToBytes();
                    Use(message);
                    ++read;
                }
                catch (PantoMatrixException error) when (error.Code == ErrorCode.DataLoss)
                {
                    ++refused;
                }
                byte[] text = Enumerable.Range(0, random.Next(60)).Select(_ => (byte)"{}[]\":,\\u0041te-1.5 "[random.Next(20)]).ToArray();
                Status.Of(4003, "", System.Text.Encoding.ASCII.GetString(text));
            }
            Check.That(read > 100 && refused > 100, $"both happens: {read} read, {refused} refused");
            Console.WriteLine($"fuzz ok: {read} read, {refused} refused");
        }

        static void Use(StreamMotionResponse message)
        {
            if (message.Header == null) return;
            var layout = new FrameLayout(message.Header);
            if (layout.BytesPerFrame > 1 << 16) return;
            var block = new FrameBlock { FrameCount = 1, Data = new byte[layout.BytesPerFrame] };
            new Frames().Append(block, layout);
        }

        static byte[] Damaged(byte[] whole, Random random)
        {
            byte[] one = (byte[])whole.Clone();
            for (int i = random.Next(4); i >= 0; --i) one[random.Next(one.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) Array.Resize(ref one, random.Next(one.Length));
            return one;
        }
    }
}
