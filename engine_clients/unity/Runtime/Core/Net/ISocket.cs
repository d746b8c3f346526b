using System;
using System.Threading;
using System.Threading.Tasks;

namespace PantoMatrix
{
    public enum SocketMessageKind { Binary, Text, Closed }

    /// <summary>A message of a WebSocket, or its end.</summary>
    public struct SocketMessage
    {
        public SocketMessageKind Kind;
        public Bytes Data;

        /// <summary>Of Closed: the number that it was closed with, 1006 where it just broke.</summary>
        public int CloseCode;

        public string CloseReason;
    }

    /// <summary>A WebSocket. One call of each function runs at a time; Connect comes first. Where a connection breaks, functions
    /// throw; Dispose ends it at once, and whatever still waits then throws or ends.</summary>
    public interface ISocket : IDisposable
    {
        Task Connect(CancellationToken cancelled);
        Task Send(Bytes message, CancellationToken cancelled);

        /// <summary>The next message, in an array of its own, of at most so many bytes.</summary>
        Task<SocketMessage> Receive(int mostBytes, CancellationToken cancelled);

        /// <summary>Says goodbye with 1000, and does not wait for an answer.</summary>
        Task Close(CancellationToken cancelled);
    }

    /// <summary>Makes a socket to a URL (ws:// or wss://). token: empty, or for the server.</summary>
    public delegate ISocket SocketFactory(Uri url, string token);
}
