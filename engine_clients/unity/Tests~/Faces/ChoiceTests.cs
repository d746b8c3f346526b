using System;
using System.Collections.Generic;
using System.Linq;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>Which map is chosen by names, and that names of other things move nothing.</summary>
    static class ChoiceTests
    {
        /// <summary>Prints a line a character: name, map, how many of the 52 curves move, how many derived ones, how many shapes.
        /// </summary>
        public static void Characters(string path)
        {
            foreach (var character in Character.Read(path))
            {
                var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
                Check.Equal(map.name, report.Name, "the map's name");
                Console.WriteLine(string.Join("|", character.Name, report.Name, report.Curves, report.Derived, report.Shapes));
                Console.Error.WriteLine(report + "\n");
                var again = map.Report(character.Renderers, character.Root);
                Check.Equal(again.Curves, report.Curves, "curves of " + character.Name);
            }
        }

        public static void Spelling()
        {
            string[] names = FaceCurves.Arkit.ToArray();
            var spellings = new Dictionary<string, Func<string, string>>
            {
                ["as it is"] = name => name,
                ["capital"] = name => char.ToUpperInvariant(name[0]) + name.Substring(1),
                ["sides in short"] = Short,
                ["snake"] = Snake,
                ["snake in short"] = name => Snake(Short(name)),
                ["upper snake"] = name => Snake(name).ToUpperInvariant(),
                ["spaces"] = name => Snake(name).Replace('_', ' '),
                ["lower"] = name => name.ToLowerInvariant(),
                ["a node"] = name => "blendShape1." + name,
                ["a node and in short"] = name => "head_blendShape." + Short(name),
                ["a point before the side"] = name => Short(name).Replace("_L", ".L").Replace("_R", ".R"),
                ["a mesh"] = name => "Face_" + name,
                ["two words"] = name => "Body_Head_" + Snake(name),
                ["a figure"] = name => "Genesis8Female__" + name,
                ["numbers of Blender"] = name => name + ".001",
                ["side first"] = SideFirst,
            };
            foreach (var spelling in spellings)
            {
                var character = new Character(spelling.Key);
                character.AddMesh("Head", names.Select(spelling.Value));
                FaceMap.Choose(character.Renderers, character.Root, out var report);
                Check.Equal(report.Name, "ARKit", spelling.Key);
                Check.Equal(report.Curves, 52, spelling.Key);
                Check.Equal(report.Doubtful.Count, 0, spelling.Key);
            }
            Console.WriteLine("spelling ok");
        }

        public static void Misleading()
        {
            Moves("nothing at all", new Character("None"), 0);
            var bare = new Character("Bare");
            bare.AddMesh("Body", new string[0]);
            bare.Renderers.Add(null);
            Moves("no shapes", bare, 0);
            var body = new Character("Body");
            body.AddMesh("Body", new[] { "Open", "Fat", "Thin", "Muscle", "Happy", "Blink_Speed", "Wide" });
            Moves("a body's morphs", body, 0);
            var coat = new Character("Coat");
            coat.AddMesh("Coat", new[] { "A", "B", "C", "Open", "Sleeve_Left", "Sleeve_Right" });
            Moves("a coat's shapes", coat, 0);

            // Beside a real face they stay still as well.
            var dressed = new Character("Dressed");
            dressed.AddMesh("Coat", new[] { "A", "E", "Open", "Left", "Right" });
            dressed.AddMesh("Face", new[] { "A", "I", "U", "E", "O", "blink", "wide" });
            dressed.AddMesh("Lashes", new[] { "blink" });
            FaceMap.Choose(dressed.Renderers, dressed.Root, out var report);
            Check.That(!report.Meshes.Contains("Coat"), "the coat stays still");
            Check.That(report.Meshes.Contains("Face") && report.Meshes.Contains("Lashes"), "the face and its lashes move");
            Check.Equal(report.Derived, 5, "vowels");
            Check.Equal(report.Name, "Five vowels", "of two that fit as well the first");

            // Two maps: the mouth by one, the lids by another.
            var mixed = new Character("Mixed");
            mixed.AddMesh("Face", new[]
            {
                "vrc.v_sil", "vrc.v_pp", "vrc.v_ff", "vrc.v_th", "vrc.v_dd", "vrc.v_kk", "vrc.v_ch", "vrc.v_ss", "vrc.v_nn", "vrc.v_rr",
                "vrc.v_aa", "vrc.v_e", "vrc.v_ih", "vrc.v_oh", "vrc.v_ou", "まばたき", "怒り", "困る", "あ", "い", "う", "え", "お",
            });
            var map = FaceMap.Choose(mixed.Renderers, mixed.Root, out report);
            Check.Equal(report.Name, "VRChat visemes + MikuMikuDance", "the mixed map");
            Check.That(!map.Rows.Any(row => row.Shape == "あ"), "one map alone moves the mouth");
            Check.That(report.Moved.Contains("eyeBlinkLeft") && report.Moved.Contains("browInnerUp"), "lids and brows");

            // A few of ARKit's names beside a mouth of visemes: the visemes speak, the rest is ARKit's.
            var few = new Character("Few");
            few.AddMesh("Body", FaceCurves.Arkit.Where(name => !name.StartsWith("mouth") && !name.StartsWith("jaw"))
                .Concat(new[] { "mouthPucker", "mouthSmileLeft", "mouthSmileRight" }).Concat(mixed.Shapes.Where(name => name.StartsWith("vrc"))));
            map = FaceMap.Choose(few.Renderers, few.Root, out report);
            Check.Equal(report.Name, "ARKit + VRChat visemes", "the map of a few");
            Check.Equal(report.Derived, 15, "visemes");
            Check.That(!report.Moved.Contains("mouthPucker") && report.Moved.Contains("browInnerUp"), "one map alone moves the mouth");

            // The same name twice in other letters: one of them, and it is said.
            var twice = new Character("Twice");
            twice.AddMesh("Head", FaceCurves.Arkit.Select(Snake).Concat(new[] { "JawOpen" }));
            FaceMap.Choose(twice.Renderers, twice.Root, out report);
            Check.Equal(report.Curves, 52, "curves");
            Check.That(report.Doubtful.Count == 1 && report.ToString().Contains("JawOpen"), report.ToString());
            Console.WriteLine("misleading ok");
        }

        static void Moves(string what, Character character, int shapes)
        {
            var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
            Check.Equal(report.Shapes, shapes, what);
            if (shapes == 0) Check.That(report.ToString().StartsWith("No shape"), report.ToString());
            var face = new FaceApplier(map, character.Renderers, character.Root, FaceCurves.Arkit);
            face.Apply(Enumerable.Repeat(1f, 52).ToArray(), 0, 1);
            Check.Equal(face.Shapes, shapes, what);
        }

        static string Short(string name) =>
            name.EndsWith("Left") ? name.Substring(0, name.Length - 4) + "_L"
            : name.EndsWith("Right") ? name.Substring(0, name.Length - 5) + "_R" : name;

        static string SideFirst(string name)
        {
            foreach (string side in new[] { "Left", "Right" })
                if (name.EndsWith(side)) return side.ToLowerInvariant() + "_" + name.Substring(0, name.Length - side.Length);
            return name;
        }

        static string Snake(string name)
        {
            string text = "";
            foreach (char letter in name)
                text += char.IsUpper(letter) && text.Length > 0 && !text.EndsWith("_") ? "_" + char.ToLowerInvariant(letter) : letter.ToString();
            return text;
        }
    }
}
