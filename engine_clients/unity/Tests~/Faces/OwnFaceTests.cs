using System;
using System.Linq;
using UnityEngine;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>A face that is no blendshapes, as UMA's: values from -1 to 1 on a component.</summary>
    sealed class MyFace : MonoBehaviour, IFaceShapes
    {
        static readonly string[] Names =
        {
            "neckUp_Down", "jawOpen_Close", "jawForward_Back", "jawLeft_Right", "mouthLeft_Right", "mouthUp_Down", "mouthNarrow_Pucker",
            "tongueOut", "tongueCurl", "tongueUp_Down", "leftMouthSmile_Frown", "rightMouthSmile_Frown", "leftLowerLipUp_Down",
            "rightLowerLipUp_Down", "leftUpperLipUp_Down", "rightUpperLipUp_Down", "leftCheekPuff_Squint", "rightCheekPuff_Squint",
            "noseSneer", "leftEyeOpen_Close", "rightEyeOpen_Close", "leftEyeUp_Down", "rightEyeUp_Down", "leftEyeIn_Out", "rightEyeIn_Out",
            "browsIn", "leftBrowUp_Down", "rightBrowUp_Down", "midBrowUp_Down",
        };

        readonly float[] _values = new float[Names.Length];

        public int Count => Names.Length;
        public bool TurnsEyes => false;
        public string NameOf(int shape) => Names[shape];
        public string MeshOf(int shape) => "My face";
        public float Get(int shape) => _values[shape];
        public void Set(int shape, float weight) => _values[shape] = weight;
        public float Value(string name) => _values[Array.IndexOf(Names, name)];
        public void Show() { }
        public void TurnEyes(float yaw, float pitch) { }
        public void Rest() { }
    }

    static class OwnFaceTests
    {
        static readonly string[] Names = FaceCurves.Arkit.ToArray();

        public static void Run()
        {
            FaceShapes.Register(root => root.TryGetComponent(out MyFace found) ? found : null);
            var character = new Character("UMA");
            character.AddMesh("Body", new[] { "Fat" });
            var mine = character.Root.gameObject.AddComponent<MyFace>();
            var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
            Check.Equal(map.name, "UMA expressions", "the map");
            Check.That(report.Curves >= 35, report.ToString());
            var face = new FaceApplier(map, character.Renderers, character.Root, Names);
            var row = new float[52];
            row[Array.IndexOf(Names, "jawOpen")] = 0.5f;
            row[Array.IndexOf(Names, "eyeBlinkLeft")] = 1;
            row[Array.IndexOf(Names, "mouthPucker")] = 0.6f;
            row[Array.IndexOf(Names, "mouthFrownRight")] = 0.4f;
            row[Array.IndexOf(Names, "mouthSmileRight")] = 0.1f;
            face.Apply(row, 0, 1);
            Check.Near(mine.Value("jawOpen_Close"), 0.5, 1e-6, "the jaw");
            Check.Near(mine.Value("leftEyeOpen_Close"), -1, 1e-6, "the left lid");
            Check.Near(mine.Value("rightEyeOpen_Close"), 0, 1e-6, "the right lid");
            Check.Near(mine.Value("mouthNarrow_Pucker"), -0.6, 1e-6, "the lips");
            Check.Near(mine.Value("rightMouthSmile_Frown"), -0.3, 1e-6, "two curves on one value");
            face.Rest();
            Check.Near(mine.Value("leftEyeOpen_Close"), 0, 1e-6, "at rest");
            Console.WriteLine("own face ok");
        }
    }
}
