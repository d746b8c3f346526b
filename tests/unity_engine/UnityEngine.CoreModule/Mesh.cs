using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public struct BoneWeight
    {
        public int boneIndex0 { get; set; }
        public float weight0 { get; set; }
    }

    public class Mesh : Object
    {
        private sealed class Shape
        {
            internal string Name;
            internal readonly List<float> Weights = new List<float>();
            internal readonly List<Vector3[]> Deltas = new List<Vector3[]>();
        }

        private readonly List<Shape> _shapes = new List<Shape>();

        public Vector3[] vertices { get; set; } = new Vector3[0];
        public Vector3[] normals { get; set; } = new Vector3[0];
        public int[] triangles { get; set; } = new int[0];
        public Matrix4x4[] bindposes { get; set; } = new Matrix4x4[0];
        public BoneWeight[] boneWeights { get; set; } = new BoneWeight[0];
        public int vertexCount => vertices.Length;
        public int blendShapeCount => _shapes.Count;
        public bool isReadable => true;
        public Bounds bounds { get; set; }
        public void RecalculateBounds() { }
        public void RecalculateNormals() { }
        public string GetBlendShapeName(int shapeIndex) => _shapes[shapeIndex].Name;
        public int GetBlendShapeIndex(string blendShapeName) => _shapes.FindIndex(one => one.Name == blendShapeName);
        public int GetBlendShapeFrameCount(int shapeIndex) => _shapes[shapeIndex].Weights.Count;
        public float GetBlendShapeFrameWeight(int shapeIndex, int frameIndex) => _shapes[shapeIndex].Weights[frameIndex];
        public void GetBlendShapeFrameVertices(
            int shapeIndex, int frameIndex, Vector3[] deltaVertices, Vector3[] deltaNormals, Vector3[] deltaTangents) =>
            _shapes[shapeIndex].Deltas[frameIndex].CopyTo(deltaVertices, 0);
        public void AddBlendShapeFrame(
            string shapeName, float frameWeight, Vector3[] deltaVertices, Vector3[] deltaNormals, Vector3[] deltaTangents)
        {
            Shape shape = _shapes.Find(one => one.Name == shapeName);
            if (shape == null)
            {
                shape = new Shape { Name = shapeName };
                _shapes.Add(shape);
            }
            shape.Weights.Add(frameWeight);
            shape.Deltas.Add(deltaVertices);
        }
        public void ClearBlendShapes() => _shapes.Clear();
    }

    public class Material : Object
    {
        public Material(Shader shader) => this.shader = shader;
        public Shader shader { get; set; }
        public Color color { get; set; }
    }

    public sealed class Shader : Object
    {
        public static Shader Find(string name) => new Shader { NameNow = name };
    }

    public class Texture : Object
    {
        public virtual int width { get; set; }
        public virtual int height { get; set; }
    }

    public sealed class Texture2D : Texture
    {
        public Texture2D(int width, int height) { this.width = width; this.height = height; }
    }

    public class Renderer : Component
    {
        public bool enabled { get; set; } = true;
        public bool isVisible => true;
        public Material sharedMaterial { get; set; }
        public Material[] sharedMaterials { get; set; } = new Material[0];
        public Material material { get => sharedMaterial; set => sharedMaterial = value; }
        public Bounds bounds { get; set; }
    }

    public class MeshRenderer : Renderer { }

    public class MeshFilter : Component
    {
        public Mesh sharedMesh { get; set; }
        public Mesh mesh { get => sharedMesh; set => sharedMesh = value; }
    }

    public class SkinnedMeshRenderer : Renderer
    {
        internal long Writes;
        private float[] _weights = new float[0];

        public Mesh sharedMesh { get; set; }
        public Transform[] bones { get; set; } = new Transform[0];
        public Transform rootBone { get; set; }
        public bool updateWhenOffscreen { get; set; }
        public Bounds localBounds { get; set; }
        public float GetBlendShapeWeight(int index)
        {
            Check(index);
            return index < _weights.Length ? _weights[index] : 0f;
        }
        public void SetBlendShapeWeight(int index, float value)
        {
            World.OnMainThread();
            Check(index);
            if (index >= _weights.Length)
            {
                Array.Resize(ref _weights, sharedMesh.blendShapeCount);
            }
            Writes++;
            _weights[index] = value;
        }
        private void Check(int index)
        {
            Alive();
            if (!sharedMesh || index < 0 || index >= sharedMesh.blendShapeCount)
            {
                throw new ArgumentOutOfRangeException(nameof(index), "Array index (" + index + ") is out of bounds.");
            }
        }
    }
}
