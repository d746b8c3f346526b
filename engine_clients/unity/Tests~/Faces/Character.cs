using System.Collections.Generic;
using System.IO;
using UnityEngine;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>A character that has names alone: meshes with blendshapes, bones below a head.</summary>
    sealed class Character
    {
        public readonly Transform Root;
        public readonly List<SkinnedMeshRenderer> Renderers = new List<SkinnedMeshRenderer>();
        readonly Transform _head;

        public Character(string name)
        {
            Root = new GameObject(name).transform;
            _head = Child(Root, "Head");
        }

        public string Name => Root.name;

        /// <summary>Of all meshes.</summary>
        public IEnumerable<string> Shapes
        {
            get
            {
                foreach (var renderer in Renderers)
                    for (int shape = 0; shape < renderer.sharedMesh.blendShapeCount; ++shape) yield return renderer.sharedMesh.GetBlendShapeName(shape);
            }
        }

        public SkinnedMeshRenderer AddMesh(string name, IEnumerable<string> shapes, float whole = 100)
        {
            var mesh = new Mesh { name = name };
            foreach (string shape in shapes)
                if (mesh.GetBlendShapeIndex(shape) < 0)
                    mesh.AddBlendShapeFrame(shape, whole, new Vector3[0], new Vector3[0], new Vector3[0]);
            var renderer = Child(Root, name).gameObject.AddComponent<SkinnedMeshRenderer>();
            renderer.sharedMesh = mesh;
            Renderers.Add(renderer);
            return renderer;
        }

        public Transform AddBone(string name) => Child(_head, name);

        /// <summary>The weight of a shape on the first mesh that has it.</summary>
        public float Weight(string shape)
        {
            foreach (var renderer in Renderers)
            {
                int at = renderer.sharedMesh.GetBlendShapeIndex(shape);
                if (at >= 0) return renderer.GetBlendShapeWeight(at);
            }
            throw new KeyNotFoundException(shape);
        }

        /// <summary>Lines of a word and a name: character, mesh, shape, bone.</summary>
        public static List<Character> Read(string path)
        {
            var all = new List<Character>();
            var shapes = new List<string>();
            string mesh = null;
            foreach (string line in File.ReadAllLines(path))
            {
                int space = line.IndexOf(' ');
                string word = line.Substring(0, space), name = line.Substring(space + 1);
                if (word != "shape" && mesh != null)
                {
                    all[all.Count - 1].AddMesh(mesh, shapes);
                    shapes.Clear();
                    mesh = null;
                }
                if (word == "character") all.Add(new Character(name));
                else if (word == "mesh") mesh = name;
                else if (word == "shape") shapes.Add(name);
                else if (word == "bone") all[all.Count - 1].AddBone(name);
            }
            return all;
        }

        static Transform Child(Transform parent, string name)
        {
            var child = new GameObject(name).transform;
            child.SetParent(parent, false);
            return child;
        }
    }
}
