using System;
using System.Collections.Generic;
using System.Linq;

namespace PantoMatrix
{
    /// <summary>Where servers are that do the same, and how they are reached.</summary>
    public sealed class Connection
    {
        /// <summary>Of a message that comes. A clip's largest block has a megabyte, a catalog less.</summary>
        public int MostMessageBytes = 64 << 20;

        readonly string _token;
        readonly SocketFactory _makeSocket;

        /// <summary>address: "localhost:8080", or with ws://, wss://, http:// or https:// in front.</summary>
        public Connection(string address, string token = "", SocketFactory makeSocket = null)
            : this(new[] { address }, token, makeSocket) { }

        public Connection(IEnumerable<string> addresses, string token = "", SocketFactory makeSocket = null)
        {
            Addresses = addresses.Select(Url).ToArray();
            if (Addresses.Count == 0) throw new ArgumentException("no address, expected one at least", nameof(addresses));
            _token = token;
            _makeSocket = makeSocket ?? OneThread.Sockets ?? ((url, secret) => new ClientSocket(url, secret));
        }

        public IReadOnlyList<Uri> Addresses { get; }

        internal ISocket Socket(int address, string path) => _makeSocket(new Uri(Addresses[address], path), _token);

        static Uri Url(string address)
        {
            string text = address.Contains("://") ? address : "ws://" + address;
            if (text.StartsWith("http", StringComparison.Ordinal)) text = "ws" + text.Substring(4);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != "ws" && url.Scheme != "wss"))
                throw new ArgumentException($"'{address}' is no address of a server, expected one like localhost:8080 or wss://host");
            return url;
        }
    }
}
