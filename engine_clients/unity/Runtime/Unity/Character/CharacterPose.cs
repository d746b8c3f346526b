using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Puts poses on a character: body, face, or both; fades between them and what the Animator does.</summary>
    sealed class CharacterPose : IDisposable
    {
        /// <summary>How long the character takes from its other animation into this one, and back.</summary>
        const float FadeSeconds = 0.3f;

        readonly GameObject _character;
        readonly Transform _root;
        readonly Animator _animator;
        readonly bool _useMuscles;
        Dictionary<string, int> _curves;
        BodyApplier _body;
        MuscleApplier _muscles;
        FaceApplier _face;
        FrameLayout _layout;
        float _alpha, _faceWeight;

        /// <summary>Throws InvalidOperationException where a body is wanted and its joints cannot be found.</summary>
        public CharacterPose(GameObject character, Animator animator, bool hasBody, bool useMuscles)
        {
            _character = character;
            _animator = animator;
            _useMuscles = useMuscles;
            _root = animator != null ? animator.transform : character.transform;
            if (hasBody) Rig = CharacterRig.Of(animator, _root);
        }

        /// <summary>Null where only the face moves.</summary>
        public CharacterRig Rig { get; }

        /// <summary>Whether its meshes have blendshapes of which none moves.</summary>
        public bool IsFaceStill { get; private set; }

        /// <summary>0 before a motion began and after it has faded out.</summary>
        public float Alpha => _alpha;

        public void Begin(V1.MotionHeader header, FaceMap map)
        {
            _body?.Rest();
            _face?.Rest();
            _layout = new FrameLayout(header);
            _curves = new Dictionary<string, int>();
            for (int i = 0; i < header.CurveNames.Count; ++i) _curves[header.CurveNames[i]] = _layout.Weights + i;
            _body = Rig == null ? null : new BodyApplier(Rig, header, _layout);
            _muscles?.Dispose();
            _muscles = Rig?.Avatar != null && _useMuscles ? new MuscleApplier(Rig, _body) : null;
            // The Animator may be on one of the character's objects, and its head on another.
            var top = _root.IsChildOf(_character.transform) ? _character.transform : _root;
            var renderers = top.GetComponentsInChildren<SkinnedMeshRenderer>(true);
            _face = _layout.Curves == 0 ? null : new FaceApplier(map, renderers, _root, header.CurveNames);
            IsFaceStill = _face != null && _face.Shapes == 0
                && Array.Exists(renderers, one => one.sharedMesh != null && one.sharedMesh.blendShapeCount > 0);
        }

        /// <summary>row: null before the first pose. moves: false while it fades out.</summary>
        public void Apply(float[] row, bool moves, double seconds, float bodyWeight, float faceWeight, BodyMask mask, bool applyRoot)
        {
            _alpha = Mathf.Clamp01(_alpha + (float)(moves ? seconds : -seconds) / FadeSeconds);
            if (row == null || _layout == null || row.Length < _layout.Floats) return;
            if (_muscles != null) _muscles.Apply(row, _alpha * bodyWeight, mask, applyRoot);
            else _body?.Apply(row, _alpha * bodyWeight, mask, applyRoot);
            float face = _alpha * faceWeight;
            if (face > 0) _face?.Apply(row, _layout.Weights, face);
            else if (_faceWeight > 0) _face?.Rest();
            _faceWeight = face;
        }

        /// <summary>Everything goes back to what it was.</summary>
        public void Rest()
        {
            _alpha = _faceWeight = 0;
            _muscles?.Rest();
            _body?.Rest();
            _face?.Rest();
        }

        /// <summary>Nothing may be applied after it.</summary>
        public void Dispose()
        {
            _muscles?.Dispose();
            _muscles = null;
        }

        /// <summary>0 for a name that is none of the motion's.</summary>
        public float Curve(string name, float[] row) =>
            row != null && _curves != null && name != null && _curves.TryGetValue(name, out int at) && at < row.Length ? row[at] : 0;

        /// <summary>What would make the motion invisible; null for nothing.</summary>
        public string Doubt()
        {
            if (Rig != null && _animator != null && _animator.cullingMode == AnimatorCullingMode.CullCompletely)
                return $"'{_animator.name}' culls completely while it is out of sight: the body then mixes with the pose that it had. "
                    + "Set the Animator's Culling Mode to Always Animate.";
            return null;
        }
    }
}
