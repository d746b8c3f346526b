using System;
using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>Arrays that are used again. For all threads.</summary>
    sealed class ByteArrays
    {
        const int Smallest = 1 << 12, MostKept = 64, LargestKept = 1 << 20;
        readonly Stack<byte[]> _free = new Stack<byte[]>();

        /// <summary>A copy, whose array Return takes back. Nothing of nothing.</summary>
        public Bytes Copy(Bytes bytes)
        {
            if (bytes.Count == 0) return default;
            byte[] array = null;
            lock (_free)
                if (_free.Count > 0) array = _free.Pop();
            if (array == null || array.Length < bytes.Count) array = new byte[RoundUp(bytes.Count)];
            Buffer.BlockCopy(bytes.Array, bytes.Offset, array, 0, bytes.Count);
            return new Bytes(array, 0, bytes.Count);
        }

        public void Return(Bytes bytes)
        {
            if (bytes.Array == null || bytes.Array.Length > LargestKept) return;
            lock (_free)
                if (_free.Count < MostKept) _free.Push(bytes.Array);
        }

        static int RoundUp(int count)
        {
            int size = Smallest;
            while (size < count && size < 1 << 30) size *= 2;
            return Math.Max(size, count);
        }
    }
}
