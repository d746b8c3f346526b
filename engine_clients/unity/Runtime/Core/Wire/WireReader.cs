using System;
using System.Collections.Generic;
using System.Text;

namespace PantoMatrix
{
    /// <summary>Reads protobuf from bytes that may be anything: every length and number is checked. What it gives of bytes are
    /// parts of the array that it reads.</summary>
    public sealed class WireReader
    {
        static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);
        byte[] _data;
        int _at, _end;

        public WireReader(Bytes data) => Begin(data);

        /// <summary>Reads something else.</summary>
        public void Begin(Bytes data)
        {
            _data = data.Array;
            _at = data.Offset;
            _end = data.Offset + data.Count;
        }

        public bool HasMore => _at < _end;

        /// <summary>The next field's number and wire type; 0 at the end.</summary>
        public uint ReadTag()
        {
            if (_at == _end) return 0;
            ulong tag = Varint();
            if (tag < 8 || tag > uint.MaxValue) throw Broken("a field has no number");
            return (uint)tag;
        }

        public int ReadInt32() => (int)Varint();
        public long ReadInt64() => (long)Varint();
        public ulong ReadUInt64() => Varint();
        public bool ReadBool() => Varint() != 0;
        public double ReadDouble() => BitConverter.Int64BitsToDouble((long)Fixed(8));
        public float ReadFloat() => Floats.FromBits((uint)Fixed(4));

        public string ReadString()
        {
            int count = Length();
            try
            {
                string text = Utf8.GetString(_data, _at, count);
                _at += count;
                return text;
            }
            catch (ArgumentException)
            {
                throw Broken("a text is not UTF-8");
            }
        }

        public Bytes ReadBytes()
        {
            int count = Length();
            _at += count;
            return count == 0 ? default : new Bytes(_data, _at - count, count);
        }

        /// <summary>Into a message, which it returns.</summary>
        public T ReadMessage<T>(T message) where T : Message
        {
            int end = Enter();
            message.ReadFrom(this);
            Leave(end);
            return message;
        }

        public void ReadMap(Dictionary<string, string> map)
        {
            string key = "", value = "";
            int end = Enter();
            for (uint tag; (tag = ReadTag()) != 0;)
                switch (tag)
                {
                    case 1 << 3 | 2: key = ReadString(); break;
                    case 2 << 3 | 2: value = ReadString(); break;
                    default: Skip(tag); break;
                }
            Leave(end);
            map[key] = value;
        }

        /// <summary>Goes into content that has a length in front; what it returns is for Leave.</summary>
        public int Enter()
        {
            int count = Length(), end = _end;
            _end = _at + count;
            return end;
        }

        public void Leave(int end) => _end = end;

        /// <summary>A field that is not known.</summary>
        public void Skip(uint tag)
        {
            switch (tag & 7)
            {
                case 0: Varint(); break;
                case 1: Fixed(8); break;
                case 2: _at += Length(); break;
                case 5: Fixed(4); break;
                default: throw Broken("a field has wire type " + (tag & 7));
            }
        }

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; shift < 70; shift += 7)
            {
                if (_at == _end) throw Broken("a number is cut off");
                byte one = _data[_at++];
                value |= (ulong)(one & 127) << shift;
                if (one < 128) return value;
            }
            throw Broken("a number has more than ten bytes");
        }

        ulong Fixed(int count)
        {
            if (count > _end - _at) throw Broken("a number is cut off");
            ulong bits = 0;
            for (int i = 0; i < count; ++i) bits |= (ulong)_data[_at++] << (8 * i);
            return bits;
        }

        int Length()
        {
            ulong length = Varint();
            if (length > (ulong)(_end - _at)) throw Broken("something is longer than what it is in");
            return (int)length;
        }

        static PantoMatrixException Broken(string why) =>
            new PantoMatrixException(ErrorCode.DataLoss, "a message does not parse: " + why);
    }
}
