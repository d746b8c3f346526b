using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A part of the body that a mask tells from others.</summary>
    public enum BodyRegion { Hips, Spine, Head, LeftArm, RightArm, LeftFingers, RightFingers, LeftLeg, RightLeg }

    /// <summary>How much of a motion each part of the body takes: 0 leaves it to the Animator, 1 is the motion alone.</summary>
    [Serializable]
    public sealed class BodyMask
    {
        [Tooltip("What is off in it is left to the Animator. None: everything moves.")]
        [SerializeField] AvatarMask _avatarMask;
        [SerializeField, Range(0, 1)] float _hips = 1;
        [SerializeField, Range(0, 1)] float _spine = 1;
        [SerializeField, Range(0, 1)] float _head = 1;
        [SerializeField, Range(0, 1)] float _leftArm = 1;
        [SerializeField, Range(0, 1)] float _rightArm = 1;
        [SerializeField, Range(0, 1)] float _leftFingers = 1;
        [SerializeField, Range(0, 1)] float _rightFingers = 1;
        [SerializeField, Range(0, 1)] float _leftLeg = 1;
        [SerializeField, Range(0, 1)] float _rightLeg = 1;

        /// <summary>A mask as animation layers have it. Of a humanoid its body counts, of others its transforms. Null: everything
        /// moves. To change one that is in use, set it again.</summary>
        public AvatarMask AvatarMask
        {
            get => _avatarMask;
            set
            {
                _avatarMask = value;
                ++Version;
            }
        }

        /// <summary>0 to 1.</summary>
        public float this[BodyRegion region]
        {
            get
            {
                switch (region)
                {
                    case BodyRegion.Hips: return _hips;
                    case BodyRegion.Spine: return _spine;
                    case BodyRegion.Head: return _head;
                    case BodyRegion.LeftArm: return _leftArm;
                    case BodyRegion.RightArm: return _rightArm;
                    case BodyRegion.LeftFingers: return _leftFingers;
                    case BodyRegion.RightFingers: return _rightFingers;
                    case BodyRegion.LeftLeg: return _leftLeg;
                    default: return _rightLeg;
                }
            }
            set
            {
                value = Mathf.Clamp01(value);
                switch (region)
                {
                    case BodyRegion.Hips: _hips = value; break;
                    case BodyRegion.Spine: _spine = value; break;
                    case BodyRegion.Head: _head = value; break;
                    case BodyRegion.LeftArm: _leftArm = value; break;
                    case BodyRegion.RightArm: _rightArm = value; break;
                    case BodyRegion.LeftFingers: _leftFingers = value; break;
                    case BodyRegion.RightFingers: _rightFingers = value; break;
                    case BodyRegion.LeftLeg: _leftLeg = value; break;
                    default: _rightLeg = value; break;
                }
            }
        }

        /// <summary>Grows when AvatarMask is set.</summary>
        internal int Version { get; private set; }

        /// <summary>role: as the contract names it.</summary>
        internal static BodyRegion RegionOf(string role)
        {
            bool isLeft = role.StartsWith("left_", StringComparison.Ordinal);
            if (!isLeft && !role.StartsWith("right_", StringComparison.Ordinal))
                return role == "pelvis" ? BodyRegion.Hips
                    : role.StartsWith("spine", StringComparison.Ordinal) ? BodyRegion.Spine
                    : BodyRegion.Head;
            switch (role.Substring(isLeft ? 5 : 6))
            {
                case "eye_smplhf": return BodyRegion.Head;
                case "collar":
                case "shoulder":
                case "elbow":
                case "wrist":
                case "upper_arm":
                case "forearm": return isLeft ? BodyRegion.LeftArm : BodyRegion.RightArm;
                case "hip":
                case "knee":
                case "ankle":
                case "foot":
                case "thigh":
                case "calf": return isLeft ? BodyRegion.LeftLeg : BodyRegion.RightLeg;
                default: return isLeft ? BodyRegion.LeftFingers : BodyRegion.RightFingers;
            }
        }

        /// <summary>Whether the avatar mask lets a joint move.</summary>
        internal bool Moves(BodyRegion region, Transform joint, CharacterRig rig)
        {
            if (_avatarMask == null) return true;
            if (rig.Avatar != null) return _avatarMask.GetHumanoidBodyPartActive(PartOf(region));
            if (_avatarMask.transformCount == 0) return true;
            string path = PathOf(joint, rig.Root);
            for (int i = 0; i < _avatarMask.transformCount; ++i)
                if (_avatarMask.GetTransformPath(i) == path) return _avatarMask.GetTransformActive(i);
            return false;
        }

        static AvatarMaskBodyPart PartOf(BodyRegion region)
        {
            switch (region)
            {
                case BodyRegion.Head: return AvatarMaskBodyPart.Head;
                case BodyRegion.LeftArm: return AvatarMaskBodyPart.LeftArm;
                case BodyRegion.RightArm: return AvatarMaskBodyPart.RightArm;
                case BodyRegion.LeftFingers: return AvatarMaskBodyPart.LeftFingers;
                case BodyRegion.RightFingers: return AvatarMaskBodyPart.RightFingers;
                case BodyRegion.LeftLeg: return AvatarMaskBodyPart.LeftLeg;
                case BodyRegion.RightLeg: return AvatarMaskBodyPart.RightLeg;
                case BodyRegion.Hips: return AvatarMaskBodyPart.Root;
                default: return AvatarMaskBodyPart.Body;
            }
        }

        static string PathOf(Transform joint, Transform root)
        {
            string path = joint.name;
            for (var above = joint.parent; above != null && above != root; above = above.parent) path = above.name + "/" + path;
            return path;
        }
    }
}
