using System;
using System.Collections.Generic;
using System.Text;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>What a map moves on a character, in lists and in plain sentences.</summary>
    public sealed class FaceMapReport
    {
        readonly HashSet<string> _moved = new HashSet<string>();
        readonly List<string> _missing = new List<string>(), _doubtful = new List<string>(), _meshes = new List<string>();
        readonly List<string> _notes = new List<string>();
        readonly int _derived;

        internal FaceMapReport(string name, FaceMatch match)
        {
            Name = name;
            var shapes = new HashSet<int>();
            foreach (var link in match.Links)
            {
                _moved.Add(match.Rows[link.Row].Curve);
                if (shapes.Add(link.Shape)) Tell(match, link);
            }
            Shapes = shapes.Count;
            foreach (string curve in FaceCurves.Derived)
                if (_moved.Contains(curve)) ++_derived;
            Recount();
        }

        /// <summary>Of the map; "None" where no preset fits.</summary>
        public string Name { get; }

        /// <summary>How many blendshapes or expressions move.</summary>
        public int Shapes { get; }

        /// <summary>How many of ARKit's 52 curves move something by themselves. What is derived from them is not counted.</summary>
        public int Curves { get; private set; }

        /// <summary>Vowels, visemes and feelings that move something.</summary>
        public int Derived => _derived;

        /// <summary>Curves that move something, ARKit's and derived ones.</summary>
        public ICollection<string> Moved => _moved;

        /// <summary>ARKit's curves that move nothing by themselves.</summary>
        public IReadOnlyList<string> Missing => _missing;

        /// <summary>Sentences about names that may mean two shapes.</summary>
        public IReadOnlyList<string> Doubtful => _doubtful;

        /// <summary>Meshes that move.</summary>
        public IReadOnlyList<string> Meshes => _meshes;

        /// <summary>All of it, a sentence a line.</summary>
        public override string ToString()
        {
            var text = new StringBuilder();
            if (_moved.Count == 0)
                text.Append("No shape of this character has a name that a face map knows. Make a map by Create > PantoMatrix > Face Map.");
            else
                text.Append("The map '" + Name + "' moves " + Shapes + " shapes on " + string.Join(", ", _meshes) + ". " + Curves
                    + " of ARKit's 52 curves move something.");
            if (_derived > 0) text.Append("\n" + _derived + " vowels, visemes or feelings are derived from the curves.");
            var still = _missing.FindAll(curve => !SpeaksByVowels || !IsOfMouth(curve));
            if (still.Count > 0 && _moved.Count > 0) text.Append("\nNot moved: " + string.Join(", ", still) + ".");
            foreach (string sentence in _doubtful) text.Append("\n" + sentence);
            foreach (string sentence in _notes) text.Append("\n" + sentence);
            return text.ToString();
        }

        bool SpeaksByVowels => _moved.Contains("vowelA") || _moved.Contains("visemeAA") || _moved.Contains("mouthOpen");

        static bool IsOfMouth(string curve) =>
            curve.StartsWith("jaw", StringComparison.Ordinal) || curve.StartsWith("mouth", StringComparison.Ordinal);

        internal void AddOther(string name, float score, float best)
        {
            if (score > 0.9f * best) _notes.Add("The map '" + name + "' would move nearly as much.");
        }

        internal void AddBones(FaceJaw jaw, FaceEyes eyes, Transform root)
        {
            var bones = new FaceBoneTurns(jaw, eyes, root, _moved);
            foreach (string curve in bones.Curves) _moved.Add(curve);
            if (bones.Names.Count > 0) _notes.Add("Bones that turn: " + string.Join(", ", bones.Names) + ".");
            Recount();
        }

        void Tell(FaceMatch match, FaceMatch.Link link)
        {
            string mesh = match.Shapes.MeshOf(link.Shape);
            if (!_meshes.Contains(mesh)) _meshes.Add(mesh);
            if (link.Other >= 0)
                _doubtful.Add("On " + mesh + ", " + match.Rows[link.Row].Curve + " moves '" + match.Shapes.NameOf(link.Shape) + "'; '"
                    + match.Shapes.NameOf(link.Other) + "' has the same name in another spelling and stays still.");
        }

        void Recount()
        {
            Curves = 0;
            _missing.Clear();
            foreach (string curve in FaceCurves.Arkit)
                if (_moved.Contains(curve)) ++Curves;
                else _missing.Add(curve);
        }
    }
}
