using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace PantoMatrix
{
    /// <summary>A WebSocket. One call of each function runs at a time; Connect comes first. Where a connection breaks, functions
    /// throw; Dispose ends it at once, and whatever still waits then throws or ends.</summary>
    public interface ISocket : IDisposable
    {
        Task Connect(CancellationToken cancelled);

        /// <summary>The message's memory is its caller's again when the task ends.</summary>
        Task Send(Bytes message, CancellationToken cancelled);

        /// <summary>What comes next of a message, as far as there is room for it.</summary>
        Task<WebSocketReceiveResult> Receive(ArraySegment<byte> into, CancellationToken cancelled);

        /// <summary>Says goodbye with 1000, and does not wait for an answer.</summary>
        Task Close(CancellationToken cancelled);
    }

    /// <summary>Makes a socket to a URL (ws:// or wss://). token: empty, or for the server.</summary>
    public delegate ISocket SocketFactory(Uri url, string token);
}
