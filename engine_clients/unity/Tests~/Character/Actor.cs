using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>A character as an artist would hand it over: its joints below an armature of another scale and other axes, itself
    /// scaled, turned and below other objects, and not in its rest pose.</summary>
    sealed class Actor
    {
        const float ArmatureScale = 0.01f;
        static readonly string[] Shapes = { "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthClose", "mouthFunnel", "browInnerUp" };

        public readonly GameObject Object;
        public readonly Dictionary<string, Transform> Joints = new Dictionary<string, Transform>();
        public readonly Dictionary<string, string> Humans = new Dictionary<string, string>();
        public readonly List<Transform> All = new List<Transform>();
        public Animator Animator;
        public SkinnedMeshRenderer Face;

        /// <summary>file: of each joint a line: name, parent's number, place and turn in the parent's, what Unity calls it or -.</summary>
        public Actor(string file, string name = "Actor", bool isHumanoid = true, bool isNested = true)
        {
            Object = new GameObject(name);
            var armature = Child(Object.transform, "Armature");
            armature.localRotation = Quaternion.Euler(-90, 0, 0);
            armature.localScale = Vector3.one * ArmatureScale;
            armature.localPosition = new Vector3(0.02f, 0, 0.1f);
            var skeleton = new List<SkeletonBone> { Bone(Object.transform), Bone(armature) };
            var humans = new List<HumanBone>();
            foreach (string line in File.ReadAllLines(file))
            {
                string[] words = line.Split('\t');
                var numbers = Array.ConvertAll(Part(words, 2, 7), word => float.Parse(word, CultureInfo.InvariantCulture));
                int parent = int.Parse(words[1], CultureInfo.InvariantCulture);
                var place = new Vector3(numbers[0], numbers[1], numbers[2]);
                var turn = new Quaternion(numbers[3], numbers[4], numbers[5], numbers[6]);
                var joint = Child(parent < 0 ? armature : All[parent], words[0]);
                if (parent < 0)
                {
                    place = Quaternion.Inverse(armature.localRotation) * (place - armature.localPosition);
                    turn = Quaternion.Inverse(armature.localRotation) * turn;
                }
                joint.localPosition = place / ArmatureScale;
                joint.localRotation = turn;
                All.Add(joint);
                Joints.Add(words[0], joint);
                skeleton.Add(Bone(joint));
                if (words[9] == "-") continue;
                humans.Add(new HumanBone { boneName = words[0], humanName = words[9], limit = new HumanLimit { useDefaultValues = true } });
                Humans.Add(words[9], words[0]);
            }
            AddFace();
            if (isNested) Nest();
            if (isHumanoid)
            {
                Animator = Object.AddComponent<Animator>();
                Animator.avatar = AvatarBuilder.BuildHumanAvatar(
                    Object, new HumanDescription { human = humans.ToArray(), skeleton = skeleton.ToArray() });
                // The pose of the moment is not the rest pose.
                foreach (string human in new[] { "LeftUpperArm", "Head", "RightUpperLeg" }) Human(human).localRotation *= Quaternion.Euler(20, 30, 40);
                Human("Hips").localPosition += new Vector3(5, 3, -7);
            }
        }

        public Transform Human(string name) => Joints[Humans[name]];

        public static Transform Child(Transform parent, string name)
        {
            var child = new GameObject(name).transform;
            child.SetParent(parent, false);
            return child;
        }

        void Nest()
        {
            var world = new GameObject("World").transform;
            world.localScale = Vector3.one * 2;
            world.localRotation = Quaternion.Euler(0, 130, 0);
            world.localPosition = new Vector3(3, 1, -2);
            var platform = Child(world, "Platform");
            platform.localRotation = Quaternion.Euler(15, -40, 25);
            platform.localScale = Vector3.one * 0.35f;
            platform.localPosition = new Vector3(-1, 0.5f, 4);
            Object.transform.SetParent(platform, false);
            Object.transform.localScale = Vector3.one * 1.3f;
            Object.transform.localRotation = Quaternion.Euler(0, 77, 3);
            Object.transform.localPosition = new Vector3(0.4f, 2, 0.3f);
        }

        void AddFace()
        {
            var mesh = new Mesh { vertices = new Vector3[1] };
            foreach (string shape in Shapes) mesh.AddBlendShapeFrame(shape, 100, new Vector3[1], null, null);
            Face = Child(Object.transform, "Face").gameObject.AddComponent<SkinnedMeshRenderer>();
            Face.sharedMesh = mesh;
        }

        static SkeletonBone Bone(Transform one) =>
            new SkeletonBone { name = one.name, position = one.localPosition, rotation = one.localRotation, scale = one.localScale };

        static string[] Part(string[] words, int from, int count)
        {
            var part = new string[count];
            Array.Copy(words, from, part, 0, count);
            return part;
        }
    }

    static class Sounds
    {
        public const int Rate = 16000;

        /// <summary>16-bit samples at 16 kHz, so many seconds of them.</summary>
        public static float[] Read(string file, double seconds)
        {
            byte[] bytes = File.ReadAllBytes(file);
            var samples = new float[Math.Min((int)(seconds * Rate), bytes.Length / 2)];
            for (int i = 0; i < samples.Length; ++i) samples[i] = (short)(bytes[2 * i] | bytes[2 * i + 1] << 8) / 32767f;
            return samples;
        }

        public static AudioClip Clip(string file, double seconds)
        {
            float[] samples = Read(file, seconds);
            var clip = AudioClip.Create("speech", samples.Length, 1, Rate, false);
            clip.SetData(samples, 0);
            return clip;
        }

        public static PantoMatrixConnection At(params string[] addresses)
        {
            var connection = ScriptableObject.CreateInstance<PantoMatrixConnection>();
            connection.Addresses = addresses;
            return connection;
        }
    }
}
