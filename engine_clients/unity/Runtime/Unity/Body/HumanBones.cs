using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>The transforms of a humanoid's bones. An Animator that is not active yet, as in a prefab, tells none: then the
    /// avatar's own names do.</summary>
    sealed class HumanBones
    {
        readonly Animator _animator;
        readonly Dictionary<string, string> _names = new Dictionary<string, string>();
        Dictionary<string, Transform> _transforms;

        public HumanBones(Animator animator)
        {
            _animator = animator;
            var bones = animator.avatar.humanDescription.human;
            if (bones == null) return;
            foreach (var bone in bones) _names[bone.humanName.Replace(" ", "")] = bone.boneName;
        }

        /// <summary>Null where there is none.</summary>
        public Transform Find(HumanBodyBones bone)
        {
            var found = _animator.isInitialized ? _animator.GetBoneTransform(bone) : null;
            if (found != null || !_names.TryGetValue(bone.ToString(), out string name)) return found;
            if (_transforms == null)
            {
                _transforms = new Dictionary<string, Transform>();
                foreach (var one in _animator.GetComponentsInChildren<Transform>(true))
                    if (!_transforms.ContainsKey(one.name)) _transforms.Add(one.name, one);
            }
            return _transforms.TryGetValue(name, out found) ? found : null;
        }
    }
}
