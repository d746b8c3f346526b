using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The last frames that came; a server can take back those of two seconds.</summary>
    sealed class RecentFrames
    {
        const double KeptSeconds = 2;
        const int MostKept = 2000;
        readonly FrameLayout _layout;

        // Frames First to _end - 1 are there, frame k in row k % the number of rows.
        readonly byte[][] _rows;
        long _end;

        public RecentFrames(FrameLayout layout)
        {
            _layout = layout;
            _rows = new byte[2 + (int)Math.Min(MostKept, Math.Ceiling(KeptSeconds * layout.Fps))][];
        }

        public bool IsEmpty => First == _end;

        /// <summary>Index of the oldest.</summary>
        public long First { get; private set; }

        public void Add(FrameBlock block)
        {
            if (IsEmpty || block.FirstFrame != _end) First = _end = block.FirstFrame;
            for (int i = Math.Max(0, block.FrameCount - _rows.Length); i < block.FrameCount; ++i)
            {
                long row = (block.FirstFrame + i) % _rows.Length;
                _rows[row] = _rows[row] ?? new byte[_layout.BytesPerFrame];
                Buffer.BlockCopy(block.Data.Array, block.Data.Offset + i * _layout.BytesPerFrame, _rows[row], 0, _layout.BytesPerFrame);
            }
            _end = block.FirstFrame + block.FrameCount;
            First = Math.Max(First, _end - _rows.Length);
        }

        /// <summary>Frames from this one on come again.</summary>
        public void TakeBack(long frame) => _end = Math.Max(First, Math.Min(_end, frame));

        /// <summary>A frame's numbers as 32-bit floats; empty where it is not known any more.</summary>
        public byte[] Row(long frame)
        {
            if (frame < First || frame >= _end) return Array.Empty<byte>();
            var row = new float[_layout.Floats];
            _layout.Decode(_rows[frame % _rows.Length], 0, row, 0);
            var bytes = new byte[4 * row.Length];
            Buffer.BlockCopy(row, 0, bytes, 0, bytes.Length);
            return bytes;
        }
    }
}
