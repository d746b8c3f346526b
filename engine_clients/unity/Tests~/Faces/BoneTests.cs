using System;
using System.Linq;
using UnityEngine;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>Jaws and eyes that are bones, on a character that is turned and whose bones have axes of their own.</summary>
    static class BoneTests
    {
        static readonly string[] Names = FaceCurves.Arkit.ToArray();

        public static void Run()
        {
            foreach (int seed in new[] { 0, 1, 2, 3 }) Turns(seed);
            WhenTheyTurn();
            Fades();
            Console.WriteLine("bones ok");
        }

        static float[] Row(params (string, float)[] weights)
        {
            var row = new float[52];
            foreach (var (name, weight) in weights) row[Array.IndexOf(Names, name)] = weight;
            return row;
        }

        static Quaternion Any(System.Random random) => new Quaternion(
            (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f,
            (float)random.NextDouble() - 0.5f).normalized;

        static FaceMap Map()
        {
            var map = FaceMap.Preset("Reallusion CC3");
            map.Jaw.OpenDegrees = 30;
            map.Jaw.SideDegrees = 10;
            map.Eyes.YawDegrees = 30;
            map.Eyes.PitchDegrees = 20;
            return map;
        }

        static void Turns(int seed)
        {
            var random = new System.Random(seed);
            var character = new Character("Bones");
            var jaw = character.AddBone("CC_Base_JawRoot");
            var left = character.AddBone("CC_Base_L_Eye");
            var right = character.AddBone("CC_Base_R_Eye");
            // Bones lie as their makers liked; the character stands anywhere.
            foreach (var bone in new[] { jaw, left, right }) bone.localRotation = Any(random);
            jaw.parent.localRotation = Any(random);
            var face = new FaceApplier(Map(), character.Renderers, character.Root, Names);
            character.Root.rotation = Any(random);
            character.Root.position = new Vector3(1, 2, 3);

            // What the chin and the pupils do: points that move with their bones, forward of them in the character's eyes.
            var chin = Forward(jaw, character.Root);
            var pupilLeft = Forward(left, character.Root);
            var pupilRight = Forward(right, character.Root);
            face.Apply(Row(("jawOpen", 1f), ("eyeLookOutLeft", 1f), ("eyeLookInRight", 1f)), 0, 1);
            Is(Seen(jaw, chin, character.Root), new Vector3(0, -0.5f, 0.8660254f), "an open jaw goes down");
            Is(Seen(left, pupilLeft, character.Root), new Vector3(-0.5f, 0, 0.8660254f), "the left eye looks out, to the character's left");
            Is(Seen(right, pupilRight, character.Root), new Vector3(-0.5f, 0, 0.8660254f), "the right eye looks in, to the left too");
            face.Apply(Row(("jawLeft", 2f), ("eyeLookUpLeft", 1f), ("eyeLookDownRight", 1f)), 0, 1);
            Is(Seen(jaw, chin, character.Root), new Vector3(-0.1736482f, 0, 0.9848078f), "the jaw goes to the left");
            Is(Seen(left, pupilLeft, character.Root), new Vector3(0, 0.3420201f, 0.9396926f), "up");
            Is(Seen(right, pupilRight, character.Root), new Vector3(0, -0.3420201f, 0.9396926f), "down");
            face.Apply(Row(), 0, 1);
            Is(Seen(jaw, chin, character.Root), new Vector3(0, 0, 1), "at rest");
        }

        static Vector3 Forward(Transform bone, Transform root) => Quaternion.Inverse(bone.rotation) * (root.rotation * Vector3.forward);

        static Vector3 Seen(Transform bone, Vector3 point, Transform root) => Quaternion.Inverse(root.rotation) * (bone.rotation * point);

        static void Is(Vector3 found, Vector3 expected, string what) =>
            Check.That((found - expected).magnitude < 1e-4f, what + ": " + found.x + " " + found.y + " " + found.z);

        static void WhenTheyTurn()
        {
            var shapes = new Character("Shapes");
            shapes.AddMesh("Head", Names);
            var jaw = shapes.AddBone("Jaw");
            var eye = shapes.AddBone("LeftEye");
            FaceMap.Choose(shapes.Renderers, shapes.Root, out var report);
            Check.That(!report.ToString().Contains("Bones"), "where shapes do it, bones do not");
            new FaceApplier(null, shapes.Renderers, shapes.Root, Names).Apply(Row(("jawOpen", 1f), ("eyeLookInLeft", 1f)), 0, 1);
            Check.Near(Quaternion.Angle(jaw.localRotation, Quaternion.identity), 0, 0.1, "the jaw's bone");
            Check.Near(Quaternion.Angle(eye.localRotation, Quaternion.identity), 0, 0.1, "the eye's bone");

            var lips = new Character("Lips");
            lips.AddMesh("Head", Names.Where(name => !name.StartsWith("eyeLook") && !name.StartsWith("jaw")));
            lips.AddBone("Jaw");
            lips.AddBone("LeftEye");
            lips.AddBone("RightEye");
            FaceMap.Choose(lips.Renderers, lips.Root, out report);
            Check.Equal(report.Curves, 51, "curves with bones: all but jawForward");
            Check.That(report.ToString().Contains("Bones that turn: Jaw, LeftEye, RightEye."), report.ToString());
        }

        static void Fades()
        {
            var character = new Character("Fades");
            var jaw = character.AddBone("JawRoot");
            var face = new FaceApplier(Map(), character.Renderers, character.Root, Names);
            for (int frame = 0; frame < 5; ++frame)
            {
                face.Apply(Row(("jawOpen", 1f)), 0, 0.5f);
                Check.Near(Quaternion.Angle(jaw.localRotation, Quaternion.identity), 15, 0.1, "half of the way, in every frame");
            }
            face.Apply(Row(("jawOpen", 1f)), 0, 0);
            Check.Near(Quaternion.Angle(jaw.localRotation, Quaternion.identity), 0, 0.1, "none of the way");
            face.Apply(Row(("jawOpen", 1f)), 0, 1);
            Check.Near(Quaternion.Angle(jaw.localRotation, Quaternion.identity), 30, 0.1, "all of the way");
            face.Rest();
            Check.Near(Quaternion.Angle(jaw.localRotation, Quaternion.identity), 0, 0.1, "at rest");
        }
    }
}
