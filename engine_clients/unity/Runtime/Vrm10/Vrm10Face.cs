using System.Collections.Generic;
using UniVRM10;
using UnityEngine;

// Nothing refers to this assembly: it registers itself on load, and a build would leave it out.
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]

namespace PantoMatrix
{
    /// <summary>The expressions and the gaze of a VRM 1.0 character. UniVRM itself writes the blendshapes, after all LateUpdates of
    /// other components, so they are not written here. A character with ARKit's 52 among its own expressions moves by these.</summary>
    sealed class Vrm10Face : IFaceShapes
    {
        readonly Vrm10Instance _character;
        readonly List<ExpressionKey> _keys = new List<ExpressionKey>();
        readonly VRM10ObjectLookAt.LookAtTargetTypes _target;

        Vrm10Face(Vrm10Instance character)
        {
            _character = character;
            _target = character.LookAtTargetType;
            _keys.AddRange(character.Runtime.Expression.ExpressionKeys);
        }

        public int Count => _keys.Count;
        public bool TurnsEyes => true;

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Register() => FaceShapes.Register(Find);

        /// <summary>While the editor does not play, UniVRM moves nothing and the meshes are the face.</summary>
        static IFaceShapes Find(Transform root)
        {
            var character = Application.isPlaying ? root.GetComponentInChildren<Vrm10Instance>() : null;
            return character == null || character.Vrm == null ? null : new Vrm10Face(character);
        }

        public string NameOf(int shape) => _keys[shape].Name;

        public string MeshOf(int shape) => "VRM expressions";

        public float Get(int shape) => _character == null ? 0 : _character.Runtime.Expression.GetWeight(_keys[shape]);

        public void Set(int shape, float weight)
        {
            if (_character != null) _character.Runtime.Expression.SetWeight(_keys[shape], weight);
        }

        public void Show() { }

        public void TurnEyes(float yaw, float pitch)
        {
            if (_character == null) return;
            _character.LookAtTargetType = VRM10ObjectLookAt.LookAtTargetTypes.YawPitchValue;
            _character.Runtime.LookAt.SetYawPitchManually(yaw, -pitch);
        }

        public void Rest()
        {
            if (_character == null) return;
            _character.Runtime.LookAt.SetYawPitchManually(0, 0);
            _character.LookAtTargetType = _target;
        }
    }
}
