#if UNITY_WEBGL && !UNITY_EDITOR
using System;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using static PantoMatrix.WebGlFunctions;

namespace PantoMatrix
{
    /// <summary>The browser's WebSocket, asked once a frame. All on the page's one thread: what waits is answered in turns of
    /// OneThread, never by Cancel or Dispose themselves, which others call.</summary>
    sealed class WebGlSocket : ISocket
    {
        const int FirstCloseCode = 1000, Broken = 1006;
        static readonly byte[] Nothing = new byte[1];
        readonly byte[] _url, _protocols;
        int _handle;
        bool _isClosed, _isDisposed;
        TaskCompletionSource<bool> _connecting, _sending;
        TaskCompletionSource<WebSocketReceiveResult> _receiving;
        CancellationToken _connectCancelled, _sendCancelled, _receiveCancelled;
        Bytes _message;
        ArraySegment<byte> _into;

        /// <summary>token: a browser sets no headers, so it goes as a subprotocol.</summary>
        public WebGlSocket(Uri url, string token)
        {
            _url = Encoding.UTF8.GetBytes(url.AbsoluteUri);
            _protocols = Encoding.UTF8.GetBytes("pantomatrix.v1" + (string.IsNullOrEmpty(token) ? "" : ",pantomatrix.bearer." + token));
        }

        public Task Connect(CancellationToken cancelled)
        {
            _handle = PantoMatrixSocketOpen(_url, _url.Length, _protocols, _protocols.Length);
            _connectCancelled = cancelled;
            _connecting = new TaskCompletionSource<bool>();
            OneThread.Each(Turn);
            return _connecting.Task;
        }

        public Task Send(Bytes message, CancellationToken cancelled)
        {
            _message = message;
            if (TrySend()) return Task.CompletedTask;
            _sendCancelled = cancelled;
            _sending = new TaskCompletionSource<bool>();
            return _sending.Task;
        }

        public Task<WebSocketReceiveResult> Receive(ArraySegment<byte> into, CancellationToken cancelled)
        {
            _into = into;
            var part = TryReceive();
            if (part != null) return Task.FromResult(part);
            _receiveCancelled = cancelled;
            _receiving = new TaskCompletionSource<WebSocketReceiveResult>();
            return _receiving.Task;
        }

        public Task Close(CancellationToken cancelled)
        {
            if (!_isClosed && _handle != 0) PantoMatrixSocketClose(_handle);
            _isClosed = true;
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            Close(default);
            _isDisposed = true;
        }

        bool Turn()
        {
            ConnectTurn();
            SendTurn();
            ReceiveTurn();
            return !_isDisposed || _connecting != null || _sending != null || _receiving != null;
        }

        /// <summary>A server that closes at once has something to say, which Receive gives.</summary>
        void ConnectTurn()
        {
            if (_connecting == null) return;
            int state = _isDisposed ? Broken : PantoMatrixSocketState(_handle);
            if (state == 0 && !_connectCancelled.IsCancellationRequested) return;
            var done = _connecting;
            _connecting = null;
            if (IsGivenUp(done, _connectCancelled)) return;
            if (state != Broken) done.TrySetResult(true);
            else
            {
                string reason = Reason();
                if (reason == "") reason = "the browser does not say why, its console may; does the server allow this page's origin?";
                done.TrySetException(new WebSocketException(reason));
            }
        }

        void SendTurn()
        {
            if (_sending == null || (!_isDisposed && !_sendCancelled.IsCancellationRequested && !TrySend())) return;
            var done = _sending;
            _sending = null;
            if (!IsGivenUp(done, _sendCancelled)) done.TrySetResult(true);
        }

        void ReceiveTurn()
        {
            if (_receiving == null) return;
            var part = _isDisposed ? null : TryReceive();
            if (part == null && !_isDisposed && !_receiveCancelled.IsCancellationRequested) return;
            var done = _receiving;
            _receiving = null;
            if (!IsGivenUp(done, _receiveCancelled)) done.TrySetResult(part);
        }

        bool IsGivenUp<T>(TaskCompletionSource<T> waiting, CancellationToken cancelled)
        {
            if (cancelled.IsCancellationRequested) return waiting.TrySetCanceled();
            return _isDisposed && waiting.TrySetException(new ObjectDisposedException(nameof(WebGlSocket)));
        }

        /// <summary>What is sent to a socket that is closed is lost, as in any; Receive says so.</summary>
        bool TrySend() => PantoMatrixSocketSend(_handle, _message.Array ?? Nothing, _message.Offset, _message.Count) != 0;

        WebSocketReceiveResult TryReceive()
        {
            int size = PantoMatrixSocketNextSize(_handle);
            if (size == -1) return null;
            int state = PantoMatrixSocketState(_handle);
            if (state >= FirstCloseCode)
                return new WebSocketReceiveResult(0, WebSocketMessageType.Close, true, (WebSocketCloseStatus)state, Reason());
            bool isText = size < 0;
            int left = isText ? -2 - size : size;
            int count = PantoMatrixSocketRead(_handle, _into.Array, _into.Offset, _into.Count);
            return new WebSocketReceiveResult(count, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, count == left);
        }

        string Reason()
        {
            var bytes = new byte[256];
            return Encoding.UTF8.GetString(bytes, 0, PantoMatrixSocketRead(_handle, bytes, 0, bytes.Length));
        }
    }
}
#endif
