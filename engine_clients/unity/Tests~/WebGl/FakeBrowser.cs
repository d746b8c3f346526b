using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;

namespace PantoMatrix
{
    /// <summary>What PantoMatrixSocket.jslib does, on the calling thread alone: a WebSocket over a socket that never waits. It is
    /// driven by whoever asks.</summary>
    static class WebGlFunctions
    {
        static readonly Dictionary<int, FakeBrowserSocket> All = new Dictionary<int, FakeBrowserSocket>();
        static int _last;

        public static int PantoMatrixSocketOpen(byte[] url, int urlCount, byte[] protocols, int protocolsCount)
        {
            All[++_last] = new FakeBrowserSocket(
                new Uri(Encoding.UTF8.GetString(url, 0, urlCount)), Encoding.UTF8.GetString(protocols, 0, protocolsCount));
            return _last;
        }

        public static int PantoMatrixSocketState(int handle)
        {
            if (!All.TryGetValue(handle, out var one)) return 1006;
            one.Step();
            if (one.CloseCode != 0) return one.Unread.Count > 1 ? 1 : one.CloseCode;
            return one.IsOpen ? 1 : 0;
        }

        public static int PantoMatrixSocketSend(int handle, byte[] data, int from, int count)
        {
            if (!All.TryGetValue(handle, out var one) || one.CloseCode != 0) return -1;
            if (one.Unsent > 0 && one.Unsent + count > 4 << 20) return 0;
            one.Send(2, data, from, count);
            return 1;
        }

        public static int PantoMatrixSocketNextSize(int handle)
        {
            if (!All.TryGetValue(handle, out var one)) return -1;
            one.Step();
            if (one.Unread.Count == 0) return -1;
            var next = one.Unread.Peek();
            int size = next.Bytes.Length - one.At;
            return next.IsText ? -2 - size : size;
        }

        public static int PantoMatrixSocketRead(int handle, byte[] into, int from, int room)
        {
            if (!All.TryGetValue(handle, out var one) || one.Unread.Count == 0) return 0;
            var next = one.Unread.Peek();
            int count = Math.Min(room, next.Bytes.Length - one.At);
            Buffer.BlockCopy(next.Bytes, one.At, into, from, count);
            one.At += count;
            if (one.At < next.Bytes.Length) return count;
            one.Unread.Dequeue();
            one.At = 0;
            return count;
        }

        public static void PantoMatrixSocketClose(int handle)
        {
            if (!All.TryGetValue(handle, out var one)) return;
            All.Remove(handle);
            one.Close();
        }

        public static int OpenSockets => All.Count;
    }

    struct FakeMessage
    {
        public byte[] Bytes;
        public bool IsText;
    }

    /// <summary>RFC 6455, as far as the server uses it.</summary>
    sealed class FakeBrowserSocket
    {
        public readonly Queue<FakeMessage> Unread = new Queue<FakeMessage>();
        public int At, CloseCode;
        public bool IsOpen;
        readonly Socket _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        readonly List<byte> _out = new List<byte>(), _in = new List<byte>(), _message = new List<byte>();
        readonly byte[] _piece = new byte[1 << 16];
        bool _isText;

        public FakeBrowserSocket(Uri url, string protocols)
        {
            try
            {
                _socket.Connect(url.Host, url.Port);
            }
            catch (SocketException)
            {
                End(1006, "");
                return;
            }
            _socket.Blocking = false;
            _out.AddRange(Encoding.ASCII.GetBytes(
                $"GET {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + $"Sec-WebSocket-Protocol: {protocols.Replace(",", ", ")}\r\nOrigin: http://localhost:1234\r\n\r\n"));
        }

        public int Unsent => _out.Count;

        public void Send(byte kind, byte[] data, int from, int count)
        {
            _out.Add((byte)(0x80 | kind));
            if (count < 126) _out.Add((byte)(0x80 | count));
            else
            {
                int bytes = count < 1 << 16 ? 2 : 8;
                _out.Add((byte)(bytes == 2 ? 0xFE : 0xFF));
                for (int i = bytes - 1; i >= 0; --i) _out.Add((byte)((long)count >> (8 * i)));
            }
            _out.AddRange(new byte[4]);
            _out.AddRange(new ArraySegment<byte>(data, from, count));
            Step();
        }

        public void Close()
        {
            if (CloseCode == 0 && IsOpen) Send(8, new byte[] { 1000 >> 8, 1000 & 255 }, 0, 2);
            _socket.Dispose();
        }

        public void Step()
        {
            if (CloseCode != 0) return;
            try
            {
                while (_out.Count > 0)
                {
                    int sent = _socket.Send(_out.GetRange(0, Math.Min(_out.Count, _piece.Length)).ToArray());
                    _out.RemoveRange(0, sent);
                }
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock) { }
            catch (SocketException) { }
            try
            {
                for (int count; (count = _socket.Receive(_piece)) > 0;) _in.AddRange(new ArraySegment<byte>(_piece, 0, count));
                Take();
                End(1006, "");
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
                Take();
            }
            catch (SocketException)
            {
                Take();
                End(1006, "");
            }
        }

        void Take()
        {
            if (!IsOpen)
            {
                string head = Encoding.ASCII.GetString(_in.ToArray());
                int end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end < 0) return;
                if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) End(1006, "");
                IsOpen = true;
                _in.RemoveRange(0, end + 4);
            }
            while (CloseCode == 0 && TakeFrame()) { }
        }

        bool TakeFrame()
        {
            if (_in.Count < 2) return false;
            int kind = _in[0] & 15, at = 2;
            long length = _in[1] & 127;
            if (length > 125)
            {
                int bytes = length == 126 ? 2 : 8;
                if (_in.Count < 2 + bytes) return false;
                for (length = 0; at < 2 + bytes; ++at) length = length << 8 | _in[at];
            }
            if (_in.Count < at + length) return false;
            byte[] data = _in.GetRange(at, (int)length).ToArray();
            bool isLast = (_in[0] & 0x80) != 0;
            _in.RemoveRange(0, at + (int)length);
            if (kind == 8) End(data.Length < 2 ? 1005 : data[0] << 8 | data[1], data.Length < 2 ? "" : Encoding.UTF8.GetString(data, 2, data.Length - 2));
            else if (kind == 9) Send(10, data, 0, data.Length);
            else if (kind < 3)
            {
                if (kind > 0) _isText = kind == 1;
                _message.AddRange(data);
                if (!isLast) return true;
                Unread.Enqueue(new FakeMessage { Bytes = _message.ToArray(), IsText = _isText });
                _message.Clear();
            }
            return true;
        }

        void End(int code, string reason)
        {
            if (CloseCode != 0) return;
            CloseCode = code;
            Unread.Enqueue(new FakeMessage { Bytes = Encoding.UTF8.GetBytes(reason), IsText = true });
        }
    }
}
