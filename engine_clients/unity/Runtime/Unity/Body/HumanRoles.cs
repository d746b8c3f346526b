using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>What the contract calls the bones of a humanoid avatar. Jaw and eyes are the face's.</summary>
    static class HumanRoles
    {
        /// <summary>From the hips up, so that chains come in their order.</summary>
        public static readonly KeyValuePair<HumanBodyBones, string>[] All =
        {
            Of(HumanBodyBones.Hips, "pelvis"),
            Of(HumanBodyBones.Spine, "spine"),
            Of(HumanBodyBones.Chest, "spine"),
            Of(HumanBodyBones.UpperChest, "spine"),
            Of(HumanBodyBones.Neck, "neck"),
            Of(HumanBodyBones.Head, "head"),
            Of(HumanBodyBones.LeftShoulder, "left_collar"),
            Of(HumanBodyBones.LeftUpperArm, "left_shoulder"),
            Of(HumanBodyBones.LeftLowerArm, "left_elbow"),
            Of(HumanBodyBones.LeftHand, "left_wrist"),
            Of(HumanBodyBones.RightShoulder, "right_collar"),
            Of(HumanBodyBones.RightUpperArm, "right_shoulder"),
            Of(HumanBodyBones.RightLowerArm, "right_elbow"),
            Of(HumanBodyBones.RightHand, "right_wrist"),
            Of(HumanBodyBones.LeftUpperLeg, "left_hip"),
            Of(HumanBodyBones.LeftLowerLeg, "left_knee"),
            Of(HumanBodyBones.LeftFoot, "left_ankle"),
            Of(HumanBodyBones.LeftToes, "left_foot"),
            Of(HumanBodyBones.RightUpperLeg, "right_hip"),
            Of(HumanBodyBones.RightLowerLeg, "right_knee"),
            Of(HumanBodyBones.RightFoot, "right_ankle"),
            Of(HumanBodyBones.RightToes, "right_foot"),
            Of(HumanBodyBones.LeftThumbProximal, "left_thumb1"),
            Of(HumanBodyBones.LeftThumbIntermediate, "left_thumb2"),
            Of(HumanBodyBones.LeftThumbDistal, "left_thumb3"),
            Of(HumanBodyBones.LeftIndexProximal, "left_index1"),
            Of(HumanBodyBones.LeftIndexIntermediate, "left_index2"),
            Of(HumanBodyBones.LeftIndexDistal, "left_index3"),
            Of(HumanBodyBones.LeftMiddleProximal, "left_middle1"),
            Of(HumanBodyBones.LeftMiddleIntermediate, "left_middle2"),
            Of(HumanBodyBones.LeftMiddleDistal, "left_middle3"),
            Of(HumanBodyBones.LeftRingProximal, "left_ring1"),
            Of(HumanBodyBones.LeftRingIntermediate, "left_ring2"),
            Of(HumanBodyBones.LeftRingDistal, "left_ring3"),
            Of(HumanBodyBones.LeftLittleProximal, "left_pinky1"),
            Of(HumanBodyBones.LeftLittleIntermediate, "left_pinky2"),
            Of(HumanBodyBones.LeftLittleDistal, "left_pinky3"),
            Of(HumanBodyBones.RightThumbProximal, "right_thumb1"),
            Of(HumanBodyBones.RightThumbIntermediate, "right_thumb2"),
            Of(HumanBodyBones.RightThumbDistal, "right_thumb3"),
            Of(HumanBodyBones.RightIndexProximal, "right_index1"),
            Of(HumanBodyBones.RightIndexIntermediate, "right_index2"),
            Of(HumanBodyBones.RightIndexDistal, "right_index3"),
            Of(HumanBodyBones.RightMiddleProximal, "right_middle1"),
            Of(HumanBodyBones.RightMiddleIntermediate, "right_middle2"),
            Of(HumanBodyBones.RightMiddleDistal, "right_middle3"),
            Of(HumanBodyBones.RightRingProximal, "right_ring1"),
            Of(HumanBodyBones.RightRingIntermediate, "right_ring2"),
            Of(HumanBodyBones.RightRingDistal, "right_ring3"),
            Of(HumanBodyBones.RightLittleProximal, "right_pinky1"),
            Of(HumanBodyBones.RightLittleIntermediate, "right_pinky2"),
            Of(HumanBodyBones.RightLittleDistal, "right_pinky3"),
        };

        /// <summary>Role of a bone -> that of the twist joints on it, which lie directly below it.</summary>
        public static string OfTwist(string bone)
        {
            switch (bone)
            {
                case "left_shoulder": return "left_upper_arm";
                case "left_elbow": return "left_forearm";
                case "left_hip": return "left_thigh";
                case "left_knee": return "left_calf";
                case "right_shoulder": return "right_upper_arm";
                case "right_elbow": return "right_forearm";
                case "right_hip": return "right_thigh";
                case "right_knee": return "right_calf";
                default: return "";
            }
        }

        static KeyValuePair<HumanBodyBones, string> Of(HumanBodyBones bone, string role) =>
            new KeyValuePair<HumanBodyBones, string>(bone, role);
    }
}
