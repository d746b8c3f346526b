using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Frames that follow one another, each a row of FrameLayout.Floats numbers.</summary>
    public sealed class Frames
    {
        public long FirstFrame;
        public int FrameCount;

        /// <summary>Of a live stream: nobody speaks in them.</summary>
        public bool Idle;

        /// <summary>At least FrameCount rows; what is beyond them means nothing.</summary>
        public float[] Data = Array.Empty<float>();

        public void Clear(long firstFrame)
        {
            FirstFrame = firstFrame;
            FrameCount = 0;
        }

        /// <summary>Appends a block that has to follow, else DataLoss. Allocates only where there was never room for as much.</summary>
        public void Append(FrameBlock block, FrameLayout layout)
        {
            if (block.FirstFrame != FirstFrame + FrameCount)
                throw new PantoMatrixException(
                    ErrorCode.DataLoss, $"frame {block.FirstFrame} came where frame {FirstFrame + FrameCount} was to come");
            if (block.FrameCount < 1 || block.Data.Count != (long)block.FrameCount * layout.BytesPerFrame)
                throw new PantoMatrixException(
                    ErrorCode.DataLoss,
                    $"a block of {block.FrameCount} frames has {block.Data.Count} bytes, a frame has {layout.BytesPerFrame}");
            long floats = (long)(FrameCount + block.FrameCount) * layout.Floats;
            if (floats > int.MaxValue / 4) throw new PantoMatrixException(ErrorCode.DataLoss, "more frames came than memory holds");
            if (floats > Data.Length) Array.Resize(ref Data, (int)Math.Max(floats, Math.Min(2L * Data.Length, int.MaxValue / 4)));
            for (int i = 0; i < block.FrameCount; ++i)
                layout.Decode(
                    block.Data.Array, block.Data.Offset + i * layout.BytesPerFrame, Data, (FrameCount + i) * layout.Floats);
            FrameCount += block.FrameCount;
            Idle = block.Idle;
        }
    }

    /// <summary>A whole clip.</summary>
    public sealed class Motion
    {
        public MotionHeader Header;
        public FrameLayout Layout;
        public Frames Frames = new Frames();
        public MotionSummary Summary;

        /// <summary>0 to 1, as far as the frames have come; 0 where it cannot be told.</summary>
        public double Progress => Header != null && Header.FrameCount > 0 ? (double)Frames.FrameCount / Header.FrameCount : 0;

        /// <summary>Writes the pose at a time into Layout.Floats numbers; before the first frame and after the last it is those.</summary>
        public void Sample(double seconds, float[] pose)
        {
            double at = Math.Max(0, Math.Min(seconds * Layout.Fps, Frames.FrameCount - 1));
            int before = (int)at, after = Math.Min(before + 1, Frames.FrameCount - 1);
            Blending.Interpolate(Layout, Frames.Data, before * Layout.Floats, Frames.Data, after * Layout.Floats, (float)(at - before), pose);
        }

        internal void Begin(MotionHeader header)
        {
            Layout = new FrameLayout(header);
            Header = header;
        }

        internal void Append(FrameBlock block)
        {
            if (Layout == null) throw new PantoMatrixException(ErrorCode.DataLoss, "frames came before their header");
            Frames.Append(block, Layout);
        }

        /// <summary>Throws DataLoss where frames are missing.</summary>
        internal void CheckWhole(long summaryFrames)
        {
            if (Header == null) throw new PantoMatrixException(ErrorCode.DataLoss, "the answer has no header");
            long expected = Math.Max(Header.FrameCount, summaryFrames);
            if (Frames.FrameCount < expected)
                throw new PantoMatrixException(
                    ErrorCode.DataLoss, $"{Frames.FrameCount} frames came, {expected} were to come", Header.RequestId);
        }
    }

    /// <summary>Poses between poses.</summary>
    public static class Blending
    {
        const float NearlyEqual = 0.9995f;

        /// <summary>The row at `fraction` (0 to 1) of the way from one to another: rotations by slerp on the shortest arc, the rest
        /// linearly. pose may be one of the two. (Shoemake, "Animating rotation with quaternion curves", 1985)</summary>
        public static void Interpolate(
            FrameLayout layout, float[] from, int fromAt, float[] to, int toAt, float fraction, float[] pose)
        {
            for (int i = 0; i < layout.Rotations; ++i) pose[i] = from[fromAt + i] + (to[toAt + i] - from[fromAt + i]) * fraction;
            for (int i = layout.Rotations; i < layout.Weights; i += 4) Slerp(from, fromAt + i, to, toAt + i, fraction, pose, i);
            for (int i = layout.Weights; i < layout.Floats; ++i) pose[i] = from[fromAt + i] + (to[toAt + i] - from[fromAt + i]) * fraction;
        }

        static void Slerp(float[] from, int p, float[] to, int q, float fraction, float[] pose, int at)
        {
            float cosine = from[p] * to[q] + from[p + 1] * to[q + 1] + from[p + 2] * to[q + 2] + from[p + 3] * to[q + 3];
            float sign = cosine < 0 ? -1 : 1;
            cosine *= sign;
            float a = 1 - fraction, b = fraction;
            if (cosine < NearlyEqual)
            {
                double angle = Math.Acos(cosine), scale = 1 / Math.Sin(angle);
                a = (float)(Math.Sin(a * angle) * scale);
                b = (float)(Math.Sin(b * angle) * scale);
            }
            b *= sign;
            float x = a * from[p] + b * to[q], y = a * from[p + 1] + b * to[q + 1];
            float z = a * from[p + 2] + b * to[q + 2], w = a * from[p + 3] + b * to[q + 3];
            float norm = 1 / (float)Math.Sqrt(x * x + y * y + z * z + w * w);
            pose[at] = x * norm;
            pose[at + 1] = y * norm;
            pose[at + 2] = z * norm;
            pose[at + 3] = w * norm;
        }
    }
}
