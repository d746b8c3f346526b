using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The joints of a character, in the order in which a server is told of them: its hips first, then all that lies on
    /// the way from there to a bone that moves. Positions are in the space of the character's root, left-handed, Y up, facing +Z;
    /// scales between the root and a joint are in them, the root's own and what is above it are not.</summary>
    public sealed class CharacterRig
    {
        readonly List<Transform> _joints = new List<Transform>();
        readonly Dictionary<Transform, string> _roles = new Dictionary<Transform, string>();
        readonly HashSet<Transform> _wanted = new HashSet<Transform>();
        readonly HashSet<string> _names = new HashSet<string>();
        readonly RestPose _rest;
        readonly float _size = 1;

        CharacterRig(Transform root, Transform hips, Avatar avatar, Dictionary<Transform, string> roles, IEnumerable<Transform> wanted)
        {
            Root = root;
            Avatar = avatar;
            _rest = new RestPose(avatar, root);
            _roles = roles;
            foreach (var joint in wanted)
                for (var above = joint; above != null && above != hips; above = above.parent) _wanted.Add(above);
            Skeleton = new V1.Skeleton { Name = "character" };
            AboveHips = new SpaceInRoot(root, hips.parent);
            foreach (var pair in roles)
                if (pair.Value == "left_knee") _size = _rest.SizeBy(pair.Key);
            Add(hips, -1, AboveHips);
            Joints = _joints.ToArray();
        }

        /// <summary>Of a humanoid where the Animator has such an avatar; else of the transforms below root, whose names the server
        /// has to know: then one is called Hips or Pelvis. animator: may be null. Throws InvalidOperationException with what to
        /// change where the joints cannot be found or are scaled in a way that no pose can follow.</summary>
        public static CharacterRig Of(Animator animator, Transform root)
        {
            if (animator != null)
            {
                root = animator.transform;
                if (!animator.hasTransformHierarchy)
                    throw new InvalidOperationException(
                        $"'{animator.name}' has no transforms for its bones: turn off Optimize Game Objects in the Rig tab of the model's import "
                        + "settings, or call AnimatorUtility.DeoptimizeTransformHierarchy.");
                if (animator.avatar != null && animator.avatar.isValid && animator.avatar.isHuman) return OfHumanoid(animator);
            }
            return OfNames(root);
        }

        /// <summary>As the contract wants it; roles are set for humanoids only.</summary>
        public V1.Skeleton Skeleton { get; }

        /// <summary>The transform of each joint of the skeleton.</summary>
        public Transform[] Joints { get; }

        /// <summary>The Animator's transform, or the one that was given.</summary>
        public Transform Root { get; }

        /// <summary>Null where it is no humanoid.</summary>
        public Avatar Avatar { get; }

        /// <summary>The space in which the hips' local position is, in the root's.</summary>
        internal SpaceInRoot AboveHips { get; }

        static CharacterRig OfHumanoid(Animator animator)
        {
            var roles = new Dictionary<Transform, string>();
            var byName = new HumanBones(animator);
            foreach (var pair in HumanRoles.All)
            {
                var bone = byName.Find(pair.Key);
                if (bone == null || roles.ContainsKey(bone)) continue;
                roles.Add(bone, pair.Value);
                string twist = HumanRoles.OfTwist(pair.Value);
                for (int i = 0; twist != "" && i < bone.childCount; ++i)
                {
                    var child = bone.GetChild(i);
                    if (child.name.IndexOf("twist", StringComparison.OrdinalIgnoreCase) >= 0 && !roles.ContainsKey(child)) roles.Add(child, twist);
                }
            }
            var hips = byName.Find(HumanBodyBones.Hips);
            if (hips == null)
                throw new InvalidOperationException(
                    $"'{animator.name}' has a humanoid avatar, '{animator.avatar.name}', whose hips are not among its transforms: "
                    + "is it the avatar of another model?");
            return new CharacterRig(animator.transform, hips, animator.avatar, roles, roles.Keys);
        }

        static CharacterRig OfNames(Transform root)
        {
            var all = root.GetComponentsInChildren<Transform>(true);
            var hips = Array.Find(all, one => one != root && IsHips(one.name));
            if (hips == null)
                throw new InvalidOperationException(
                    $"No joint called Hips or Pelvis is below '{root.name}': give its Animator a Humanoid avatar "
                    + "(Rig tab of the model's import settings), rename the joint, or turn Apply Body off.");
            var skinned = new List<Transform>();
            foreach (var renderer in root.GetComponentsInChildren<SkinnedMeshRenderer>(true))
                foreach (var bone in renderer.bones)
                    if (bone != null && bone.IsChildOf(hips)) skinned.Add(bone);
            return new CharacterRig(root, hips, null, new Dictionary<Transform, string>(), skinned.Count > 0 ? skinned : Below(hips));
        }

        static bool IsHips(string name)
        {
            int prefix = name.LastIndexOfAny(new[] { ':', '_', ' ', '-', '.' });
            string word = name.Substring(prefix + 1).ToLowerInvariant();
            return word == "hips" || word == "pelvis" || word == "hip";
        }

        static IEnumerable<Transform> Below(Transform hips) => hips.GetComponentsInChildren<Transform>(true);

        void Add(Transform joint, int parent, SpaceInRoot space)
        {
            _rest.Of(joint, out var position, out var rotation);
            // Only the hips are moved: how long the others are is what they are now.
            position = parent < 0 ? _size * position : joint.localPosition;
            SpaceInRoot.Check(joint, joint.localScale);
            position = Vector3.Scale(space.Scale, position);
            if (parent < 0)
            {
                position = space.Position + space.Rotation * position;
                rotation = space.Rotation * rotation;
            }
            _roles.TryGetValue(joint, out string role);
            int index = _joints.Count;
            _joints.Add(joint);
            Skeleton.Joints.Add(new V1.Joint
            {
                Name = Unique(joint.name),
                Parent = parent,
                RestTranslation = new V1.Vector3 { X = position.x, Y = position.y, Z = position.z },
                RestRotation = new V1.Quaternion { X = rotation.x, Y = rotation.y, Z = rotation.z, W = rotation.w },
                Role = role ?? "",
            });
            var below = new SpaceInRoot(space, joint.localScale);
            for (int i = 0; i < joint.childCount; ++i)
                if (_wanted.Contains(joint.GetChild(i))) Add(joint.GetChild(i), index, below);
        }

        string Unique(string name)
        {
            string unique = name == "" ? "joint" : name;
            for (int number = 2; !_names.Add(unique); ++number) unique = name + " " + number;
            return unique;
        }
    }
}
