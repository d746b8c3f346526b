using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace PantoMatrix
{
    /// <summary>The WebSocket of .NET: for every platform but WebGL.</summary>
    public sealed class ClientSocket : ISocket
    {
        const int BufferBytes = 1 << 16;
        readonly ClientWebSocket _socket = new ClientWebSocket();
        readonly Uri _url;
        byte[] _buffer = new byte[BufferBytes];

        public ClientSocket(Uri url, string token)
        {
            _url = url;
            _socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            if (!string.IsNullOrEmpty(token)) _socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        }

        public Task Connect(CancellationToken cancelled) => _socket.ConnectAsync(_url, cancelled);

        public Task Send(Bytes message, CancellationToken cancelled) =>
            _socket.SendAsync(
                new ArraySegment<byte>(message.Array ?? Array.Empty<byte>(), message.Offset, message.Count),
                WebSocketMessageType.Binary, true, cancelled);

        public async Task<SocketMessage> Receive(int mostBytes, CancellationToken cancelled)
        {
            for (int count = 0; ;)
            {
                if (count == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * count, (long)mostBytes + 1));
                var room = new ArraySegment<byte>(_buffer, count, _buffer.Length - count);
                var part = await _socket.ReceiveAsync(room, cancelled).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                    return new SocketMessage
                    {
                        Kind = SocketMessageKind.Closed,
                        CloseCode = (int)(part.CloseStatus ?? _socket.CloseStatus ?? (WebSocketCloseStatus)1005),
                        CloseReason = part.CloseStatusDescription ?? "",
                    };
                count += part.Count;
                if (count > mostBytes)
                    throw new PantoMatrixException(
                        ErrorCode.ResourceExhausted, $"a message is larger than {mostBytes} bytes", reason: "OVER_LIMIT");
                if (!part.EndOfMessage) continue;
                bool isText = part.MessageType == WebSocketMessageType.Text;
                return new SocketMessage
                {
                    Kind = isText ? SocketMessageKind.Text : SocketMessageKind.Binary,
                    Data = new Bytes(_buffer, 0, count).ToArray(),
                };
            }
        }

        public Task Close(CancellationToken cancelled) =>
            _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancelled);

        public void Dispose()
        {
            _socket.Abort();
            _socket.Dispose();
        }
    }
}
