using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A face's jaw and eyes as bones: each is its rest rotation, turned by the curves about the character's own axes.</summary>
    sealed class FaceBoneTurns
    {
        struct Bone
        {
            public Transform Transform;
            public Quaternion Rest;

            /// <summary>Given: as others turned it; Written: as it was turned here.</summary>
            public Quaternion Given, Written;

            /// <summary>The character's right and up in the bone's parent.</summary>
            public Vector3 Right, Up;
        }

        static readonly int
            JawOpen = FaceCurves.Find("jawOpen"), JawLeft = FaceCurves.Find("jawLeft"), JawRight = FaceCurves.Find("jawRight"),
            InLeft = FaceCurves.Find("eyeLookInLeft"), OutLeft = FaceCurves.Find("eyeLookOutLeft"),
            UpLeft = FaceCurves.Find("eyeLookUpLeft"), DownLeft = FaceCurves.Find("eyeLookDownLeft"),
            InRight = FaceCurves.Find("eyeLookInRight"), OutRight = FaceCurves.Find("eyeLookOutRight"),
            UpRight = FaceCurves.Find("eyeLookUpRight"), DownRight = FaceCurves.Find("eyeLookDownRight");

        /// <summary>Cosine of half an angle that does not count as another's turn.</summary>
        const float Same = 1 - 1e-7f;

        readonly FaceJaw _jaw;
        readonly FaceEyes _eyes;
        readonly Bone[] _bones = new Bone[3];

        /// <summary>moved: the curves that move shapes.</summary>
        public FaceBoneTurns(FaceJaw jaw, FaceEyes eyes, Transform root, ICollection<string> moved)
        {
            _jaw = jaw;
            _eyes = eyes;
            if (root == null) return;
            var animator = root.GetComponentInChildren<Animator>();
            bool isHuman = animator != null && animator.avatar != null && animator.avatar.isHuman;
            var rest = new RestPose(isHuman ? animator.avatar : null, root);
            if (Turns(jaw.Use, moved, "jawOpen", "vowel", "viseme", "mouthOpen"))
                _bones[0] = Find(isHuman ? animator : null, HumanBodyBones.Jaw, jaw.Bones, root, rest);
            if (Turns(eyes.Use, moved, "eyeLook"))
            {
                _bones[1] = Find(isHuman ? animator : null, HumanBodyBones.LeftEye, eyes.Left, root, rest);
                _bones[2] = Find(isHuman ? animator : null, HumanBodyBones.RightEye, eyes.Right, root, rest);
            }
            if (HasJaw) Curves.AddRange(new[] { "jawOpen", "jawLeft", "jawRight" });
            for (int eye = 1; eye < 3; ++eye)
                if (_bones[eye].Transform != null)
                    foreach (string way in new[] { "In", "Out", "Up", "Down" }) Curves.Add("eyeLook" + way + (eye == 1 ? "Left" : "Right"));
            foreach (var bone in _bones)
                if (bone.Transform != null) Names.Add(bone.Transform.name);
        }

        public bool HasJaw => _bones[0].Transform != null;

        /// <summary>The curves that turn bones.</summary>
        public List<string> Curves { get; } = new List<string>();

        /// <summary>Of the bones.</summary>
        public List<string> Names { get; } = new List<string>();

        /// <summary>face: the 52 curves. weight: 0 leaves the bones as others turned them.</summary>
        public void Apply(float[] face, float weight)
        {
            if (HasJaw)
                Turn(0, _jaw.SideDegrees * Limited(face[JawRight] - face[JawLeft]), _jaw.OpenDegrees * Limited(face[JawOpen]), weight);
            float yaw = _eyes.YawDegrees, pitch = _eyes.PitchDegrees;
            if (_bones[1].Transform != null)
                Turn(1, yaw * Limited(face[InLeft] - face[OutLeft]), pitch * Limited(face[DownLeft] - face[UpLeft]), weight);
            if (_bones[2].Transform != null)
                Turn(2, yaw * Limited(face[OutRight] - face[InRight]), pitch * Limited(face[DownRight] - face[UpRight]), weight);
        }

        public void Rest()
        {
            for (int at = 0; at < _bones.Length; ++at)
                if (_bones[at].Transform != null && Math.Abs(Quaternion.Dot(_bones[at].Transform.localRotation, _bones[at].Written)) >= Same)
                    Write(ref _bones[at], _bones[at].Given);
        }

        /// <summary>yaw: degrees to the character's right; pitch: degrees down.</summary>
        void Turn(int at, float yaw, float pitch, float weight)
        {
            ref var bone = ref _bones[at];
            var turned = Quaternion.AngleAxis(yaw, bone.Up) * Quaternion.AngleAxis(pitch, bone.Right) * bone.Rest;
            var now = bone.Transform.localRotation;
            if (Math.Abs(Quaternion.Dot(now, bone.Written)) < Same) bone.Given = now;
            Write(ref bone, weight >= 1 ? turned : Quaternion.Slerp(bone.Given, turned, weight));
        }

        static float Limited(float turn) => Math.Min(1, Math.Max(-1, turn));

        static void Write(ref Bone bone, Quaternion rotation)
        {
            bone.Written = rotation;
            bone.Transform.localRotation = rotation;
        }

        static bool Turns(FaceBoneUse use, ICollection<string> moved, params string[] beginnings)
        {
            if (use != FaceBoneUse.WhenNoShape) return use == FaceBoneUse.Always;
            foreach (string curve in moved)
                foreach (string beginning in beginnings)
                    if (curve.StartsWith(beginning, StringComparison.Ordinal)) return false;
            return true;
        }

        static Bone Find(Animator human, HumanBodyBones role, List<string> names, Transform root, RestPose rest)
        {
            var found = human == null ? null : human.GetBoneTransform(role);
            for (int at = 0; found == null && at < names.Count; ++at) found = Named(root, names[at]);
            if (found == null) return default;
            rest.Of(found, out _, out var rotation);
            var toParent = Quaternion.Inverse(RestRotation(found.parent, root, rest));
            return new Bone
            {
                Transform = found,
                Rest = rotation,
                Given = found.localRotation,
                Written = found.localRotation,
                Right = toParent * Vector3.right,
                Up = toParent * Vector3.up,
            };
        }

        /// <summary>Of a joint relative to the character's root, which faces along its own z.</summary>
        static Quaternion RestRotation(Transform joint, Transform root, RestPose rest)
        {
            var rotation = Quaternion.identity;
            for (; joint != null && joint != root; joint = joint.parent)
            {
                rest.Of(joint, out _, out var local);
                rotation = local * rotation;
            }
            return rotation;
        }

        static Transform Named(Transform joint, string name)
        {
            if (joint.name == name) return joint;
            for (int at = 0; at < joint.childCount; ++at)
            {
                var found = Named(joint.GetChild(at), name);
                if (found != null) return found;
            }
            return null;
        }
    }
}
