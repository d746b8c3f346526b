using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A map as it lies on one character: which numbers of a row move which shapes and bones.</summary>
    sealed class FaceDrive
    {
        /// <summary>Parts of a whole weight that do not count as another's change.</summary>
        const float Same = 1e-4f;

        struct Moved
        {
            public int Shape, FirstPart, Parts;
            public float Least, Most;

            /// <summary>Given: what others set it to; Written: what was set here.</summary>
            public float Given, Written;
        }

        struct Part
        {
            public int Curve;
            public float Gain, Offset;
        }

        readonly IFaceShapes _shapes;
        readonly FaceBoneTurns _bones;
        readonly FaceEyes _eyes;
        readonly float[] _face;
        readonly int[] _columns;
        readonly Moved[] _moved;
        readonly Part[] _parts;
        readonly bool _derives;

        /// <summary>As FaceApplier's.</summary>
        public FaceDrive(
            FaceMap map, IReadOnlyList<SkinnedMeshRenderer> renderers, Transform root, IReadOnlyList<string> curveNames)
        {
            _shapes = FaceShapes.Of(root, renderers);
            var chosen = map == null ? new FaceMapChoice(_shapes).Preset : null;
            var match = new FaceMatch(map == null ? chosen.Rows : map.Rows, _shapes);
            _eyes = map == null ? chosen.Eyes : map.Eyes;
            var links = new List<FaceMatch.Link>(match.Links);
            if (_shapes.TurnsEyes)
                links.RemoveAll(link => match.Rows[link.Row].Curve.StartsWith("eyeLook", StringComparison.Ordinal));
            links.Sort((one, other) => one.Shape != other.Shape ? one.Shape.CompareTo(other.Shape) : one.Row.CompareTo(other.Row));
            var curves = new List<string>(FaceCurves.Arkit);
            curves.AddRange(FaceCurves.Derived);
            var moved = new List<Moved>();
            var parts = new List<Part>();
            var names = new HashSet<string>();
            foreach (var link in links)
            {
                var row = match.Rows[link.Row];
                names.Add(row.Curve);
                if (!curves.Contains(row.Curve)) curves.Add(row.Curve);
                int curve = curves.IndexOf(row.Curve);
                _derives |= curve >= FaceCurves.FirstDerived && curve < FaceCurves.FirstDerived + FaceCurves.Derived.Count;
                parts.Add(new Part { Curve = curve, Gain = row.Gain, Offset = row.Offset });
                Add(moved, link.Shape, parts.Count - 1, row);
            }
            _moved = moved.ToArray();
            _parts = parts.ToArray();
            _face = new float[curves.Count];
            _columns = new int[curves.Count];
            for (int curve = 0; curve < _columns.Length; ++curve) _columns[curve] = Column(curveNames, curves[curve]);
            _bones = new FaceBoneTurns(map == null ? chosen.Jaw : map.Jaw, _eyes, _shapes.TurnsEyes ? null : root, names);
            for (int at = 0; at < _moved.Length; ++at) _moved[at].Given = _moved[at].Written = _shapes.Get(_moved[at].Shape);
        }

        public int Shapes => _moved.Length;

        public void Apply(float[] row, int firstWeight, float weight)
        {
            for (int curve = 0; curve < _columns.Length; ++curve)
            {
                float value = _columns[curve] < 0 ? 0 : row[firstWeight + _columns[curve]];
                _face[curve] = float.IsNaN(value) ? 0 : value;
            }
            if (_derives)
            {
                MouthShapes.Derive(_face);
                Feelings.Derive(_face);
            }
            for (int at = 0; at < _moved.Length; ++at) Move(ref _moved[at], weight);
            _shapes.Show();
            _bones.Apply(_face, weight);
            if (_shapes.TurnsEyes) TurnEyes(weight);
        }

        public void Rest()
        {
            for (int at = 0; at < _moved.Length; ++at)
                if (Math.Abs(_shapes.Get(_moved[at].Shape) - _moved[at].Written) <= Same) Write(ref _moved[at], _moved[at].Given);
            _shapes.Show();
            _bones.Rest();
            _shapes.Rest();
        }

        void Move(ref Moved moved, float weight)
        {
            float asked = 0;
            for (int part = moved.FirstPart; part < moved.FirstPart + moved.Parts; ++part)
                asked += _parts[part].Gain * _face[_parts[part].Curve] + _parts[part].Offset;
            asked = Math.Min(moved.Most, Math.Max(moved.Least, asked));
            // An Animator may have moved it since: that is what is blended with, not what was written here.
            float now = _shapes.Get(moved.Shape);
            if (Math.Abs(now - moved.Written) > Same) moved.Given = now;
            Write(ref moved, moved.Given + (asked - moved.Given) * weight);
        }

        void Write(ref Moved moved, float value)
        {
            moved.Written = value;
            if (_shapes.Get(moved.Shape) != value) _shapes.Set(moved.Shape, value);
        }

        void TurnEyes(float weight)
        {
            float yaw = 0, pitch = 0;
            for (int side = 0; side < 2; ++side)
            {
                // ARKit's order is down, in, out, up; seven curves an eye.
                int first = 1 + 7 * side;
                yaw += (side == 0 ? 0.5f : -0.5f) * (_face[first + 1] - _face[first + 2]);
                pitch += 0.5f * (_face[first] - _face[first + 3]);
            }
            _shapes.TurnEyes(weight * yaw * _eyes.YawDegrees, weight * pitch * _eyes.PitchDegrees);
        }

        static void Add(List<Moved> moved, int shape, int part, FaceMapRow row)
        {
            int last = moved.Count - 1;
            var one = last >= 0 && moved[last].Shape == shape
                ? moved[last]
                : new Moved { Shape = shape, FirstPart = part, Least = 0, Most = 1 };
            ++one.Parts;
            one.Least = Math.Min(one.Least, Math.Min(0, row.Gain));
            one.Most = Math.Max(one.Most, row.Gain);
            if (one.Parts == 1) moved.Add(one);
            else moved[last] = one;
        }

        /// <summary>A motion's curves may be spelt in another way, so after the very name comes the same in other letters.</summary>
        static int Column(IReadOnlyList<string> names, string curve)
        {
            for (int column = 0; column < names.Count; ++column)
                if (names[column] == curve) return column;
            for (int column = 0; column < names.Count; ++column)
                if (string.Equals(names[column], curve, StringComparison.OrdinalIgnoreCase)) return column;
            return -1;
        }
    }
}
