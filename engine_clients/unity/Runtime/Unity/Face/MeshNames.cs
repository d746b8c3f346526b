using System;
using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>The shapes of one mesh by name, however they are spelt.</summary>
    sealed class MeshNames
    {
        /// <summary>Shorter ones are words that may mean anything on a mesh that is no face.</summary>
        public const int LongName = 6;

        readonly Dictionary<string, int> _exact = new Dictionary<string, int>(), _bare = new Dictionary<string, int>();
        readonly Dictionary<string, int> _keys = new Dictionary<string, int>(), _ends = new Dictionary<string, int>();
        readonly Dictionary<string, int> _doubles = new Dictionary<string, int>();

        /// <summary>Shapes from first to last, last not included.</summary>
        public MeshNames(IFaceShapes shapes, int first, int last)
        {
            for (int shape = first; shape < last; ++shape)
            {
                string name = shapes.NameOf(shape);
                if (string.IsNullOrEmpty(name)) continue;
                Add(_exact, name, shape);
                string bare = ShapeSpelling.WithoutPrefix(name);
                if (bare != null) Add(_bare, bare, shape);
                string key = ShapeSpelling.Key(name);
                Add(_keys, key, shape, true);
                if (bare != null && ShapeSpelling.Key(bare) != key) Add(_keys, ShapeSpelling.Key(bare), shape, true);
                foreach (string end in ShapeSpelling.Ends(bare ?? name)) Add(_ends, ShapeSpelling.Key(end), shape, true);
            }
        }

        /// <summary>The shape that is meant by a name, and how sure that is: 1 the very name, less in another spelling. Or -1.
        /// key: of the name, see ShapeSpelling. other: a second shape that might be meant as well, or -1.</summary>
        public int Find(string name, string key, out float surely, out int other)
        {
            other = -1;
            surely = 1;
            if (_exact.TryGetValue(name, out int shape)) return shape;
            surely = 0.98f;
            if (_bare.TryGetValue(name, out shape)) return shape;
            surely = 0.9f;
            if (!_keys.TryGetValue(key, out shape))
            {
                surely = 0.8f;
                if (key.Length < LongName || !_ends.TryGetValue(key, out shape)) return -1;
            }
            if (_doubles.TryGetValue(key, out int second)) other = second;
            return shape;
        }

        void Add(Dictionary<string, int> names, string name, int shape, bool isKey = false)
        {
            if (!names.TryGetValue(name, out int first)) names.Add(name, shape);
            else if (isKey && first != shape && !_doubles.ContainsKey(name)) _doubles.Add(name, shape);
        }
    }
}
