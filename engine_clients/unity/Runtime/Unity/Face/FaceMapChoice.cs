using System;
using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>Which preset fits a face: the one that moves most curves, in the spelling that is most its own; parts of the face that it
    /// leaves still come from the next best.</summary>
    sealed class FaceMapChoice
    {
        /// <summary>Fewer are a coincidence.</summary>
        const float LeastScore = 1.5f;

        static readonly string[][] Parts =
        {
            new[] { "jaw", "mouth", "vowel", "viseme", "lips", "tongueOut", "cheekPuff" },
            new[] { "eyeBlink", "eyeWide", "eyeSquint" },
            new[] { "eyeLook" },
            new[] { "brow" },
        };

        struct Candidate
        {
            public FacePreset Preset;
            public FaceMatch Match;
            public float Score;
        }

        public FaceMapChoice(IFaceShapes shapes)
        {
            var meshes = FaceMatch.Meshes(shapes);
            var all = new List<Candidate>();
            foreach (var preset in FacePresets.All)
            {
                var match = new FaceMatch(preset.Rows, shapes, meshes);
                float score = Score(match);
                if (score >= LeastScore) all.Add(new Candidate { Preset = preset, Match = match, Score = score });
            }
            all.Sort((one, other) => other.Score.CompareTo(one.Score));
            Preset = all.Count > 0 ? Together(all) : new FacePreset { Name = "None" };
            Report = new FaceMapReport(Preset.Name, new FaceMatch(Preset.Rows, shapes, meshes));
            for (int at = 1; at < all.Count; ++at) Report.AddOther(all[at].Preset.Name, all[at].Score, all[0].Score);
        }

        public FacePreset Preset { get; }
        public FaceMapReport Report { get; }

        /// <summary>The curves that move something, each as much as its name is sure.</summary>
        static float Score(FaceMatch match)
        {
            var surest = new Dictionary<string, float>();
            foreach (var link in match.Links)
            {
                string curve = match.Rows[link.Row].Curve;
                surest.TryGetValue(curve, out float before);
                surest[curve] = Math.Max(before, link.Surely);
            }
            float score = 0;
            foreach (var one in surest)
                if (one.Key != "visemeSil") score += one.Value;
            return score;
        }

        static FacePreset Together(List<Candidate> all)
        {
            var best = all[0];
            var together = new FacePreset
            {
                Name = best.Preset.Name,
                Rows = new List<FaceMapRow>(best.Preset.Rows),
                Jaw = best.Preset.Jaw,
                Eyes = best.Preset.Eyes,
            };
            var added = new List<string>();
            foreach (var part in Parts)
            {
                if (Moves(best.Match, part)) continue;
                var other = all.Find(one => Moves(one.Match, part));
                if (other.Preset == null) continue;
                foreach (var row in other.Preset.Rows)
                    if (IsOf(part, row.Curve)) together.Rows.Add(row);
                if (!added.Contains(other.Preset.Name)) added.Add(other.Preset.Name);
            }
            foreach (string name in added) together.Name += " + " + name;
            return together;
        }

        static bool Moves(FaceMatch match, string[] part)
        {
            foreach (var link in match.Links)
                if (IsOf(part, match.Rows[link.Row].Curve)) return true;
            return false;
        }

        static bool IsOf(string[] part, string curve)
        {
            foreach (string beginning in part)
                if (curve.StartsWith(beginning, StringComparison.Ordinal)) return true;
            return false;
        }
    }
}
