using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public sealed class HumanTrait
    {
        private static readonly string[] s_bones = Bones();
        private static readonly string[] s_muscles =
        {
            "Spine Front-Back", "Spine Left-Right", "Spine Twist Left-Right",
            "Chest Front-Back", "Chest Left-Right", "Chest Twist Left-Right",
            "UpperChest Front-Back", "UpperChest Left-Right", "UpperChest Twist Left-Right",
            "Neck Nod Down-Up", "Neck Tilt Left-Right", "Neck Turn Left-Right",
            "Head Nod Down-Up", "Head Tilt Left-Right", "Head Turn Left-Right",
            "Left Eye Down-Up", "Left Eye In-Out", "Right Eye Down-Up", "Right Eye In-Out",
            "Jaw Close", "Jaw Left-Right",
            "Left Upper Leg Front-Back", "Left Upper Leg In-Out", "Left Upper Leg Twist In-Out",
            "Left Lower Leg Stretch", "Left Lower Leg Twist In-Out",
            "Left Foot Up-Down", "Left Foot Twist In-Out", "Left Toes Up-Down",
            "Right Upper Leg Front-Back", "Right Upper Leg In-Out", "Right Upper Leg Twist In-Out",
            "Right Lower Leg Stretch", "Right Lower Leg Twist In-Out",
            "Right Foot Up-Down", "Right Foot Twist In-Out", "Right Toes Up-Down",
            "Left Shoulder Down-Up", "Left Shoulder Front-Back",
            "Left Arm Down-Up", "Left Arm Front-Back", "Left Arm Twist In-Out",
            "Left Forearm Stretch", "Left Forearm Twist In-Out", "Left Hand Down-Up", "Left Hand In-Out",
            "Right Shoulder Down-Up", "Right Shoulder Front-Back",
            "Right Arm Down-Up", "Right Arm Front-Back", "Right Arm Twist In-Out",
            "Right Forearm Stretch", "Right Forearm Twist In-Out", "Right Hand Down-Up", "Right Hand In-Out",
            "Left Thumb 1 Stretched", "Left Thumb Spread", "Left Thumb 2 Stretched", "Left Thumb 3 Stretched",
            "Left Index 1 Stretched", "Left Index Spread", "Left Index 2 Stretched", "Left Index 3 Stretched",
            "Left Middle 1 Stretched", "Left Middle Spread", "Left Middle 2 Stretched", "Left Middle 3 Stretched",
            "Left Ring 1 Stretched", "Left Ring Spread", "Left Ring 2 Stretched", "Left Ring 3 Stretched",
            "Left Little 1 Stretched", "Left Little Spread", "Left Little 2 Stretched", "Left Little 3 Stretched",
            "Right Thumb 1 Stretched", "Right Thumb Spread", "Right Thumb 2 Stretched", "Right Thumb 3 Stretched",
            "Right Index 1 Stretched", "Right Index Spread", "Right Index 2 Stretched", "Right Index 3 Stretched",
            "Right Middle 1 Stretched", "Right Middle Spread", "Right Middle 2 Stretched", "Right Middle 3 Stretched",
            "Right Ring 1 Stretched", "Right Ring Spread", "Right Ring 2 Stretched", "Right Ring 3 Stretched",
            "Right Little 1 Stretched", "Right Little Spread", "Right Little 2 Stretched", "Right Little 3 Stretched",
        };

        // Of each bone its muscles about x, y and z; -1 where it has none.
        private static readonly int[][] s_of = Of();

        public static int BoneCount => 55;
        public static string[] BoneName => s_bones;
        public static int MuscleCount => 95;
        public static string[] MuscleName => s_muscles;
        public static int RequiredBoneCount => 15;
        public static bool RequiredBone(int i) =>
            i <= (int)HumanBodyBones.Spine || i == (int)HumanBodyBones.Head
            || (i >= (int)HumanBodyBones.LeftUpperArm && i <= (int)HumanBodyBones.RightHand);
        public static int MuscleFromBone(int i, int dofIndex) => s_of[i][dofIndex];
        public static int BoneFromMuscle(int i)
        {
            for (int bone = 0; bone < BoneCount; bone++)
            {
                if (Array.IndexOf(s_of[bone], i) >= 0)
                {
                    return bone;
                }
            }
            return -1;
        }
        public static float GetMuscleDefaultMin(int i) => -Muscles.Range;
        public static float GetMuscleDefaultMax(int i) => Muscles.Range;
        public static int GetParentBone(int i) => s_parents[i];

        private static string[] Bones()
        {
            string[] names = new string[55];
            for (int i = 0; i < names.Length; i++)
            {
                string name = ((HumanBodyBones)i).ToString();
                bool isFinger = name.EndsWith("Proximal", StringComparison.Ordinal) || name.EndsWith("Intermediate", StringComparison.Ordinal)
                    || name.EndsWith("Distal", StringComparison.Ordinal);
                names[i] = isFinger ? System.Text.RegularExpressions.Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", " ") : name;
            }
            return names;
        }

        private static int[][] Of()
        {
            int[][] of = new int[55][];
            for (int i = 0; i < of.Length; i++)
            {
                of[i] = new[] { -1, -1, -1 };
            }
            void Set(HumanBodyBones bone, int x, int y, int z) => of[(int)bone] = new[] { x, y, z };
            Set(HumanBodyBones.Spine, 2, 1, 0);
            Set(HumanBodyBones.Chest, 5, 4, 3);
            Set(HumanBodyBones.UpperChest, 8, 7, 6);
            Set(HumanBodyBones.Neck, 11, 10, 9);
            Set(HumanBodyBones.Head, 14, 13, 12);
            Set(HumanBodyBones.LeftEye, -1, 16, 15);
            Set(HumanBodyBones.RightEye, -1, 18, 17);
            Set(HumanBodyBones.Jaw, -1, 20, 19);
            for (int side = 0; side < 2; side++)
            {
                int leg = 21 + side * 8, arm = 37 + side * 9;
                Set(HumanBodyBones.LeftUpperLeg + side, leg + 2, leg + 1, leg);
                Set(HumanBodyBones.LeftLowerLeg + side, leg + 4, -1, leg + 3);
                Set(HumanBodyBones.LeftFoot + side, -1, leg + 6, leg + 5);
                Set(HumanBodyBones.LeftToes + side, -1, -1, leg + 7);
                Set(HumanBodyBones.LeftShoulder + side, -1, arm + 1, arm);
                Set(HumanBodyBones.LeftUpperArm + side, arm + 4, arm + 3, arm + 2);
                Set(HumanBodyBones.LeftLowerArm + side, arm + 6, -1, arm + 5);
                Set(HumanBodyBones.LeftHand + side, -1, arm + 8, arm + 7);
                for (int finger = 0; finger < 5; finger++)
                {
                    int bone = (int)HumanBodyBones.LeftThumbProximal + side * 15 + finger * 3, muscle = 55 + side * 20 + finger * 4;
                    Set((HumanBodyBones)bone, -1, muscle + 1, muscle);
                    Set((HumanBodyBones)(bone + 1), -1, -1, muscle + 2);
                    Set((HumanBodyBones)(bone + 2), -1, -1, muscle + 3);
                }
            }
            return of;
        }

        private static readonly int[] s_parents = Parents();

        private static int[] Parents()
        {
            int[] parents = new int[55];
            void Set(HumanBodyBones bone, HumanBodyBones parent) => parents[(int)bone] = (int)parent;
            parents[0] = -1;
            Set(HumanBodyBones.Spine, HumanBodyBones.Hips);
            Set(HumanBodyBones.Chest, HumanBodyBones.Spine);
            Set(HumanBodyBones.UpperChest, HumanBodyBones.Chest);
            Set(HumanBodyBones.Neck, HumanBodyBones.UpperChest);
            Set(HumanBodyBones.Head, HumanBodyBones.Neck);
            Set(HumanBodyBones.LeftEye, HumanBodyBones.Head);
            Set(HumanBodyBones.RightEye, HumanBodyBones.Head);
            Set(HumanBodyBones.Jaw, HumanBodyBones.Head);
            for (int side = 0; side < 2; side++)
            {
                Set(HumanBodyBones.LeftUpperLeg + side, HumanBodyBones.Hips);
                Set(HumanBodyBones.LeftLowerLeg + side, HumanBodyBones.LeftUpperLeg + side);
                Set(HumanBodyBones.LeftFoot + side, HumanBodyBones.LeftLowerLeg + side);
                Set(HumanBodyBones.LeftToes + side, HumanBodyBones.LeftFoot + side);
                Set(HumanBodyBones.LeftShoulder + side, HumanBodyBones.UpperChest);
                Set(HumanBodyBones.LeftUpperArm + side, HumanBodyBones.LeftShoulder + side);
                Set(HumanBodyBones.LeftLowerArm + side, HumanBodyBones.LeftUpperArm + side);
                Set(HumanBodyBones.LeftHand + side, HumanBodyBones.LeftLowerArm + side);
                for (int finger = 0; finger < 5; finger++)
                {
                    int bone = (int)HumanBodyBones.LeftThumbProximal + side * 15 + finger * 3;
                    parents[bone] = (int)HumanBodyBones.LeftHand + side;
                    parents[bone + 1] = bone;
                    parents[bone + 2] = bone + 1;
                }
            }
            return parents;
        }
    }

    public struct HumanPose
    {
        public Vector3 bodyPosition;
        public Quaternion bodyRotation;
        public float[] muscles;
    }

    public class HumanPoseHandler : IDisposable
    {
        internal static int Open;
        private readonly Muscles _muscles;
        private bool _isDisposed;

        public HumanPoseHandler(Avatar avatar, Transform root)
        {
            if (!avatar || !avatar.isHuman || !avatar.isValid)
            {
                throw new ArgumentException("Avatar is not valid or not human");
            }
            _muscles = Muscles.Of(avatar, root);
            Open++;
        }
        public void GetHumanPose(ref HumanPose humanPose) => _muscles.Get(ref humanPose);
        public void SetHumanPose(ref HumanPose humanPose) => _muscles.Set(ref humanPose);
        public void Dispose()
        {
            Open -= _isDisposed ? 0 : 1;
            _isDisposed = true;
        }
    }

    // Not Unity's muscles: those have limits, own axes and twist that is shared out. Here a muscle is a part of the rotation
    // vector by which a bone is turned from its rest, so that what a pose says can be read back from it.
    internal sealed class Muscles
    {
        internal const float Range = 180f;
        internal float HipsHeight = 1f;
        private readonly Transform _root;
        private readonly Transform[] _bones = new Transform[55];
        private readonly Quaternion[] _rests = new Quaternion[55];
        private readonly Vector3[] _places = new Vector3[55];
        private Quaternion _hipsRest = Quaternion.identity;

        internal static Muscles Of(Avatar avatar, Transform root) => new Muscles(avatar.humanDescription, root);

        private Muscles(HumanDescription description, Transform root)
        {
            _root = root;
            Dictionary<string, Transform> names = new Dictionary<string, Transform>();
            foreach (Transform one in root.GetComponentsInChildren<Transform>(true))
            {
                names[one.name] = one;
            }
            Dictionary<string, SkeletonBone> rests = new Dictionary<string, SkeletonBone>();
            foreach (SkeletonBone one in description.skeleton)
            {
                rests[one.name] = one;
            }
            foreach (HumanBone one in description.human)
            {
                int bone = Array.IndexOf(HumanTrait.BoneName, one.humanName);
                _bones[bone] = names[one.boneName];
                _rests[bone] = rests[one.boneName].rotation;
                _places[bone] = rests[one.boneName].position;
            }
            Vector3 place = Vector3.zero;
            _hipsRest = Quaternion.identity;
            for (Transform one = _bones[0]; one != root && one != null; one = one.parent)
            {
                SkeletonBone rest = rests.TryGetValue(one.name, out SkeletonBone found) ? found
                    : new SkeletonBone { position = one.localPosition, rotation = one.localRotation, scale = one.localScale };
                place = rest.position + rest.rotation * Vector3.Scale(rest.scale, place);
                _hipsRest = rest.rotation * _hipsRest;
            }
            HipsHeight = place.y > 0f ? place.y : 1f;
        }

        internal void Get(ref HumanPose pose)
        {
            if (pose.muscles == null || pose.muscles.Length != HumanTrait.MuscleCount)
            {
                pose.muscles = new float[HumanTrait.MuscleCount];
            }
            // In the world, as Unity has it, while Set takes it in the space of the root.
            pose.bodyPosition = _bones[0].position / HipsHeight;
            pose.bodyRotation = _bones[0].rotation * Quaternion.Inverse(_hipsRest);
            for (int bone = 1; bone < _bones.Length; bone++)
            {
                if (_bones[bone] is null)
                {
                    continue;
                }
                Quaternion turn = Quaternion.Inverse(_rests[bone]) * _bones[bone].localRotation;
                turn = turn.w < 0f ? new Quaternion(-turn.x, -turn.y, -turn.z, -turn.w) : turn;
                turn.ToAngleAxis(out float angle, out Vector3 axis);
                for (int dof = 0; dof < 3; dof++)
                {
                    int muscle = HumanTrait.MuscleFromBone(bone, dof);
                    if (muscle >= 0)
                    {
                        pose.muscles[muscle] = angle / Range * axis[dof];
                    }
                }
            }
        }

        internal void Set(ref HumanPose pose)
        {
            _bones[0].position = _root.TransformPoint(pose.bodyPosition * HipsHeight);
            _bones[0].rotation = _root.rotation * pose.bodyRotation * _hipsRest;
            for (int bone = 1; bone < _bones.Length; bone++)
            {
                if (_bones[bone] is null)
                {
                    continue;
                }
                Vector3 turn = Vector3.zero;
                for (int dof = 0; dof < 3; dof++)
                {
                    int muscle = HumanTrait.MuscleFromBone(bone, dof);
                    turn[dof] = muscle >= 0 ? pose.muscles[muscle] * Range : 0f;
                }
                _bones[bone].localRotation = _rests[bone] * Quaternion.AngleAxis(turn.magnitude, turn);
            }
        }
    }

    // What a clip writes: transforms, blendshapes and, where an Animator with a human avatar is, muscles.
    internal static class Sampling
    {
        internal static void Apply(AnimationClip clip, GameObject go, float time)
        {
            HumanPose pose = new HumanPose { bodyRotation = Quaternion.identity, bodyPosition = Vector3.up, muscles = new float[HumanTrait.MuscleCount] };
            bool human = false;
            foreach (KeyValuePair<(string, Type, string), AnimationCurve> one in clip.Curves)
            {
                (string path, Type type, string property) = one.Key;
                float value = one.Value.Evaluate(time);
                Transform target = path.Length == 0 ? go.transform : go.transform.Find(path);
                if (target == null)
                {
                    continue;
                }
                if (type == typeof(Transform))
                {
                    Write(target, property, value);
                }
                else if (type == typeof(SkinnedMeshRenderer) && property.StartsWith("blendShape.", StringComparison.Ordinal))
                {
                    SkinnedMeshRenderer renderer = target.GetComponent<SkinnedMeshRenderer>();
                    int shape = renderer ? renderer.sharedMesh.GetBlendShapeIndex(property.Substring(11)) : -1;
                    if (shape >= 0)
                    {
                        renderer.SetBlendShapeWeight(shape, value);
                    }
                }
                else if (type == typeof(Animator))
                {
                    human |= Write(ref pose, property, value);
                }
            }
            foreach (Transform one in go.GetComponentsInChildren<Transform>(true))
            {
                one.localRotation = one.localRotation.normalized;
            }
            Animator animator = go.GetComponent<Animator>();
            if (human && animator && animator.isHuman)
            {
                new HumanPoseHandler(animator.avatar, go.transform).SetHumanPose(ref pose);
            }
        }

        private static void Write(Transform target, string property, float value)
        {
            int dot = property.LastIndexOf('.');
            string name = property.Substring(0, dot).Replace("m_L", "l");
            int at = "xyzw".IndexOf(property[dot + 1]);
            if (name == "localRotation")
            {
                Quaternion turn = target.localRotation;
                float[] four = { turn.x, turn.y, turn.z, turn.w };
                four[at] = value;
                target.localRotation = new Quaternion(four[0], four[1], four[2], four[3]);
                return;
            }
            Vector3 place = name == "localPosition" ? target.localPosition : target.localScale;
            place[at] = value;
            if (name == "localPosition")
            {
                target.localPosition = place;
            }
            else
            {
                target.localScale = place;
            }
        }

        // Clips name the muscles of fingers in another way than HumanTrait does: LeftHand.Index.1 Stretched.
        private static bool Write(ref HumanPose pose, string property, float value)
        {
            if (property.StartsWith("RootT.", StringComparison.Ordinal))
            {
                pose.bodyPosition["xyz".IndexOf(property[6])] = value;
                return true;
            }
            if (property.StartsWith("RootQ.", StringComparison.Ordinal))
            {
                Quaternion turn = pose.bodyRotation;
                float[] four = { turn.x, turn.y, turn.z, turn.w };
                four["xyzw".IndexOf(property[6])] = value;
                pose.bodyRotation = new Quaternion(four[0], four[1], four[2], four[3]);
                return true;
            }
            int muscle = Array.IndexOf(HumanTrait.MuscleName, property.Replace("Hand.", " ").Replace('.', ' '));
            if (muscle >= 0)
            {
                pose.muscles[muscle] = value;
            }
            return muscle >= 0;
        }
    }
}
