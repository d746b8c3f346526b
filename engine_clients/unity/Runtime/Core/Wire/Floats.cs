using System.Runtime.InteropServices;

namespace PantoMatrix
{
    /// <summary>The bits of 32-bit floats; BitConverter has that only in later libraries.</summary>
    static class Floats
    {
        [StructLayout(LayoutKind.Explicit)]
        struct Both
        {
            [FieldOffset(0)] public float Value;
            [FieldOffset(0)] public uint Bits;
        }

        public static uint ToBits(float value) => new Both { Value = value }.Bits;

        public static float FromBits(uint bits) => new Both { Bits = bits }.Value;

        public static float Read(byte[] data, int at) =>
            FromBits(data[at] | (uint)data[at + 1] << 8 | (uint)data[at + 2] << 16 | (uint)data[at + 3] << 24);

        public static void Write(float value, byte[] data, int at)
        {
            uint bits = ToBits(value);
            for (int i = 0; i < 4; ++i) data[at + i] = (byte)(bits >> (8 * i));
        }
    }
}
