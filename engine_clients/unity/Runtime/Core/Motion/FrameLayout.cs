using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Where things lie: in the bytes of a frame, as the header's channels say, and in the row of floats that it is decoded
    /// to, which is always the root's translation x y z, then each joint's rotation relative to its parent as a unit quaternion
    /// x y z w, then each curve's weight. Without joints it is the weights alone. Joints of which no channel tells are in their
    /// rest pose.</summary>
    public sealed class FrameLayout
    {
        struct Part
        {
            public int Width, Offset;
            public ChannelEncoding Encoding;
        }

        const int MostNumbers = 1 << 20;
        readonly Part[] _parts = new Part[3];
        readonly float[] _rest;

        /// <summary>Throws DataLoss where the header contradicts itself, or stores what is needed in a way that this client does not
        /// know. Channels that are not needed may be as they like.</summary>
        public FrameLayout(MotionHeader header)
        {
            if (!BitConverter.IsLittleEndian) throw new NotSupportedException("frames are little-endian, this machine is not");
            Joints = header.Skeleton == null ? 0 : header.Skeleton.Joints.Count;
            Curves = header.CurveNames.Count;
            BytesPerFrame = header.BytesPerFrame;
            Fps = header.Fps;
            if (Joints == 0 && Curves == 0) throw Wrong(header, "the header has neither joints nor curves");
            if (!(Fps > 0) || double.IsInfinity(Fps)) throw Wrong(header, "the header has no frame rate");
            if (Joints > MostNumbers || Curves > MostNumbers) throw Wrong(header, "the header has too many joints or curves");
            _parts[0] = Find(header, ChannelKind.RootTranslation, "the root's translation", Joints > 0 ? 3 : 0);
            _parts[1] = Find(header, ChannelKind.JointRotations, "the joints' rotations", 4 * Joints);
            _parts[2] = Find(header, ChannelKind.Curves, "the curves' weights", Curves);
            if (BytesPerFrame < 1) throw Wrong(header, "the header says that a frame has " + BytesPerFrame + " bytes");
            if (Joints > 0) _rest = RestPose(header.Skeleton);
        }

        public int Joints { get; }
        public int Curves { get; }
        public int BytesPerFrame { get; }
        public double Fps { get; }

        /// <summary>Of a row.</summary>
        public int Floats => Weights + Curves;

        /// <summary>Index of the first rotation's x.</summary>
        public int Rotations => Joints > 0 ? 3 : 0;

        /// <summary>Index of the first weight.</summary>
        public int Weights => Rotations + 4 * Joints;

        /// <summary>Decodes one frame, of BytesPerFrame bytes from `at` on, into Floats numbers from `into` on.</summary>
        public void Decode(byte[] data, int at, float[] row, int into)
        {
            int from = 0;
            foreach (var part in _parts)
            {
                if (part.Offset < 0) Array.Copy(_rest, from, row, into + from, part.Width);
                else if (part.Width > 0) Channels.Decode(part.Encoding, data, at + part.Offset, part.Width, row, into + from);
                from += part.Width;
            }
        }

        /// <summary>The first of a kind that is about all joints.</summary>
        static Part Find(MotionHeader header, ChannelKind kind, string what, int width)
        {
            var part = new Part { Width = width, Offset = width > 0 ? -1 : 0 };
            if (width == 0) return part;
            foreach (var channel in header.Channels)
            {
                if (channel.Kind != kind || channel.Joints.Count > 0) continue;
                string name = "channel '" + channel.Name + "' ";
                if (channel.Width != width)
                    throw Wrong(header, name + "has " + channel.Width + " numbers, " + what + " are " + width);
                long bytes = Channels.StoredBytes(channel.Encoding, width);
                if (bytes < 0)
                    throw Wrong(header, name + "has encoding " + channel.Encoding + ", in which this client reads no " + width + " numbers");
                if (channel.Offset < 0 || channel.Offset + bytes > header.BytesPerFrame)
                    throw Wrong(header, name + "has " + bytes + " bytes from byte " + channel.Offset + " on, a frame has " + header.BytesPerFrame);
                part.Offset = channel.Offset;
                part.Encoding = channel.Encoding;
                return part;
            }
            if (kind == ChannelKind.Curves) throw Wrong(header, "the header has no channel of " + what);
            return part;
        }

        static float[] RestPose(Skeleton skeleton)
        {
            var row = new float[3 + 4 * skeleton.Joints.Count];
            var root = skeleton.Joints[0].RestTranslation ?? new Vector3();
            row[0] = root.X;
            row[1] = root.Y;
            row[2] = root.Z;
            int at = 3;
            foreach (var joint in skeleton.Joints)
            {
                var turn = joint.RestRotation ?? new Quaternion();
                bool none = turn.X == 0 && turn.Y == 0 && turn.Z == 0 && turn.W == 0;
                row[at++] = turn.X;
                row[at++] = turn.Y;
                row[at++] = turn.Z;
                row[at++] = none ? 1 : turn.W;
            }
            return row;
        }

        static PantoMatrixException Wrong(MotionHeader header, string why) =>
            new PantoMatrixException(ErrorCode.DataLoss, why, header.RequestId);
    }
}
