using System.Linq;
using NUnit.Framework;
using PantoMatrix.Tests;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor.Tests
{
    public class BakingTests
    {
        [Test]
        public void AMotionIsBakedIntoCurvesThatSayTheSame()
        {
            using (var character = new MadeCharacter(FaceCurves.Arkit.ToArray()))
            using (var motion = new MadeMotion(character))
            {
                AnimationClip baked;
                using (var recording = new Recording(character.Root.gameObject, null, motion.Clip, BakeResult.GenericAnimation))
                {
                    recording.Record();
                    baked = AnimationMaker.Make(recording, MadeMotion.FramesPerSecond, BakeResult.GenericAnimation, new BakeTolerance());
                }
                Assert.That(AnimationUtility.GetCurveBindings(baked), Is.Not.Empty);
                for (int frame = 0; frame < MadeMotion.Frames; ++frame)
                {
                    baked.SampleAnimation(character.Root.gameObject, (float)(frame / MadeMotion.FramesPerSecond));
                    Assert.That(Quaternion.Angle(character.Head.localRotation, MadeMotion.HeadAt(frame)), Is.LessThan(0.5f), "frame " + frame);
                    Assert.That(character.WeightOf("jawOpen"), Is.EqualTo(100 * MadeMotion.JawAt(frame)).Within(1), "frame " + frame);
                }
                Object.DestroyImmediate(baked);
            }
        }

        [Test]
        public void AClipIsAnAssetThatKeepsItsFrames()
        {
            string path = AssetDatabase.GenerateUniqueAssetPath("Assets/PantoMatrixTest.asset");
            using (var character = new MadeCharacter(FaceCurves.Arkit.ToArray()))
            using (var motion = new MadeMotion(character))
            {
                try
                {
                    AssetDatabase.CreateAsset(PantoMatrixClip.FromFile(motion.Clip.ToFile()), path);
                    AssetDatabase.SaveAssets();
                    var loaded = AssetDatabase.LoadAssetAtPath<PantoMatrixClip>(path);
                    Assert.That(loaded.FrameCount, Is.EqualTo(MadeMotion.Frames));
                    Assert.That(loaded.ToFile(), Is.EqualTo(motion.Clip.ToFile()));
                }
                finally
                {
                    AssetDatabase.DeleteAsset(path);
                }
            }
        }
    }
}
