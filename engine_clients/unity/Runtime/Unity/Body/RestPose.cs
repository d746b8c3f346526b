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
            var bones = avatar != null ? avatar.humanDescription.skeleton : null;
            // Avatars may come without, and need not have every bone.
            if (bones != null)
                foreach (var bone in bones)
                    if (!_avatar.ContainsKey(bone.name)) _avatar.Add(bone.name, bone);
            foreach (var renderer in root.GetComponentsInChildren<SkinnedMeshRenderer>(true)) Add(renderer, root);
        }

        /// <summary>An avatar may be that of another model, of another size: how long a joint is here, over how long it is there.</summary>
        public float SizeBy(Transform joint)
        {
            if (joint == null || !_avatar.TryGetValue(joint.name, out var bone)) return 1;
            float there = bone.position.magnitude, size = there > 0 ? joint.localPosition.magnitude / there : 0;
            return size > 0 ? size : 1;
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
