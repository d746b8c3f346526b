using System;
using System.Collections.Generic;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The last frames that came; a server can take back those of two seconds.</summary>
    sealed class RecentFrames
    {
        const double KeptSeconds = 2;
        readonly FrameLayout _layout;
        readonly List<FrameBlock> _blocks = new List<FrameBlock>();

        public RecentFrames(FrameLayout layout) => _layout = layout;

        public bool IsEmpty => _blocks.Count == 0;

        /// <summary>Index of the oldest.</summary>
        public long First => _blocks[0].FirstFrame;

        public void Add(FrameBlock block)
        {
            _blocks.Add(block);
            long oldest = End(block) - (long)Math.Ceiling(KeptSeconds * _layout.Fps) - 1;
            while (_blocks.Count > 1 && End(_blocks[0]) <= oldest) _blocks.RemoveAt(0);
        }

        /// <summary>Frames from this one on come again.</summary>
        public void TakeBack(long frame)
        {
            _blocks.RemoveAll(block => block.FirstFrame >= frame);
            for (int i = 0; i < _blocks.Count; ++i)
                _blocks[i] = Part(_blocks[i], 0, (int)Math.Min(_blocks[i].FrameCount, frame - _blocks[i].FirstFrame));
        }

        /// <summary>A frame's numbers as 32-bit floats; empty where it is not known any more.</summary>
        public byte[] Row(long frame)
        {
            var block = _blocks.Find(one => one.FirstFrame <= frame && frame < End(one));
            if (block == null) return Array.Empty<byte>();
            var row = new float[_layout.Floats];
            _layout.Decode(block.Data.Array, block.Data.Offset + (int)(frame - block.FirstFrame) * _layout.BytesPerFrame, row, 0);
            var bytes = new byte[4 * row.Length];
            Buffer.BlockCopy(row, 0, bytes, 0, bytes.Length);
            return bytes;
        }

        /// <summary>Its frames from one to before another, counted within it.</summary>
        public static FrameBlock Part(FrameBlock block, int from, int to)
        {
            if (from == 0 && to == block.FrameCount) return block;
            int size = block.Data.Count / block.FrameCount;
            return new FrameBlock
            {
                FirstFrame = block.FirstFrame + from, FrameCount = to - from, Idle = block.Idle, Data = block.Data.Part(from * size, (to - from) * size),
            };
        }

        static long End(FrameBlock block) => block.FirstFrame + block.FrameCount;
    }
}
