using System;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>A ring of records of any size between one thread that pushes and one that pops. Neither waits, and nothing is
    /// allocated by pushing.</summary>
    sealed class RecordRing
    {
        const int HeadBytes = 5;
        readonly byte[] _bytes;
        readonly byte[] _head = new byte[HeadBytes];
        long _written, _read;

        public RecordRing(int capacityBytes) => _bytes = new byte[capacityBytes];

        public bool IsEmpty => Volatile.Read(ref _read) == Volatile.Read(ref _written);

        /// <summary>data: an array of numbers, or null. False if there is no room, after which `keepFree` bytes are to be left.</summary>
        public bool Push(byte kind, Array data, int atByte, int count, int keepFree = 0)
        {
            long written = _written, used = written - Volatile.Read(ref _read);
            if (HeadBytes + (long)count + keepFree > _bytes.Length - used) return false;
            _head[0] = kind;
            for (int i = 0; i < 4; ++i) _head[1 + i] = (byte)(count >> (8 * i));
            Put(written, _head, 0, HeadBytes);
            if (count > 0) Put(written + HeadBytes, data, atByte, count);
            Volatile.Write(ref _written, written + HeadBytes + count);
            return true;
        }

        /// <summary>The kind of the next record, 0 if there is none, and how many bytes it has.</summary>
        public byte Peek(out int count)
        {
            count = 0;
            if (IsEmpty) return 0;
            for (int i = 0; i < 4; ++i) count |= _bytes[(_read + 1 + i) % _bytes.Length] << (8 * i);
            return _bytes[_read % _bytes.Length];
        }

        /// <summary>Takes the record that Peek told of.</summary>
        public void Pop(byte[] into, int at, int count)
        {
            long from = (_read + HeadBytes) % _bytes.Length;
            int first = (int)Math.Min(count, _bytes.Length - from);
            Buffer.BlockCopy(_bytes, (int)from, into, at, first);
            Buffer.BlockCopy(_bytes, 0, into, at + first, count - first);
            Volatile.Write(ref _read, _read + HeadBytes + count);
        }

        void Put(long place, Array data, int atByte, int count)
        {
            int start = (int)(place % _bytes.Length), first = Math.Min(count, _bytes.Length - start);
            Buffer.BlockCopy(data, atByte, _bytes, start, first);
            Buffer.BlockCopy(data, atByte + first, _bytes, 0, count - first);
        }
    }
}
