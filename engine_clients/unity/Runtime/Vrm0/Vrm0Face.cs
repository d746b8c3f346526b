using System.Collections.Generic;
using UnityEngine;
using VRM;

// Nothing refers to this assembly: it registers itself on load, and a build would leave it out.
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]

namespace PantoMatrix
{
    /// <summary>The expressions of a VRM 0.x character, which UniVRM calls blendshape clips. UniVRM writes the blendshapes that
    /// they are made of.</summary>
    sealed class Vrm0Face : IFaceShapes
    {
        readonly VRMBlendShapeProxy _character;
        readonly List<BlendShapeKey> _keys = new List<BlendShapeKey>();
        readonly float[] _weights;
        readonly bool[] _isSet;

        Vrm0Face(VRMBlendShapeProxy character)
        {
            _character = character;
            foreach (var clip in character.BlendShapeAvatar.Clips)
                if (clip != null) _keys.Add(BlendShapeKey.CreateFromClip(clip));
            _weights = new float[_keys.Count];
            _isSet = new bool[_keys.Count];
        }

        public int Count => _keys.Count;
        public bool TurnsEyes => false;

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Register() => FaceShapes.Register(Find);

        /// <summary>While the editor does not play, UniVRM moves nothing and the meshes are the face.</summary>
        static IFaceShapes Find(Transform root)
        {
            var character = Application.isPlaying ? root.GetComponentInChildren<VRMBlendShapeProxy>() : null;
            return character == null || character.BlendShapeAvatar == null ? null : new Vrm0Face(character);
        }

        public string NameOf(int shape) => _keys[shape].Name;

        public string MeshOf(int shape) => "VRM expressions";

        public float Get(int shape) => _isSet[shape] ? _weights[shape] : _character == null ? 0 : _character.GetValue(_keys[shape]);

        public void Set(int shape, float weight)
        {
            _isSet[shape] = true;
            _weights[shape] = weight;
        }

        /// <summary>Expressions may share a blendshape, so they are added up before they show.</summary>
        public void Show()
        {
            if (_character == null) return;
            for (int shape = 0; shape < _keys.Count; ++shape)
                if (_isSet[shape]) _character.AccumulateValue(_keys[shape], _weights[shape]);
            _character.Apply();
        }

        public void TurnEyes(float yaw, float pitch) { }

        public void Rest() { }
    }
}
