using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>The named shapes of one face: blendshapes, or what another package moves, such as VRM's expressions.</summary>
    public interface IFaceShapes
    {
        int Count { get; }

        string NameOf(int shape);

        /// <summary>Which mesh it is on; shapes of one mesh follow each other, two meshes have two names.</summary>
        string MeshOf(int shape);

        /// <summary>Its weight, of which 1 is the whole shape.</summary>
        float Get(int shape);

        void Set(int shape, float weight);

        /// <summary>All that changes in this frame was set.</summary>
        void Show();

        /// <summary>Whether it turns the eyes itself; then TurnEyes is told where they look and no shape or bone of theirs moves.
        /// </summary>
        bool TurnsEyes { get; }

        /// <summary>yaw: degrees to the character's right; pitch: degrees down.</summary>
        void TurnEyes(float yaw, float pitch);

        /// <summary>Whatever it changed beside weights goes back.</summary>
        void Rest();
    }

    /// <summary>Finds the shapes of a character.</summary>
    public static class FaceShapes
    {
        static readonly List<Func<Transform, IFaceShapes>> Finders = new List<Func<Transform, IFaceShapes>>();

        /// <summary>Faces that are not blendshapes: finder gets a character's root and returns null where it does not know the
        /// character. It may be registered again.</summary>
        public static void Register(Func<Transform, IFaceShapes> finder)
        {
            if (!Finders.Contains(finder)) Finders.Add(finder);
        }

        /// <summary>What a finder knows, else the blendshapes of the renderers.</summary>
        public static IFaceShapes Of(Transform root, IReadOnlyList<SkinnedMeshRenderer> renderers)
        {
            if (root != null)
                foreach (var finder in Finders)
                {
                    var found = finder(root);
                    if (found != null) return found;
                }
            return new MeshShapes(renderers);
        }
    }

    /// <summary>The blendshapes of any number of meshes, one after the other.</summary>
    sealed class MeshShapes : IFaceShapes
    {
        struct Shape
        {
            public SkinnedMeshRenderer Renderer;
            public int Index;
            public string Name, Mesh;

            /// <summary>The mesh's own weight of the whole shape, most often 100.</summary>
            public float Whole;
        }

        readonly List<Shape> _shapes = new List<Shape>();

        public MeshShapes(IReadOnlyList<SkinnedMeshRenderer> renderers)
        {
            var names = new HashSet<string>();
            for (int at = 0; renderers != null && at < renderers.Count; ++at)
            {
                var renderer = renderers[at];
                var mesh = renderer == null ? null : renderer.sharedMesh;
                if (mesh == null) continue;
                string meshName = renderer.name;
                for (int number = 2; !names.Add(meshName); ++number) meshName = renderer.name + " " + number;
                for (int index = 0; index < mesh.blendShapeCount; ++index)
                {
                    int frames = mesh.GetBlendShapeFrameCount(index);
                    float whole = frames > 0 ? mesh.GetBlendShapeFrameWeight(index, frames - 1) : 100;
                    _shapes.Add(new Shape
                    {
                        Renderer = renderer,
                        Index = index,
                        Name = mesh.GetBlendShapeName(index),
                        Mesh = meshName,
                        Whole = whole != 0 ? whole : 100,
                    });
                }
            }
        }

        public int Count => _shapes.Count;
        public bool TurnsEyes => false;
        public string NameOf(int shape) => _shapes[shape].Name;
        public string MeshOf(int shape) => _shapes[shape].Mesh;

        public float Get(int shape)
        {
            var one = _shapes[shape];
            return one.Renderer == null ? 0 : one.Renderer.GetBlendShapeWeight(one.Index) / one.Whole;
        }

        public void Set(int shape, float weight)
        {
            var one = _shapes[shape];
            if (one.Renderer != null) one.Renderer.SetBlendShapeWeight(one.Index, weight * one.Whole);
        }

        public void Show() { }

        public void TurnEyes(float yaw, float pitch) { }

        public void Rest() { }
    }
}
