using System;
using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>Which preset fits a face: the one that moves most curves, in the spelling that is most its own. A part of the face in which
    /// another one moves far more comes from that.</summary>
    sealed class FaceMapChoice
    {
        /// <summary>Fewer are a coincidence.</summary>
        const float LeastScore = 1.5f;

        /// <summary>Share of what another map moves in a part of the face.</summary>
        const float Enough = 0.6f;

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
            public int Place;
        }

        public FaceMapChoice(IFaceShapes shapes)
        {
            var meshes = FaceMatch.Meshes(shapes);
            var all = new List<Candidate>();
            foreach (var preset in FacePresets.All)
            {
                var match = new FaceMatch(preset.Rows, preset.Keys, shapes, meshes);
                float score = Score(match);
                if (score >= LeastScore) all.Add(new Candidate { Preset = preset, Match = match, Score = score, Place = all.Count });
            }
            all.Sort((one, other) => one.Score != other.Score ? other.Score.CompareTo(one.Score) : one.Place.CompareTo(other.Place));
            Preset = all.Count > 0 ? Together(all) : new FacePreset { Name = "None" };
            Report = new FaceMapReport(Preset.Name, new FaceMatch(Preset.Rows, FaceMatch.Keys(Preset.Rows), shapes, meshes));
            for (int at = 1; at < all.Count; ++at) Report.AddOther(all[at].Preset.Name, all[at].Score, all[0].Score);
        }

        public FacePreset Preset { get; }
        public FaceMapReport Report { get; }

        /// <summary>The curves that move something, each as much as its name is sure. part: only its curves, or null.</summary>
        static float Score(FaceMatch match, string[] part = null)
        {
            var surest = new Dictionary<string, float>();
            foreach (var link in match.Links)
            {
                string curve = match.Rows[link.Row].Curve;
                if (part != null && !IsOf(part, curve)) continue;
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
                float own = Score(best.Match, part), most = own;
                FacePreset other = null;
                foreach (var candidate in all)
                {
                    float score = Score(candidate.Match, part);
                    if (score <= most) continue;
                    most = score;
                    other = candidate.Preset;
                }
                if (other == null || own >= Enough * most) continue;
                together.Rows.RemoveAll(row => IsOf(part, row.Curve));
                foreach (var row in other.Rows)
                    if (IsOf(part, row.Curve)) together.Rows.Add(row);
                if (!added.Contains(other.Name)) added.Add(other.Name);
            }
            foreach (string name in added) together.Name += " + " + name;
            return together;
        }

        static bool IsOf(string[] part, string curve)
        {
            foreach (string beginning in part)
                if (curve.StartsWith(beginning, StringComparison.Ordinal)) return true;
            return false;
        }
    }
}
