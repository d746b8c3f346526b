using System;

namespace PantoMatrix
{
    /// <summary>The file of a clip, little-endian: "PMCLIP1" and a line feed; the header's length in four bytes; the CRC-32 of all
    /// that follows in four; the header, a MotionHeader as the contract stores it; the frames, to the end.</summary>
    static class ClipFile
    {
        public const string Ending = "pmclip";
        const int StartBytes = 16, MostHeaderBytes = 1 << 20;
        static readonly byte[] Magic = { (byte)'P', (byte)'M', (byte)'C', (byte)'L', (byte)'I', (byte)'P', (byte)'1', (byte)'\n' };
        static readonly uint[] Table = MakeTable();

        /// <summary>Throws PantoMatrixException with DataLoss where it is no such file, is damaged or cut off.</summary>
        public static void Read(byte[] file, out byte[] header, out byte[] frames)
        {
            if (file == null) throw new ArgumentNullException(nameof(file));
            for (int i = 0; i < StartBytes; ++i)
                if (i >= file.Length || (i < Magic.Length && file[i] != Magic[i])) throw Wrong("this is no .pmclip file, or cut off");
            long length = Number(file, 8);
            if (length > MostHeaderBytes || length > file.Length - StartBytes) throw Wrong("the file is cut off within its header");
            if (Crc32(file, StartBytes) != Number(file, 12)) throw Wrong("the file is damaged or cut off, its checksum is another");
            header = new Bytes(file, StartBytes, (int)length).ToArray();
            int start = StartBytes + (int)length;
            frames = new Bytes(file, start, file.Length - start).ToArray();
        }

        public static byte[] Write(byte[] header, byte[] frames)
        {
            var file = new byte[StartBytes + header.Length + frames.Length];
            Magic.CopyTo(file, 0);
            header.CopyTo(file, StartBytes);
            frames.CopyTo(file, StartBytes + header.Length);
            Store((uint)header.Length, file, 8);
            Store(Crc32(file, StartBytes), file, 12);
            return file;
        }

        static uint Number(byte[] data, int at) => data[at] | (uint)data[at + 1] << 8 | (uint)data[at + 2] << 16 | (uint)data[at + 3] << 24;

        static void Store(uint number, byte[] data, int at)
        {
            for (int i = 0; i < 4; ++i) data[at + i] = (byte)(number >> (8 * i));
        }

        static uint Crc32(byte[] data, int from)
        {
            uint crc = uint.MaxValue;
            for (int i = from; i < data.Length; ++i) crc = Table[(crc ^ data[i]) & 255] ^ crc >> 8;
            return ~crc;
        }

        static uint[] MakeTable()
        {
            var table = new uint[256];
            for (uint i = 0; i < table.Length; ++i)
            {
                uint crc = i;
                for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
                table[i] = crc;
            }
            return table;
        }

        static PantoMatrixException Wrong(string why) => new PantoMatrixException(ErrorCode.DataLoss, why);
    }
}
