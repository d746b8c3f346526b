using System.Threading;

namespace PantoMatrix
{
    /// <summary>A queue between one thread that pushes and one that pops. Neither waits; items are exchanged, so that the memory of
    /// those that were popped comes back to the one who pushes.</summary>
    sealed class SpscQueue<T>
    {
        readonly T[] _slots;
        long _written, _read;

        public SpscQueue(int capacity) => _slots = new T[capacity];

        public bool Push(ref T item)
        {
            if (_written - Volatile.Read(ref _read) == _slots.Length) return false;
            Exchange(ref item, _written);
            Volatile.Write(ref _written, _written + 1);
            return true;
        }

        public bool Pop(ref T item)
        {
            if (_read == Volatile.Read(ref _written)) return false;
            Exchange(ref item, _read);
            Volatile.Write(ref _read, _read + 1);
            return true;
        }

        void Exchange(ref T item, long place)
        {
            T other = _slots[place % _slots.Length];
            _slots[place % _slots.Length] = item;
            item = other;
        }
    }
}
