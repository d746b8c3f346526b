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
        readonly ISocket _socket;
        readonly int _mostBytes;
        readonly Uri _url;
        string _status;

        /// <summary>address: which of the connection's.</summary>
        public Call(Connection connection, int address, string path)
        {
            _socket = connection.Socket(address, path);
            _mostBytes = connection.MostMessageBytes;
            _url = connection.Addresses[address];
        }

        public Task Open(CancellationToken cancelled) => Told(_socket.Connect(cancelled), "cannot connect to", cancelled);

        public Task Send(Bytes message, CancellationToken cancelled) => Told(_socket.Send(message, cancelled), "cannot send to", cancelled);

        /// <summary>In StreamMotion: nothing more will be sent.</summary>
        public Task CloseSending(CancellationToken cancelled) => Send(default, cancelled);

        /// <summary>The next response; null at the end.</summary>
        public async Task<Bytes?> Receive(CancellationToken cancelled)
        {
            for (; ; )
            {
                SocketMessage message;
                try
                {
                    message = await _socket.Receive(_mostBytes, cancelled).ConfigureAwait(false);
                }
                catch (Exception error) when (!(error is PantoMatrixException) && _status != null)
                {
                    message = new SocketMessage { Kind = SocketMessageKind.Closed, CloseCode = 1006, CloseReason = "" };
                }
                catch (Exception error)
                {
                    throw Lost("lost the connection to", error, cancelled);
                }
                if (message.Kind == SocketMessageKind.Binary) return message.Data;
                if (message.Kind == SocketMessageKind.Text)
                {
                    var text = message.Data;
                    _status = text.Count == 0 ? "" : Encoding.UTF8.GetString(text.Array, text.Offset, text.Count);
                    continue;
                }
                var status = Status.Of(message.CloseCode, message.CloseReason, _status);
                if (status != null) throw status;
                return null;
            }
        }

        /// <summary>After the last response. What goes wrong does not matter any more.</summary>
        public async Task Leave()
        {
            using (var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
                try
                {
                    await _socket.Close(soon.Token).ConfigureAwait(false);
                }
                catch (Exception error) when (IsOfConnections(error)) { }
        }

        public void Dispose() => _socket.Dispose();

        async Task Told(Task task, string what, CancellationToken cancelled)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (Exception error)
            {
                throw Lost(what, error, cancelled);
            }
        }

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
