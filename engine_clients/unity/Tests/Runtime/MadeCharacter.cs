using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace PantoMatrix.Tests
{
    /// <summary>A character made of code: hips, spine and head, and a face with the blendshapes that are named.</summary>
    public sealed class MadeCharacter : IDisposable
    {
        readonly List<Object> _made = new List<Object>();

        public MadeCharacter(params string[] shapes)
        {
            Root = New("Character", null, Vector3.zero);
            Root.localScale = 2 * Vector3.one;
            // Without one, a clip moves nothing.
            Root.gameObject.AddComponent<Animator>();
            Hips = New("Hips", Root, new Vector3(0, 0.5f, 0));
            Spine = New("Spine", Hips, new Vector3(0, 0.1f, 0));
            Head = New("Head", Spine, new Vector3(0, 0.3f, 0));
            var mesh = new Mesh { name = "Face", vertices = new[] { Vector3.zero, Vector3.up, Vector3.right }, triangles = new[] { 0, 1, 2 } };
            _made.Add(mesh);
            foreach (string shape in shapes) mesh.AddBlendShapeFrame(shape, 100, new Vector3[3], null, null);
            Face = New("Face", Root, Vector3.zero).gameObject.AddComponent<SkinnedMeshRenderer>();
            Face.sharedMesh = mesh;
        }

        public Transform Root { get; }
        public Transform Hips { get; }
        public Transform Spine { get; }
        public Transform Head { get; }
        public SkinnedMeshRenderer Face { get; }

        public float WeightOf(string shape) => Face.GetBlendShapeWeight(Face.sharedMesh.GetBlendShapeIndex(shape));

        public void Dispose()
        {
            Object.DestroyImmediate(Root.gameObject);
            foreach (var one in _made) Object.DestroyImmediate(one);
        }

        static Transform New(string name, Transform parent, Vector3 position)
        {
            var made = new GameObject(name).transform;
            made.SetParent(parent, false);
            made.localPosition = position;
            return made;
        }
    }
}
