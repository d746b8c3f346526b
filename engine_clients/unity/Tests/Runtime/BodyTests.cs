using NUnit.Framework;
using UnityEngine;

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
            using (var motion = new MadeMotion(character))
            {
                var layout = motion.Clip.Layout;
                var row = new float[layout.Floats];
                motion.Clip.Sample(5 / MadeMotion.FramesPerSecond, row);
                new BodyApplier(CharacterRig.Of(null, character.Root), motion.Header, layout).Apply(row, 1, null, true);
                Assert.That(Quaternion.Angle(character.Head.localRotation, MadeMotion.HeadAt(5)), Is.LessThan(0.1f));
                Assert.That(Quaternion.Angle(character.Spine.localRotation, Quaternion.identity), Is.LessThan(0.1f));
                Assert.That(character.Hips.position.y, Is.EqualTo(1.5f).Within(1e-4f));
            }
        }
    }
}
