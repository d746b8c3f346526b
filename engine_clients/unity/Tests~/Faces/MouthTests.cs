using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>Vowels and visemes that are derived from ARKit's curves.</summary>
    static class MouthTests
    {
        static readonly string[] Vowels = { "vowelA", "vowelI", "vowelU", "vowelE", "vowelO" };
        static readonly string[] Visemes = FaceCurves.Derived.Where(name => name.StartsWith("viseme")).ToArray();
        static readonly string[] FeelingNames = { "joy", "anger", "sorrow", "surprise" };

        /// <summary>A face of which all derived curves are shapes of the same names.</summary>
        sealed class Mouth
        {
            readonly Character _character = new Character("Mouth");
            readonly FaceApplier _face;
            readonly float[] _row = new float[52];

            public Mouth()
            {
                _character.AddMesh("Face", FaceCurves.Derived.Select(name => "shape " + name));
                var map = UnityEngine.ScriptableObject.CreateInstance<FaceMap>();
                foreach (string name in FaceCurves.Derived) map.Rows.Add(new FaceMapRow(name, "shape " + name));
                _face = new FaceApplier(map, _character.Renderers, _character.Root, FaceCurves.Arkit);
            }

            public Dictionary<string, float> Of(float[] curves)
            {
                _face.Apply(curves, 0, 1);
                return FaceCurves.Derived.ToDictionary(name => name, name => _character.Weight("shape " + name) / 100);
            }

            public Dictionary<string, float> Of(string curves)
            {
                Array.Clear(_row, 0, 52);
                foreach (string one in curves.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))
                {
                    string[] parts = one.Split('=');
                    for (int at = 0; at < 52; ++at)
                        if (FaceCurves.Arkit[at] == parts[0] || FaceCurves.Arkit[at] == parts[0] + "Left" || FaceCurves.Arkit[at] == parts[0] + "Right")
                            _row[at] = float.Parse(parts[1], CultureInfo.InvariantCulture);
                }
                return Of(_row);
            }
        }

        public static void Run()
        {
            var mouth = new Mouth();

            // As the builtin model says them: jaw, lips apart, round or spread.
            IsMost(mouth, "jawOpen=0.62 mouthLowerDown=0.4 mouthUpperUp=0.2", "vowelA", "visemeAA", 0.8f);
            IsMost(mouth, "jawOpen=0.7", "vowelA", "visemeAA", 0.7f);
            IsMost(mouth, "jawOpen=0.21 mouthLowerDown=0.13 mouthUpperUp=0.07 mouthSmile=0.22 mouthStretch=0.18 mouthDimple=0.15", "vowelI", "visemeIH", 0.5f);
            IsMost(mouth, "jawOpen=0.4 mouthLowerDown=0.26 mouthUpperUp=0.13 mouthSmile=0.2 mouthStretch=0.18 mouthDimple=0.15", "vowelE", "visemeE", 0.5f);
            IsMost(mouth, "jawOpen=0.16 mouthFunnel=0.45 mouthPucker=0.31", "vowelU", "visemeOU", 0.6f);
            IsMost(mouth, "jawOpen=0.40 mouthFunnel=0.43 mouthPucker=0.25", "vowelO", "visemeOH", 0.6f);
            IsMost(mouth, "mouthPucker=1", "vowelU", "visemeOU", 0.8f);
            IsMost(mouth, "jawOpen=0.6 mouthFunnel=0.8 mouthPucker=0.3", "vowelO", "visemeOH", 0.8f);

            // Lips that are shut say no vowel, however the corners of the mouth or the jaw are.
            foreach (string shut in new[]
            {
                "", "mouthPress=0.35 mouthRollLower=0.25 mouthRollUpper=0.25", "mouthSmile=0.8 cheekSquint=0.5", "jawOpen=0.4 mouthClose=0.4",
                "mouthPress=0.4 mouthFunnel=0.4 mouthPucker=0.3", "mouthRollLower=0.6 mouthRollUpper=0.6 jawOpen=0.1", "mouthFrown=0.6 mouthShrugLower=0.5",
            })
            {
                var found = mouth.Of(shut);
                Check.That(Sum(found, Vowels) < 0.05f, "'" + shut + "' says " + Told(found));
            }
            foreach (string held in new[] { "mouthPress=0.35 mouthRollLower=0.25 mouthRollUpper=0.25", "mouthRollLower=0.5 mouthRollUpper=0.5 jawOpen=0.08" })
            {
                var found = mouth.Of(held);
                Check.That(found["visemePP"] > 0.9f && found["lipsShut"] > 0.9f && found["mouthOpen"] < 0.1f, "P, B, M: " + Told(found));
            }
            Check.That(mouth.Of("mouthRollLower=0.6 jawOpen=0.05")["visemeFF"] > 0.8f, "F and V");
            Check.That(mouth.Of("jawOpen=0.2 tongueOut=0.6")["visemeTH"] > 0.8f, "TH");
            Check.That(mouth.Of("")["visemeSil"] > 0.99f, "silence");

            // Feelings: joy needs cheeks; what a mouth says makes none.
            Check.That(mouth.Of("mouthSmile=0.65 cheekSquint=0.5 eyeSquint=0.25")["joy"] > 0.8f, "joy");
            Check.That(mouth.Of("browDown=0.8 eyeSquint=0.35 noseSneer=0.35")["anger"] > 0.8f, "anger");
            Check.That(mouth.Of("browInnerUp=0.65 mouthFrown=0.45")["sorrow"] > 0.8f, "sorrow");
            Check.That(mouth.Of("browInnerUp=0.7 browOuterUp=0.7 eyeWide=0.6")["surprise"] > 0.8f, "surprise");
            var said = mouth.Of("jawOpen=0.6 mouthSmile=0.22 mouthStretch=0.2 mouthFunnel=0.4 browInnerUp=0.25 browOuterUp=0.12");
            Check.That(Sum(said, FeelingNames) < 0.05f, "speech alone is no feeling: " + Told(said));

            AnyFace(mouth);
            Console.WriteLine("mouth ok");
        }

        /// <summary>For faces at random: bounds and sums; a small step in the curves is a small step in what is derived.</summary>
        static void AnyFace(Mouth mouth)
        {
            var random = new Random(5);
            var row = new float[52];
            float steepest = 0;
            for (int trial = 0; trial < 20000; ++trial)
            {
                for (int at = 0; at < 52; ++at) row[at] = (float)(random.NextDouble() < 0.5 ? 0 : random.NextDouble());
                var before = mouth.Of(row);
                foreach (var one in before) Check.That(one.Value >= 0 && one.Value <= 1, one.Key + " is " + one.Value);
                Check.That(Sum(before, Vowels) <= 1.0001f && Sum(before, FeelingNames) <= 1.0001f, "sums: " + Told(before));
                Check.Near(Sum(before, Visemes), 1, 1e-4, "visemes");
                if (trial % 10 != 0) continue;
                const float Step = 1e-3f;
                for (int at = 0; at < 52; ++at) row[at] = Math.Min(1, Math.Max(0, row[at] + Step * (random.Next(3) - 1)));
                foreach (var one in mouth.Of(row)) steepest = Math.Max(steepest, Math.Abs(one.Value - before[one.Key]) / Step);
            }
            Check.That(steepest < 40, "a step in the curves becomes " + steepest + " times the step");
        }

        /// <summary>Derived curves of frames: a line a frame of 52 numbers in, a line of the derived ones out.</summary>
        public static void Print(string from, string into)
        {
            var mouth = new Mouth();
            using (var lines = new StreamWriter(into))
                foreach (string line in File.ReadAllLines(from))
                {
                    var curves = line.Split(' ').Select(word => float.Parse(word, CultureInfo.InvariantCulture)).ToArray();
                    lines.WriteLine(string.Join(" ", mouth.Of(curves).Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
                }
        }

        static void IsMost(Mouth mouth, string curves, string vowel, string viseme, float atLeast)
        {
            var found = mouth.Of(curves);
            Check.That(found[vowel] >= atLeast && Vowels.All(other => other == vowel || found[other] < 0.6f * found[vowel]),
                "'" + curves + "' is " + vowel + ": " + Told(found));
            Check.That(Visemes.All(other => other == viseme || found[other] < found[viseme]), "'" + curves + "' is " + viseme + ": " + Told(found));
        }

        static float Sum(Dictionary<string, float> found, string[] names) => names.Sum(name => found[name]);

        static string Told(Dictionary<string, float> found) =>
            string.Join(" ", found.Where(one => one.Value > 0.01f).Select(one => one.Key + "=" + one.Value.ToString("F2", CultureInfo.InvariantCulture)));
    }
}
