using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>A map's rows on a character's shapes. On every mesh a curve moves the first of its choices that the mesh has.
    /// A short name such as A or blink counts on a mesh that has three of the map's shapes, so that a coat's A is left alone;
    /// of four letters or more, also where another mesh of the character has the same.</summary>
    sealed class FaceMatch
    {
        public struct Link
        {
            public int Row, Shape, Other;
            public float Surely;
        }

        const int Company = 3;
        readonly IReadOnlyList<FaceMapRow> _rows;
        readonly string[] _keys;
        readonly Dictionary<string, List<int>> _rowsOfCurve = new Dictionary<string, List<int>>();
        readonly Dictionary<string, int> _meshesOfName = new Dictionary<string, int>();

        public FaceMatch(IReadOnlyList<FaceMapRow> rows, IFaceShapes shapes) : this(rows, Keys(rows), shapes, Meshes(shapes)) { }

        /// <summary>keys: see Keys. meshes: of the shapes, see Meshes. Both can serve many times.</summary>
        public FaceMatch(IReadOnlyList<FaceMapRow> rows, string[] keys, IFaceShapes shapes, IReadOnlyList<MeshNames> meshes)
        {
            _rows = rows;
            _keys = keys;
            Shapes = shapes;
            for (int row = 0; row < rows.Count; ++row)
            {
                if (_keys[row] == null) continue;
                if (!_rowsOfCurve.TryGetValue(rows[row].Curve, out var own)) _rowsOfCurve.Add(rows[row].Curve, own = new List<int>());
                own.Add(row);
            }
            var found = new List<List<Link>>();
            foreach (var mesh in meshes) found.Add(Find(mesh));
            foreach (var links in found)
                if (IsFace(links)) foreach (var link in links) Count(link);
            foreach (var links in found) Take(links);
        }

        public IReadOnlyList<FaceMapRow> Rows => _rows;
        public IFaceShapes Shapes { get; }
        public List<Link> Links { get; } = new List<Link>();

        /// <summary>Of the rows' shapes; null for a row that is not filled in.</summary>
        public static string[] Keys(IReadOnlyList<FaceMapRow> rows)
        {
            var keys = new string[rows.Count];
            for (int row = 0; row < keys.Length; ++row)
                if (!string.IsNullOrEmpty(rows[row].Curve) && !string.IsNullOrEmpty(rows[row].Shape))
                    keys[row] = ShapeSpelling.Key(rows[row].Shape);
            return keys;
        }

        public static List<MeshNames> Meshes(IFaceShapes shapes)
        {
            var meshes = new List<MeshNames>();
            for (int first = 0, last; first < shapes.Count; first = last)
            {
                for (last = first + 1; last < shapes.Count && shapes.MeshOf(last) == shapes.MeshOf(first); ++last) { }
                meshes.Add(new MeshNames(shapes, first, last));
            }
            return meshes;
        }

        /// <summary>What a mesh has of each row.</summary>
        List<Link> Find(MeshNames mesh)
        {
            var links = new List<Link>();
            for (int row = 0; row < _rows.Count; ++row)
            {
                if (_keys[row] == null) continue;
                int shape = mesh.Find(_rows[row].Shape, _keys[row], out float surely, out int other);
                if (shape >= 0) links.Add(new Link { Row = row, Shape = shape, Surely = surely, Other = other });
            }
            return links;
        }

        bool IsFace(List<Link> links)
        {
            var shapes = new HashSet<int>();
            foreach (var link in links) shapes.Add(link.Shape);
            return shapes.Count >= Company;
        }

        void Count(Link link)
        {
            string name = _rows[link.Row].Shape;
            _meshesOfName.TryGetValue(name, out int meshes);
            _meshesOfName[name] = meshes + 1;
        }

        void Take(List<Link> links)
        {
            if (!IsFace(links)) links.RemoveAll(link => !IsMeant(link.Row));
            if (links.Count == 0) return;
            var isThere = new bool[_rows.Count];
            foreach (var link in links) isThere[link.Row] = true;
            var choices = new Dictionary<string, int>();
            foreach (var link in links)
            {
                string curve = _rows[link.Row].Curve;
                if (!choices.TryGetValue(curve, out int choice))
                    choices.Add(curve, choice = Choice(_rowsOfCurve[curve], isThere));
                if (_rows[link.Row].Choice == choice) Links.Add(link);
            }
        }

        bool IsMeant(int row)
        {
            int letters = _keys[row].Length;
            return letters >= MeshNames.LongName || (letters >= 4 && _meshesOfName.ContainsKey(_rows[row].Shape));
        }

        /// <summary>The first of a curve's choices of which all shapes are there, else the first of which any is.</summary>
        int Choice(List<int> rows, bool[] isThere)
        {
            int whole = int.MaxValue, part = int.MaxValue;
            foreach (int row in rows)
            {
                int choice = _rows[row].Choice;
                bool isAny = false, isAll = true;
                foreach (int other in rows)
                {
                    if (_rows[other].Choice != choice) continue;
                    isAny |= isThere[other];
                    isAll &= isThere[other];
                }
                if (isAny && isAll && choice < whole) whole = choice;
                if (isAny && choice < part) part = choice;
            }
            return whole != int.MaxValue ? whole : part;
        }
    }
}
