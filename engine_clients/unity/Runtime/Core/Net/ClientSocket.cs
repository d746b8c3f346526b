using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace PantoMatrix
{
    /// <summary>The WebSocket of .NET: for every platform but WebGL.</summary>
    public sealed class ClientSocket : ISocket
    {
        readonly ClientWebSocket _socket = new ClientWebSocket();
        readonly Uri _url;

        public ClientSocket(Uri url, string token)
        {
            _url = url;
            _socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            if (!string.IsNullOrEmpty(token)) _socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        }

        /// <summary>To be changed before Connect, as proxies. RemoteCertificateValidationCallback is asked by .NET, and not by Mono 6.8,
        /// where the system has to trust a server's certificate.</summary>
        public ClientWebSocketOptions Options => _socket.Options;

        public Task Connect(CancellationToken cancelled) => _socket.ConnectAsync(_url, cancelled);

        public Task Send(Bytes message, CancellationToken cancelled) =>
            _socket.SendAsync(
                new ArraySegment<byte>(message.Array ?? Array.Empty<byte>(), message.Offset, message.Count),
                WebSocketMessageType.Binary, true, cancelled);

        public Task<WebSocketReceiveResult> Receive(ArraySegment<byte> into, CancellationToken cancelled) =>
            _socket.ReceiveAsync(into, cancelled);

        public Task Close(CancellationToken cancelled) =>
            _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancelled);

        public void Dispose()
        {
            _socket.Abort();
            _socket.Dispose();
        }
    }
}
