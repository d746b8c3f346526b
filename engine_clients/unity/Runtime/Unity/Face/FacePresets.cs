using System;
using System.Collections.Generic;
using System.Globalization;

namespace PantoMatrix
{
    /// <summary>A map as the package brings it.</summary>
    sealed class FacePreset
    {
        public string Name, About;
        public List<FaceMapRow> Rows = new List<FaceMapRow>();
        public FaceJaw Jaw = new FaceJaw();
        public FaceEyes Eyes = new FaceEyes();
        string[] _keys;

        /// <summary>See FaceMatch; the rows stay as they are from the first time on.</summary>
        public string[] Keys => _keys ?? (_keys = FaceMatch.Keys(Rows));
    }

    /// <summary>The presets, read from the generated tables when the first is asked for.</summary>
    static class FacePresets
    {
        static FacePreset[] _all;
        static string[] _names;

        public static IReadOnlyList<FacePreset> All => _all ?? (_all = Array.ConvertAll(FacePresetTables.All, Read));

        public static IReadOnlyList<string> Names
        {
            get
            {
                if (_names != null) return _names;
                var names = new string[All.Count];
                for (int at = 0; at < names.Length; ++at) names[at] = All[at].Name;
                return _names = names;
            }
        }

        /// <summary>Null where none has the name.</summary>
        public static FacePreset Find(string name)
        {
            foreach (var preset in All)
                if (preset.Name == name) return preset;
            return null;
        }

        /// <summary>Lines of words between bars: name, about, jaw, left, right, then one a curve: its name and, for each of its
        /// choices, shape = gain, several with + between them.</summary>
        static FacePreset Read(string table)
        {
            var preset = new FacePreset();
            foreach (string line in table.Split(new[] { '\n' }, StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Trim().Split('|');
                switch (words[0])
                {
                    case "":
                        break;
                    case "name":
                        preset.Name = words[1];
                        preset.About = words[2];
                        break;
                    case "jaw":
                        preset.Jaw.Use = Use(words[1]);
                        preset.Jaw.OpenDegrees = Number(words[2]);
                        preset.Jaw.SideDegrees = Number(words[3]);
                        preset.Jaw.Bones.AddRange(words[4].Split(','));
                        break;
                    case "eyes":
                        preset.Eyes.Use = Use(words[1]);
                        preset.Eyes.YawDegrees = Number(words[2]);
                        preset.Eyes.PitchDegrees = Number(words[3]);
                        preset.Eyes.Left.AddRange(words[4].Split(','));
                        preset.Eyes.Right.AddRange(words[5].Split(','));
                        break;
                    default:
                        for (int choice = 1; choice < words.Length; ++choice) Add(preset.Rows, words[0], words[choice], choice - 1);
                        break;
                }
            }
            return preset;
        }

        static void Add(List<FaceMapRow> rows, string curve, string shapes, int choice)
        {
            foreach (string part in shapes.Split('+'))
            {
                int equals = part.IndexOf('=');
                if (equals < 0) rows.Add(new FaceMapRow(curve, part, 1, choice));
                else rows.Add(new FaceMapRow(curve, part.Substring(0, equals), Number(part.Substring(equals + 1)), choice));
            }
        }

        static FaceBoneUse Use(string word) =>
            word == "always" ? FaceBoneUse.Always : word == "never" ? FaceBoneUse.Never : FaceBoneUse.WhenNoShape;

        static float Number(string word) => float.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
