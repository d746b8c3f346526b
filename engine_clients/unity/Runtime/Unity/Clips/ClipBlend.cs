using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>What is shown of a clip.</summary>
    struct ClipParts
    {
        /// <summary>Null for the whole body.</summary>
        public BodyMask Mask;

        public bool Body, Face, Root;
    }

    /// <summary>Shows moments of clips on a character, one over another, each for the bones and blendshapes that it drives. Made once
    /// for a character; a clip that is new to it allocates, later frames do not.</summary>
    sealed class ClipBlend
    {
        sealed class Layer
        {
            public PantoMatrixClip Clip;
            public FrameLayout Layout;
            public float[] Row;
            public BodyApplier Body;
            public FaceApplier Face;
        }

        readonly CharacterRig _rig;
        readonly FaceMap _map;
        readonly SkinnedMeshRenderer[] _renderers;
        readonly Transform _root;
        readonly List<Layer> _layers = new List<Layer>();
        readonly List<Layer> _shown = new List<Layer>();
        readonly List<Layer> _next = new List<Layer>();

        /// <summary>animator: may be null. map: null to choose one by the blendshapes' names. bodyFault: why the body cannot be moved,
        /// for people; null if it can.</summary>
        public ClipBlend(Animator animator, Transform root, FaceMap map, out string bodyFault)
        {
            _root = root;
            _renderers = root.GetComponentsInChildren<SkinnedMeshRenderer>(true);
            _map = map != null ? map : FaceMap.Choose(_renderers, root, out _);
            bodyFault = null;
            try
            {
                _rig = CharacterRig.Of(animator, root);
            }
            catch (InvalidOperationException error)
            {
                bodyFault = error.Message;
            }
        }

        /// <summary>Null where the character's joints cannot be found.</summary>
        public CharacterRig Rig => _rig;

        public SkinnedMeshRenderer[] Renderers => _renderers;

        /// <summary>Shows these and nothing else. Of weights that are more than 1 together each counts in proportion. weight: of the
        /// whole, 0 to 1. Throws PantoMatrixException for a clip that is damaged, InvalidOperationException for one that does not fit
        /// the character.</summary>
        public void Show(List<ClipMoment> moments, float weight, in ClipParts parts)
        {
            _next.Clear();
            float sum = 0;
            for (int i = 0; i < moments.Count; ++i)
                if (moments[i].Weight > 0 && moments[i].Clip != null)
                {
                    _next.Add(LayerOf(moments[i].Clip));
                    sum += moments[i].Weight;
                }
            // One alone that hides what is below it needs not know that; else all begin from what was there before them.
            bool isSame = _shown.Count == 1 && _next.Count == 1 && ReferenceEquals(_shown[0], _next[0]);
            if (_shown.Count > 0 && (!isSame || Mathf.Min(1, sum) * weight < 1)) Rest();
            float scale = sum > 1 ? weight / sum : weight, above = 1 - sum * scale;
            for (int i = 0, at = 0; i < moments.Count; ++i)
            {
                if (!(moments[i].Weight > 0) || moments[i].Clip == null) continue;
                float own = moments[i].Weight * scale;
                above += own;
                // Over what is shown already, so much that in the end each has its part.
                Apply(_next[at++], moments[i].Seconds, above > 0 ? Mathf.Clamp01(own / above) : 0, parts);
            }
            _shown.Clear();
            _shown.AddRange(_next);
        }

        /// <summary>The character goes back to what it was.</summary>
        public void Rest()
        {
            for (int i = _shown.Count - 1; i >= 0; --i)
            {
                _shown[i].Face?.Rest();
                _shown[i].Body?.Rest();
            }
            _shown.Clear();
        }

        void Apply(Layer layer, double seconds, float share, in ClipParts parts)
        {
            layer.Clip.Sample(seconds, layer.Row);
            layer.Body?.Apply(layer.Row, parts.Body ? share : 0, parts.Mask, parts.Root);
            layer.Face?.Apply(layer.Row, layer.Layout.Weights, parts.Face ? share : 0);
        }

        Layer LayerOf(PantoMatrixClip clip)
        {
            var layout = clip.Layout;
            for (int i = 0; i < _layers.Count; ++i)
                if (ReferenceEquals(_layers[i].Clip, clip) && ReferenceEquals(_layers[i].Layout, layout) && !_next.Contains(_layers[i])) return _layers[i];
            var layer = new Layer { Clip = clip, Layout = layout, Row = new float[layout.Floats] };
            if (_rig != null && layout.Joints > 0) layer.Body = new BodyApplier(_rig, clip.Header, layout);
            if (_map != null && layout.Curves > 0) layer.Face = new FaceApplier(_map, _renderers, _root, clip.Header.CurveNames);
            _layers.Add(layer);
            return layer;
        }
    }
}
