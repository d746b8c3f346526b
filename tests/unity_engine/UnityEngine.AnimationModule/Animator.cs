using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("UnityEditor.CoreModule")]
[assembly: InternalsVisibleTo("StandIn")]

namespace UnityEngine
{
    public enum HumanBodyBones
    {
        Hips = 0,
        LeftUpperLeg = 1,
        RightUpperLeg = 2,
        LeftLowerLeg = 3,
        RightLowerLeg = 4,
        LeftFoot = 5,
        RightFoot = 6,
        Spine = 7,
        Chest = 8,
        Neck = 9,
        Head = 10,
        LeftShoulder = 11,
        RightShoulder = 12,
        LeftUpperArm = 13,
        RightUpperArm = 14,
        LeftLowerArm = 15,
        RightLowerArm = 16,
        LeftHand = 17,
        RightHand = 18,
        LeftToes = 19,
        RightToes = 20,
        LeftEye = 21,
        RightEye = 22,
        Jaw = 23,
        LeftThumbProximal = 24,
        LeftThumbIntermediate = 25,
        LeftThumbDistal = 26,
        LeftIndexProximal = 27,
        LeftIndexIntermediate = 28,
        LeftIndexDistal = 29,
        LeftMiddleProximal = 30,
        LeftMiddleIntermediate = 31,
        LeftMiddleDistal = 32,
        LeftRingProximal = 33,
        LeftRingIntermediate = 34,
        LeftRingDistal = 35,
        LeftLittleProximal = 36,
        LeftLittleIntermediate = 37,
        LeftLittleDistal = 38,
        RightThumbProximal = 39,
        RightThumbIntermediate = 40,
        RightThumbDistal = 41,
        RightIndexProximal = 42,
        RightIndexIntermediate = 43,
        RightIndexDistal = 44,
        RightMiddleProximal = 45,
        RightMiddleIntermediate = 46,
        RightMiddleDistal = 47,
        RightRingProximal = 48,
        RightRingIntermediate = 49,
        RightRingDistal = 50,
        RightLittleProximal = 51,
        RightLittleIntermediate = 52,
        RightLittleDistal = 53,
        UpperChest = 54,
        LastBone = 55,
    }

    public struct SkeletonBone
    {
        public string name;
        public Vector3 position;
        public Quaternion rotation;
        public Vector3 scale;
    }

    public struct HumanLimit
    {
        public bool useDefaultValues { get; set; }
        public Vector3 min { get; set; }
        public Vector3 max { get; set; }
        public Vector3 center { get; set; }
        public float axisLength { get; set; }
    }

    public struct HumanBone
    {
        public string boneName { get; set; }
        public string humanName { get; set; }
        public HumanLimit limit;
    }

    public struct HumanDescription
    {
        public HumanBone[] human;
        public SkeletonBone[] skeleton;
        public float upperArmTwist { get; set; }
        public float lowerArmTwist { get; set; }
        public float upperLegTwist { get; set; }
        public float lowerLegTwist { get; set; }
        public float armStretch { get; set; }
        public float legStretch { get; set; }
        public float feetSpacing { get; set; }
        public bool hasTranslationDoF { get; set; }
    }

    public class Avatar : Object
    {
        internal bool Human, Valid = true;
        internal HumanDescription Description;
        internal string RootName;

        internal Avatar() { }
        public bool isValid => Valid;
        public bool isHuman => Human;
        public HumanDescription humanDescription => Description;
    }

    public class AvatarBuilder
    {
        public static Avatar BuildHumanAvatar(GameObject go, HumanDescription humanDescription)
        {
            Dictionary<string, Transform> names = new Dictionary<string, Transform>();
            foreach (Transform one in go.GetComponentsInChildren<Transform>(true))
            {
                names[one.name] = one;
            }
            bool valid = true;
            foreach (HumanBone one in humanDescription.human)
            {
                valid &= names.ContainsKey(one.boneName) && Array.IndexOf(HumanTrait.BoneName, one.humanName) >= 0;
            }
            return new Avatar { name = go.name, Human = true, Valid = valid, Description = humanDescription, RootName = go.name };
        }
        public static Avatar BuildGenericAvatar(GameObject go, string rootMotionTransformName) => new Avatar { name = go.name };
    }

