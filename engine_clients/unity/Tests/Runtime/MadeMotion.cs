using System;
using UnityEngine;
using Object = UnityEngine.Object;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>A motion for a MadeCharacter: its head nods and its jaw opens.</summary>
    public sealed class MadeMotion : IDisposable
    {
        public const int Frames = 10;
        public const double FramesPerSecond = 30;

        public MadeMotion(MadeCharacter character)
        {
            var rig = CharacterRig.Of(null, character.Root);
            Header = HeaderOf(rig);
            var rows = new float[Frames * Header.BytesPerFrame / 4];
            for (int frame = 0; frame < Frames; ++frame)
            {
                int at = frame * Header.BytesPerFrame / 4;
                rows[at + 1] = 0.75f;
                Write(Quaternion.identity, rows, at + 3);
                Write(Quaternion.identity, rows, at + 7);
                Write(HeadAt(frame), rows, at + 11);
                rows[at + 15] = JawAt(frame);
            }
            var bytes = new byte[4 * rows.Length];
            Buffer.BlockCopy(rows, 0, bytes, 0, bytes.Length);
            Clip = PantoMatrixClip.Create(Header, bytes);
        }

        public V1.MotionHeader Header { get; }
        public PantoMatrixClip Clip { get; }

        public static Quaternion HeadAt(int frame) => Quaternion.Euler(3 * frame, 20, 0);
        public static float JawAt(int frame) => 0.05f * frame;

        public void Dispose() => Object.DestroyImmediate(Clip);

        static void Write(Quaternion rotation, float[] rows, int at)
        {
            for (int i = 0; i < 4; ++i) rows[at + i] = rotation[i];
        }

        static V1.MotionHeader HeaderOf(CharacterRig rig)
        {
            var header = new V1.MotionHeader
            {
                Skeleton = new V1.Skeleton { Name = "character" }, Fps = FramesPerSecond, BytesPerFrame = 4 * (3 + 4 * rig.Joints.Length + 1),
                CoordinateSystem = new V1.CoordinateSystem { Name = "unity" }, FrameCount = Frames,
            };
            var roles = new[] { "pelvis", "spine1", "head" };
            for (int joint = 0; joint < rig.Joints.Length; ++joint)
            {
                var own = rig.Skeleton.Joints[joint];
                header.Skeleton.Joints.Add(new V1.Joint
                {
                    Name = own.Name, Parent = own.Parent, RestTranslation = own.RestTranslation, RestRotation = own.RestRotation, Role = roles[joint],
                });
            }
            header.CurveNames.Add("jawOpen");
            int turns = 4 * rig.Joints.Length;
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.RootTranslation, Encoding = V1.ChannelEncoding.Float32, Width = 3 });
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.JointRotations, Encoding = V1.ChannelEncoding.Float32, Width = turns, Offset = 12 });
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.Curves, Encoding = V1.ChannelEncoding.Float32, Width = 1, Offset = 12 + 4 * turns });
            return header;
        }
    }
}
