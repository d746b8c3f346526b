using System;
using System.Collections.Generic;
using System.Text;

namespace PantoMatrix
{
    /// <summary>Writes protobuf. Tags are numbers with wire types, as they are stored.</summary>
    public sealed class WireWriter
    {
        byte[] _data = new byte[256];
        int _count;

        /// <summary>Begins again; the room stays.</summary>
        public void Clear() => _count = 0;

        public byte[] ToArray() => Written.ToArray();

        /// <summary>What was written, until something else is.</summary>
        public Bytes Written => new Bytes(_data, 0, _count);

        public void WriteInt32(int value) => Varint((ulong)(long)value);
        public void WriteInt64(long value) => Varint((ulong)value);
        public void WriteUInt64(ulong value) => Varint(value);
        public void WriteBool(bool value) => Varint(value ? 1u : 0u);
        public void WriteDouble(double value) => Fixed((ulong)BitConverter.DoubleToInt64Bits(value), 8);
        public void WriteFloat(float value) => Fixed(Floats.ToBits(value), 4);

        public void WriteInt32(uint tag, int value) { Varint(tag); WriteInt32(value); }
        public void WriteInt64(uint tag, long value) { Varint(tag); WriteInt64(value); }
        public void WriteUInt64(uint tag, ulong value) { Varint(tag); WriteUInt64(value); }
        public void WriteBool(uint tag, bool value) { Varint(tag); WriteBool(value); }
        public void WriteDouble(uint tag, double value) { Varint(tag); WriteDouble(value); }
        public void WriteFloat(uint tag, float value) { Varint(tag); WriteFloat(value); }

        public void WriteString(uint tag, string value)
        {
            int count = Encoding.UTF8.GetByteCount(value);
            Varint(tag);
            Varint((ulong)count);
            Reserve(count);
            _count += Encoding.UTF8.GetBytes(value, 0, value.Length, _data, _count);
        }

        public void WriteBytes(uint tag, Bytes value)
        {
            Varint(tag);
            Varint((ulong)value.Count);
            Reserve(value.Count);
            if (value.Count > 0) Buffer.BlockCopy(value.Array, value.Offset, _data, _count, value.Count);
            _count += value.Count;
        }

        /// <summary>Nothing if it is null.</summary>
        public void WriteMessage(uint tag, Message value)
        {
            if (value == null) return;
            int at = Begin(tag);
            value.WriteTo(this);
            End(at);
        }

        public void WriteMap(uint tag, Dictionary<string, string> map)
        {
            foreach (var entry in map)
            {
                int at = Begin(tag);
                WriteString(1 << 3 | 2, entry.Key);
                WriteString(2 << 3 | 2, entry.Value);
                End(at);
            }
        }

        /// <summary>Begins content of a length that is not known yet, and says where.</summary>
        public int Begin(uint tag)
        {
            Varint(tag);
            return _count;
        }

        public void End(int at)
        {
            int length = _count - at, size = 1;
            for (int rest = length >> 7; rest > 0; rest >>= 7) ++size;
            Reserve(size);
            Buffer.BlockCopy(_data, at, _data, at + size, length);
            _count = at;
            Varint((ulong)length);
            _count += length;
        }

        void Varint(ulong value)
        {
            Reserve(10);
            for (; value > 127; value >>= 7) _data[_count++] = (byte)(value | 128);
            _data[_count++] = (byte)value;
        }

        void Fixed(ulong bits, int count)
        {
            Reserve(count);
            for (int i = 0; i < count; ++i) _data[_count++] = (byte)(bits >> (8 * i));
        }

        void Reserve(int count)
        {
            int needed = checked(_count + count);
            if (needed > _data.Length) Array.Resize(ref _data, (int)Math.Max(needed, Math.Min(2L * _data.Length, int.MaxValue / 2)));
        }
    }
}
