using System.Linq;
using NUnit.Framework;
using UnityEngine;

namespace PantoMatrix.Tests
{
    public class FaceTests
    {
        [Test]
        public void AFaceMapIsChosenByTheBlendshapesNames()
        {
            using (var character = new MadeCharacter(FaceCurves.Arkit.ToArray()))
            {
                var map = FaceMap.Choose(new[] { character.Face }, character.Root, out var report);
                Assert.That(map, Is.Not.Null);
                Assert.That(report.Name, Is.EqualTo("ARKit"));
                Assert.That(report.Missing, Is.Empty, report.ToString());
                Object.DestroyImmediate(map);
            }
        }

        [Test]
        public void AFrameMovesTheFaceAndRestMovesItBack()
        {
            using (var character = new MadeCharacter(FaceCurves.Arkit.ToArray()))
            {
                character.Face.SetBlendShapeWeight(0, 7);
                var map = FaceMap.Choose(new[] { character.Face }, character.Root, out _);
                var applier = new FaceApplier(map, new[] { character.Face }, character.Root, FaceCurves.Arkit);
                var row = new float[FaceCurves.Arkit.Count];
                row[FaceCurves.Arkit.ToList().IndexOf("jawOpen")] = 0.5f;
                applier.Apply(row, 0, 1);
                Assert.That(character.WeightOf("jawOpen"), Is.EqualTo(50).Within(0.01f));
                applier.Rest();
                Assert.That(character.WeightOf("jawOpen"), Is.EqualTo(0).Within(0.01f));
                Assert.That(character.Face.GetBlendShapeWeight(0), Is.EqualTo(7).Within(0.01f), "what it was before");
                Object.DestroyImmediate(map);
            }
        }
    }
}
