using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>How numbers are stored in a frame; little-endian.</summary>
    static class Channels
    {
        const float QuaternionScale = 1 / (16384 * 1.41421356237f);

        /// <summary>Negative where this client cannot read so many numbers in that encoding.</summary>
        public static long StoredBytes(ChannelEncoding encoding, int width)
        {
            switch (encoding)
            {
                case ChannelEncoding.Float32: return 4L * width;
                case ChannelEncoding.Float16: return 2L * width;
                case ChannelEncoding.Quaternion48: return width % 4 == 0 ? width / 4 * 6L : -1;
                case ChannelEncoding.Unorm8: return width;
                default: return -1;
            }
        }

        public static void Decode(ChannelEncoding encoding, byte[] data, int at, int width, float[] row, int into)
        {
            switch (encoding)
            {
                case ChannelEncoding.Float16:
                    for (int i = 0; i < width; ++i) row[into + i] = FromFloat16(Word(data, at + 2 * i));
                    return;
                case ChannelEncoding.Quaternion48:
                    for (int i = 0; i < width; i += 4) Quaternion48(data, at + i / 4 * 6, row, into + i);
                    return;
                case ChannelEncoding.Unorm8:
                    for (int i = 0; i < width; ++i) row[into + i] = data[at + i] / 255f;
                    return;
                default:
                    Buffer.BlockCopy(data, at, row, 4 * into, 4 * width);
                    return;
            }
        }

        static int Word(byte[] data, int at) => data[at] | data[at + 1] << 8;

        static float FromFloat16(int bits)
        {
            uint sign = (uint)(bits & 0x8000) << 16;
            int exponent = bits >> 10 & 31, fraction = bits & 0x3FF;
            if (exponent == 0)
            {
                float value = fraction * (1f / (1 << 24));
                return sign != 0 ? -value : value;
            }
            uint wide = exponent == 31 ? 255u : (uint)(exponent + 127 - 15);
            return Floats.FromBits(sign | wide << 23 | (uint)fraction << 13);
        }

        static void Quaternion48(byte[] data, int at, float[] row, int into)
        {
            int leftOut = 2 * (Word(data, at + 2) >> 15) + (Word(data, at) >> 15);
            float rest = 1;
            for (int i = 0; i < 3; ++i)
            {
                float value = ((Word(data, at + 2 * i) & 0x7FFF) - 16384) * QuaternionScale;
                row[into + (i < leftOut ? i : i + 1)] = value;
                rest -= value * value;
            }
            row[into + leftOut] = (float)Math.Sqrt(Math.Max(0, rest));
        }
    }
}
