using NUnit.Framework;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    public class BodyTests
    {
        [Test]
        public void ACharacterIsFoundByItsHips()
        {
            using (var character = new MadeCharacter())
            {
                var rig = CharacterRig.Of(null, character.Root);
                Assert.That(rig.Joints, Is.EqualTo(new[] { character.Hips, character.Spine, character.Head }));
                Assert.That(rig.Skeleton.Joints[2].Parent, Is.EqualTo(1));
                Assert.That(rig.Skeleton.Joints[0].RestTranslation.Y, Is.EqualTo(0.5f).Within(1e-5f), "the root's own scale is not in it");
            }
        }

        [Test]
        public void AFrameTurnsTheJointsAndMovesTheHips()
        {
            using (var character = new MadeCharacter())
            {
                var rig = CharacterRig.Of(null, character.Root);
                var layout = new FrameLayout(HeaderOf(rig));
                var turned = Quaternion.Euler(10, 20, 30);
                var row = new float[layout.Floats];
                row[1] = 0.75f;
                for (int joint = 0; joint < layout.Joints; ++joint) Write(Quaternion.identity, row, layout.Rotations + 4 * joint);
                Write(turned, row, layout.Rotations + 8);
                new BodyApplier(rig, HeaderOf(rig), layout).Apply(row, 1, null, true);
                Assert.That(Quaternion.Angle(character.Head.localRotation, turned), Is.LessThan(0.1f));
                Assert.That(Quaternion.Angle(character.Spine.localRotation, Quaternion.identity), Is.LessThan(0.1f));
                Assert.That(character.Hips.position.y, Is.EqualTo(1.5f).Within(1e-4f));
            }
        }

        static void Write(Quaternion rotation, float[] row, int at)
        {
            for (int i = 0; i < 4; ++i) row[at + i] = rotation[i];
        }

        static V1.MotionHeader HeaderOf(CharacterRig rig)
        {
            int joints = rig.Joints.Length;
            var header = new V1.MotionHeader { Skeleton = new V1.Skeleton { Name = "character" }, Fps = 30, BytesPerFrame = 12 + 16 * joints };
            var roles = new[] { "pelvis", "spine1", "head" };
            for (int joint = 0; joint < joints; ++joint)
            {
                var own = rig.Skeleton.Joints[joint];
                header.Skeleton.Joints.Add(new V1.Joint
                {
                    Name = own.Name, Parent = own.Parent, RestTranslation = own.RestTranslation, RestRotation = own.RestRotation, Role = roles[joint],
                });
            }
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.RootTranslation, Encoding = V1.ChannelEncoding.Float32, Width = 3 });
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.JointRotations, Encoding = V1.ChannelEncoding.Float32, Width = 4 * joints });
            return header;
        }
    }
}