    public enum AvatarMaskBodyPart
    {
        Root = 0,
        Body = 1,
        Head = 2,
        LeftLeg = 3,
        RightLeg = 4,
        LeftArm = 5,
        RightArm = 6,
        LeftFingers = 7,
        RightFingers = 8,
        LeftFootIK = 9,
        RightFootIK = 10,
        LeftHandIK = 11,
        RightHandIK = 12,
        LastBodyPart = 13,
    }

    public sealed class AvatarMask : Object
    {
        private readonly bool[] _parts = new bool[(int)AvatarMaskBodyPart.LastBodyPart];
        private string[] _paths = new string[0];
        private bool[] _active = new bool[0];

        public AvatarMask()
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                _parts[i] = true;
            }
        }
        public bool GetHumanoidBodyPartActive(AvatarMaskBodyPart index) => _parts[(int)index];
        public void SetHumanoidBodyPartActive(AvatarMaskBodyPart index, bool value) => _parts[(int)index] = value;
        public int transformCount
        {
            get => _paths.Length;
            set
            {
                Array.Resize(ref _paths, value);
                Array.Resize(ref _active, value);
            }
        }
        public string GetTransformPath(int index) => _paths[index];
        public void SetTransformPath(int index, string path) => _paths[index] = path;
        public bool GetTransformActive(int index) => _active[index];
        public void SetTransformActive(int index, bool value) => _active[index] = value;
        public void AddTransformPath(Transform transform) => AddTransformPath(transform, true);
        public void AddTransformPath(Transform transform, bool recursive) => Add(transform, transform, recursive);
        private void Add(Transform root, Transform one, bool recursive)
        {
            transformCount++;
            _paths[_paths.Length - 1] = Paths.Of(root, one);
            _active[_active.Length - 1] = true;
            for (int i = 0; recursive && i < one.childCount; i++)
            {
                Add(root, one.GetChild(i), true);
            }
        }
    }

    internal static class Paths
    {
        internal static string Of(Transform root, Transform one)
        {
            string path = "";
            for (; one != root && one != null; one = one.parent)
            {
                path = path.Length == 0 ? one.name : $"{one.name}/{path}";
            }
            return path;
        }
    }

    public enum AnimatorCullingMode { AlwaysAnimate = 0, CullUpdateTransforms = 1, CullCompletely = 2 }

    public enum AnimatorUpdateMode
    {
        Normal = 0,
#if UNITY_6000_0_OR_NEWER
        Fixed = 1,
        [Obsolete("AnimatePhysics has been renamed to Fixed.")]
#endif
        AnimatePhysics = 1,
        UnscaledTime = 2,
    }

    public abstract class RuntimeAnimatorController : Object
    {
        public AnimationClip[] animationClips => new AnimationClip[0];
    }

    public class Animator : Behaviour
    {
        // Sits where an Animator would write its pose, before LateUpdate.
        internal Action Pose;
        internal bool Optimized;
        private Avatar _avatar;
        private readonly Dictionary<HumanBodyBones, Transform> _bones = new Dictionary<HumanBodyBones, Transform>();

        public Avatar avatar
        {
            get => _avatar;
            set
            {
                _avatar = value;
                Rebind();
            }
        }
        public bool isHuman => _avatar && _avatar.isHuman && _avatar.isValid;
        public bool isInitialized => true;
        public bool hasTransformHierarchy => !Optimized;
        public bool isOptimizable => true;
        public bool hasRootMotion => false;
        public bool applyRootMotion { get; set; }
        public AnimatorCullingMode cullingMode { get; set; }
        public AnimatorUpdateMode updateMode { get; set; }
        public RuntimeAnimatorController runtimeAnimatorController { get; set; }
        public float speed { get; set; } = 1f;
        public bool keepAnimatorStateOnDisable { get; set; }
        public Vector3 bodyPosition { get; set; }
        public Quaternion bodyRotation { get; set; } = Quaternion.identity;
        public Vector3 rootPosition { get; set; }
        public Quaternion rootRotation { get; set; } = Quaternion.identity;
        public Vector3 deltaPosition => Vector3.zero;
        public Quaternion deltaRotation => Quaternion.identity;

        // The height of the hips in the avatar's rest pose, by the height of a hips of one metre.
        public float humanScale => isHuman ? Muscles.Of(_avatar, transform).HipsHeight : 1f;

        public Transform GetBoneTransform(HumanBodyBones humanBoneId)
        {
            Alive();
            if (!_avatar)
            {
                throw new InvalidOperationException("Avatar is null.");
            }
            if (!isHuman)
            {
                throw new InvalidOperationException("Avatar is not of type humanoid.");
            }
            if (humanBoneId < 0 || humanBoneId >= HumanBodyBones.LastBone)
            {
                throw new IndexOutOfRangeException("humanBoneId must be between 0 and " + (int)HumanBodyBones.LastBone);
            }
            return !Optimized && _bones.TryGetValue(humanBoneId, out Transform found) ? found : null;
        }
        public void Rebind()
        {
            _bones.Clear();
            if (!isHuman)
            {
                return;
            }
            foreach (Transform one in GetComponentsInChildren<Transform>(true))
            {
                foreach (HumanBone bone in _avatar.humanDescription.human)
                {
                    if (bone.boneName == one.name)
                    {
                        _bones[(HumanBodyBones)Array.IndexOf(HumanTrait.BoneName, bone.humanName)] = one;
                    }
                }
            }
        }
        public void Update(float deltaTime) => Pose?.Invoke();
        public static int StringToHash(string name) => name.GetHashCode();
        public void Play(string stateName) { }
        public void SetTrigger(string name) { }
        public void SetBool(string name, bool value) { }
        public void SetFloat(string name, float value) { }
    }

    public class Motion : Object { }

    public sealed class AnimationClip : Motion
    {
        internal readonly Dictionary<(string, Type, string), AnimationCurve> Curves = new Dictionary<(string, Type, string), AnimationCurve>();
        internal bool Continuous;

        public AnimationClip() { }
        public float frameRate { get; set; } = 60f;
        public bool legacy { get; set; }
        public WrapMode wrapMode { get; set; }
        public bool humanMotion
        {
            get
            {
                foreach ((string, Type, string) one in Curves.Keys)
                {
                    if (one.Item2 == typeof(Animator))
                    {
                        return true;
                    }
                }
                return false;
            }
        }
        public bool empty => Curves.Count == 0;
        public Bounds localBounds { get; set; }
        public float length
        {
            get
            {
                float longest = 0f;
                foreach (AnimationCurve one in Curves.Values)
                {
                    longest = one.length > 0 ? Mathf.Max(longest, one[one.length - 1].time) : longest;
                }
                return longest;
            }
        }
        public void SetCurve(string relativePath, Type type, string propertyName, AnimationCurve curve)
        {
            if (Application.isPlaying && !legacy)
            {
                Debug.LogError($"Can't use AnimationClip::SetCurve at Runtime on non Legacy AnimationClips");
                return;
            }
            if (curve == null)
            {
                Curves.Remove((relativePath, type, propertyName));
            }
            else
            {
                Curves[(relativePath, type, propertyName)] = curve;
            }
        }
        public void ClearCurves() => Curves.Clear();

        // Keys of a rotation whose sign makes the way longer are turned round, tangents as well.
        public void EnsureQuaternionContinuity()
        {
            Continuous = true;
            foreach (KeyValuePair<(string, Type, string), AnimationCurve> one in new List<KeyValuePair<(string, Type, string), AnimationCurve>>(Curves))
            {
                string name = one.Key.Item3;
                if (!name.EndsWith("Rotation.x", StringComparison.Ordinal))
                {
                    continue;
                }
                AnimationCurve[] four = new AnimationCurve[4];
                for (int i = 0; i < 4; i++)
                {
                    Curves.TryGetValue((one.Key.Item1, one.Key.Item2, name.Substring(0, name.Length - 1) + "xyzw"[i]), out four[i]);
                }
                if (Array.IndexOf(four, null) < 0)
                {
                    Continue(four);
                }
            }
        }
        private static void Continue(AnimationCurve[] four)
        {
            Keyframe[][] keys = Array.ConvertAll(four, curve => curve.keys);
            for (int k = 1; k < keys[0].Length; k++)
            {
                float dot = 0f;
                for (int i = 0; i < 4; i++)
                {
                    dot += keys[i][k - 1].value * keys[i][k].value;
                }
                for (int i = 0; i < 4 && dot < 0f; i++)
                {
                    keys[i][k].value = -keys[i][k].value;
                    keys[i][k].inTangent = -keys[i][k].inTangent;
                    keys[i][k].outTangent = -keys[i][k].outTangent;
                }
            }
            for (int i = 0; i < 4; i++)
            {
                four[i].keys = keys[i];
            }
        }
        public void SampleAnimation(GameObject go, float time)
        {
            if (go.GetComponent<Animator>())
            {
                Sampling.Apply(this, go, time);
            }
        }
    }
}
