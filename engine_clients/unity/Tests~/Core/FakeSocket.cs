using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>A server that says what it was told to, in pieces of a few bytes, and closes.</summary>
    sealed class FakeSocket : ISocket
    {
        const int MostBytes = 7;
        readonly Queue<byte[]> _messages;
        readonly int _closeCode;
        int _at;

        public FakeSocket(IEnumerable<byte[]> messages, int closeCode)
        {
            _messages = new Queue<byte[]>(messages);
            _closeCode = closeCode;
        }

        public Task Connect(CancellationToken cancelled) => Task.FromResult(0);
        public Task Send(Bytes message, CancellationToken cancelled) => Task.FromResult(0);
        public Task Close(CancellationToken cancelled) => Task.FromResult(0);
        public void Dispose() { }

        public Task<WebSocketReceiveResult> Receive(ArraySegment<byte> into, CancellationToken cancelled)
        {
            if (_messages.Count == 0)
                return Task.FromResult(new WebSocketReceiveResult(0, WebSocketMessageType.Close, true, (WebSocketCloseStatus)_closeCode, ""));
            byte[] message = _messages.Peek();
            int count = Math.Min(Math.Min(into.Count, MostBytes), message.Length - _at);
            Buffer.BlockCopy(message, _at, into.Array, into.Offset, count);
            _at += count;
            bool isEnd = _at == message.Length;
            if (isEnd)
            {
                _messages.Dequeue();
                _at = 0;
            }
            return Task.FromResult(new WebSocketReceiveResult(count, WebSocketMessageType.Binary, isEnd));
        }
    }

    /// <summary>A server that says nothing, and whose connection cannot be closed.</summary>
    sealed class StuckSocket : ISocket
    {
        public Task Connect(CancellationToken cancelled) => Task.FromResult(0);
        public Task Send(Bytes message, CancellationToken cancelled) => Task.FromResult(0);
        public Task Close(CancellationToken cancelled) => Task.FromResult(0);
        public void Dispose() => throw new InvalidOperationException("it cannot be closed");

        public Task<WebSocketReceiveResult> Receive(ArraySegment<byte> into, CancellationToken cancelled) =>
            new TaskCompletionSource<WebSocketReceiveResult>().Task;
    }

    /// <summary>Answers that are not whole.</summary>
    static class FakeTests
    {
        public static void Run()
        {
            var header = new MotionHeader { Fps = 30, BytesPerFrame = 4, CurveNames = { "jawOpen" }, FrameCount = 2, RequestId = "r" };
            header.Channels.Add(new Channel { Kind = ChannelKind.Curves, Width = 1, Encoding = ChannelEncoding.Float32 });
            var summary = new GenerateMotionResponse { Summary = new MotionSummary { FrameCount = 2 } };
            var begin = new GenerateMotionResponse { Header = header };
            GenerateMotionResponse Block(int first, int bytes) =>
                new GenerateMotionResponse { Frames = new FrameBlock { FirstFrame = first, FrameCount = 1, Data = new byte[bytes] } };
            Check.Equal(Of(1000, begin, Block(0, 4), Block(1, 4), summary), null, "a whole clip");
            Lost(Of(1000, begin, Block(0, 4), Block(1, 4)), "without a summary");
            Lost(Of(1000, begin, Block(0, 4), summary), "with too few frames");
            Lost(Of(1000, begin, Block(1, 4), Block(2, 4), summary), "without the first frame");
            Lost(Of(1000, begin, Block(0, 3), Block(1, 4), summary), "with a short frame");
            Lost(Of(1000, Block(0, 4), summary), "without a header");
            Lost(Of(1000, summary), "with a summary alone");
            header.Channels[0].Offset = 1;
            Lost(Of(1000, begin, Block(0, 4), Block(1, 4), summary), "with a channel outside the frame");
            Check.Equal(Of(1006).Code, ErrorCode.Unavailable, "a broken connection");
            Check.Equal(Of(4014).Code, ErrorCode.Unavailable, "a refusal without a text");
            var whole = new[] { begin, Block(0, 4), Block(1, 4), summary };
            header.Channels[0].Offset = 0;
            var two = new Connection(new[] { "full", "nowhere" }, "", (url, token) =>
                url.Host == "full" ? new FakeSocket(new byte[0][], 4008) : new FakeSocket(whole.Select(one => one.ToBytes()), 1000));
            Check.Equal(new Client(two).Generate(new GenerateMotionRequest()).Result.Frames.FrameCount, 2, "frames of the server that has room");
            CannotBeClosed();
            Console.WriteLine("cut short ok");
        }

        /// <summary>Lets the thread of all streams continue.</summary>
        static void CannotBeClosed()
        {
            const int Patience = 30_000;
            for (int i = 0; i < 2; ++i)
            {
                bool isMade = false;
                var connection = new Connection("nowhere", "", (url, token) =>
                {
                    Volatile.Write(ref isMade, true);
                    return new StuckSocket();
                });
                var stream = new LiveStream(connection, new StreamStart { Format = LiveTests.Format() });
                Check.That(SpinWait.SpinUntil(() => Volatile.Read(ref isMade), Patience), "a server is looked for");
                stream.Dispose();
                Check.That(SpinWait.SpinUntil(() => stream.State == LiveState.Ended, Patience), "a stream that cannot be closed ends");
            }
        }

        static void Lost(PantoMatrixException error, string what) => Check.Equal(error.Code, ErrorCode.DataLoss, "a clip " + what);

        static PantoMatrixException Of(int closeCode, params GenerateMotionResponse[] responses)
        {
            var connection = new Connection("nowhere", "", (url, token) => new FakeSocket(responses.Select(one => one.ToBytes()), closeCode));
            try
            {
                new Client(connection).Generate(new GenerateMotionRequest()).GetAwaiter().GetResult();
                return null;
            }
            catch (PantoMatrixException error)
            {
                return error;
            }
        }
    }
}
