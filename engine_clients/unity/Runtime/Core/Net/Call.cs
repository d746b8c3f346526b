using System;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace PantoMatrix
{
    /// <summary>One call of the contract, which is one WebSocket. What goes wrong is a PantoMatrixException.</summary>
    public sealed class Call : IDisposable
    {
        const int FirstBufferBytes = 1 << 14;
        static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);
        readonly ISocket _socket;
        readonly int _mostBytes;
        readonly Uri _url;
        byte[] _buffer = new byte[FirstBufferBytes];
        string _status;

        /// <summary>address: which of the connection's.</summary>
        public Call(Connection connection, int address, string path)
        {
            _socket = connection.Socket(address, path);
            _mostBytes = connection.MostMessageBytes;
            _url = connection.Addresses[address];
        }

        public async Task Open(CancellationToken cancelled)
        {
            try
            {
                await _socket.Connect(cancelled).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                throw Lost("cannot connect to", error, cancelled);
            }
        }

        /// <summary>The message's memory is the caller's again when the task ends.</summary>
        public async Task Send(Bytes message, CancellationToken cancelled)
        {
            try
            {
                await _socket.Send(message, cancelled).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                throw Lost("cannot send to", error, cancelled);
            }
        }

        /// <summary>In StreamMotion: nothing more will be sent.</summary>
        public Task CloseSending(CancellationToken cancelled) => Send(default, cancelled);

        /// <summary>All responses, to the end. take: gets one after the other; their bytes are its own until it returns.</summary>
        public async Task Receive(Action<Bytes> take, CancellationToken cancelled)
        {
            for (int count = 0; ;)
            {
                if (count == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * count, (long)_mostBytes + 1));
                WebSocketReceiveResult part;
                try
                {
                    part = await _socket.Receive(new ArraySegment<byte>(_buffer, count, _buffer.Length - count), cancelled).ConfigureAwait(false);
                }
                catch (Exception error)
                {
                    throw _status != null && !cancelled.IsCancellationRequested
                        ? Status.Of(0, "", _status) : Lost("lost the connection to", error, cancelled);
                }
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    var status = Status.Of((int)(part.CloseStatus ?? (WebSocketCloseStatus)1005), part.CloseStatusDescription ?? "", _status);
                    if (status != null) throw status;
                    return;
                }
                count += part.Count;
                if (count > _mostBytes)
                    throw new PantoMatrixException(
                        ErrorCode.ResourceExhausted, $"a message is larger than {_mostBytes} bytes", reason: "OVER_LIMIT");
                if (!part.EndOfMessage) continue;
                if (part.MessageType == WebSocketMessageType.Text) _status = Encoding.UTF8.GetString(_buffer, 0, count);
                else take(new Bytes(_buffer, 0, count));
                count = 0;
            }
        }

        /// <summary>After the last response. What goes wrong does not matter any more.</summary>
        public async Task Leave()
        {
            using (var soon = new CancellationTokenSource())
            using (new Deadline(soon, LongestGoodbye))
                try
                {
                    await _socket.Close(soon.Token).ConfigureAwait(false);
                }
                catch (Exception error) when (IsOfConnections(error)) { }
        }

        public void Dispose() => _socket.Dispose();

        Exception Lost(string what, Exception error, CancellationToken cancelled)
        {
            if (error is PantoMatrixException) return error;
            if (cancelled.IsCancellationRequested) return new OperationCanceledException(cancelled);
            if (!IsOfConnections(error)) return new PantoMatrixException(ErrorCode.Internal, error.Message, inner: error);
            var root = error.GetBaseException();
            return new PantoMatrixException(ErrorCode.Unavailable, $"{what} {_url.Authority}: {root.Message}", inner: error);
        }

        static bool IsOfConnections(Exception error) =>
            error is WebSocketException || error is OperationCanceledException || error is ObjectDisposedException
            || error is System.IO.IOException || error is InvalidOperationException || error is System.Net.Sockets.SocketException
            || error is System.Net.WebException || error is System.Security.Authentication.AuthenticationException
            || error is AggregateException || error is NullReferenceException;
    }
}
