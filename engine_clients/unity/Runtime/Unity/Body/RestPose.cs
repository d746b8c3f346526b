using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Where a transform is when its character does nothing, relative to its parent. The pose of the moment may be any, so
    /// a humanoid avatar's own T-pose comes first, then the pose in which meshes were bound to their bones.</summary>
    sealed class RestPose
    {
        readonly Dictionary<string, SkeletonBone> _avatar = new Dictionary<string, SkeletonBone>();
        readonly Dictionary<Transform, Matrix4x4> _bound = new Dictionary<Transform, Matrix4x4>();

        /// <summary>avatar: a humanoid one, or null.</summary>
        public RestPose(Avatar avatar, Transform root)
        {
            if (avatar != null)
            {
                // The first is the character itself.
                var bones = avatar.humanDescription.skeleton;
                for (int i = 1; bones != null && i < bones.Length; ++i)
                    if (!_avatar.ContainsKey(bones[i].name)) _avatar.Add(bones[i].name, bones[i]);
                return;
            }
            foreach (var renderer in root.GetComponentsInChildren<SkinnedMeshRenderer>(true)) Add(renderer, root);
        }

        public void Of(Transform joint, out Vector3 position, out Quaternion rotation)
        {
            position = joint.localPosition;
            rotation = joint.localRotation;
            if (_avatar.TryGetValue(joint.name, out var bone))
            {
                position = bone.position;
                rotation = bone.rotation;
            }
            else if (joint.parent != null && _bound.TryGetValue(joint, out var own) && _bound.TryGetValue(joint.parent, out var above))
            {
                var local = above.inverse * own;
                rotation = Quaternion.LookRotation(local.GetColumn(2), local.GetColumn(1));
            }
        }

        void Add(SkinnedMeshRenderer renderer, Transform root)
        {
            var mesh = renderer.sharedMesh;
            if (mesh == null) return;
            var bones = renderer.bones;
            var poses = mesh.bindposes;
            for (int i = 0; i < bones.Length && i < poses.Length; ++i)
                if (bones[i] != null && !_bound.ContainsKey(bones[i])) _bound.Add(bones[i], poses[i].inverse);
        }
    }
}
