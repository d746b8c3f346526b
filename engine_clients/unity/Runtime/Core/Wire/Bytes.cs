using System;

namespace PantoMatrix
{
    /// <summary>Some bytes of an array. A byte[] converts to it by itself.</summary>
    public readonly struct Bytes
    {
        public readonly byte[] Array;
        public readonly int Offset, Count;

        public Bytes(byte[] array, int offset, int count)
        {
            if (array == null) throw new ArgumentNullException(nameof(array));
            if (offset < 0 || count < 0 || count > array.Length - offset) throw new ArgumentOutOfRangeException(nameof(count));
            Array = array;
            Offset = offset;
            Count = count;
        }

        public byte this[int index] => Array[Offset + index];

        public Bytes Part(int from, int count)
        {
            if (from < 0 || count < 0 || count > Count - from) throw new ArgumentOutOfRangeException(nameof(count));
            return count == 0 ? default : new Bytes(Array, Offset + from, count);
        }

        public byte[] ToArray()
        {
            var copy = new byte[Count];
            if (Count > 0) Buffer.BlockCopy(Array, Offset, copy, 0, Count);
            return copy;
        }

        public static implicit operator Bytes(byte[] array) => array == null ? default : new Bytes(array, 0, array.Length);
    }
}
