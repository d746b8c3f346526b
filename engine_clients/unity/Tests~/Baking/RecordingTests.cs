using System;
using System.IO;
using PantoMatrix.Editor;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>What a recording of a motion does to the project that it is made in, and to a character that is not at the origin.</summary>
    static class RecordingTests
    {
        [ExecuteAlways]
        sealed class Script : MonoBehaviour
        {
            public static int Awoken, Enabled;
            void Awake() => ++Awoken;
            void OnEnable() => ++Enabled;
        }

        public static void Run(string file, string avatar)
        {
            var clip = PantoMatrixClip.FromFile(File.ReadAllBytes(file));
            Quiet(clip, avatar, false);
            Quiet(clip, avatar, true);
            Anywhere(clip, avatar);
        }

        /// <summary>No script of the copy runs, nothing is heard of it, and it is not in the user's scene.</summary>
        static void Quiet(PantoMatrixClip clip, string avatar, bool isPlaying)
        {
            PlayerLoop.Begin(isPlaying);
            var actor = new Actor(avatar);
            actor.Object.AddComponent<Script>();
            Actor.Child(actor.Object.transform, "Mouth").gameObject.AddComponent<AudioSource>().clip = AudioClip.Create("said", 16000, 1, 16000, false);
            actor.Object.AddComponent<PantoMatrixPlayer>().Clip = clip;
            int objects = Objects(), enabled = Script.Enabled;
            using (var recording = Record(actor.Object, clip, BakeResult.GenericAnimation))
            {
                Check.Equal(Script.Enabled, enabled, "scripts of the copy that were enabled");
                foreach (var one in UnityEngine.Object.FindObjectsByType<Behaviour>(FindObjectsInactive.Include, FindObjectsSortMode.None))
                {
                    if (one.transform.IsChildOf(actor.Object.transform) || one is Animator) continue;
                    Check.That(!one.isActiveAndEnabled, $"{one.GetType().Name} of the copy is off");
                }
                foreach (var one in UnityEngine.Object.FindObjectsByType<Transform>(FindObjectsInactive.Include, FindObjectsSortMode.None))
                    Check.Equal(one.gameObject.scene.Equals(actor.Object.scene), one.root == actor.Object.transform.root, $"{one.name} is in the user's scene");
            }
            Check.Equal(Objects(), objects, "objects after it");
            PlayerLoop.Begin(false);
        }

        /// <summary>The same from a character at the origin and from one whose Animator is on a child that is moved, turned and scaled.</summary>
        static void Anywhere(PantoMatrixClip clip, string avatar)
        {
            Actor plain = new Actor(avatar, "Plain", isNested: false), nested = new Actor(avatar, "Nested");
            using (IDisposable one = Record(plain.Object, clip, BakeResult.HumanoidAnimation))
            using (IDisposable other = Record(nested.Object.transform.root.gameObject, clip, BakeResult.HumanoidAnimation))
                foreach (string name in new[] { "BodyPlaces", "BodyTurns", "Muscles" })
                {
                    float[] expected = Numbers(one, name), found = Numbers(other, name);
                    Check.That(found.Length == expected.Length && found.Length > 0, name);
                    for (int i = 0; i < found.Length; ++i) Check.Near(found[i], expected[i], 1e-4, $"{name}[{i}]");
                }
        }

        static int Objects() => UnityEngine.Object.FindObjectsByType<Transform>(FindObjectsInactive.Include, FindObjectsSortMode.None).Length;

        static IDisposable Record(GameObject character, PantoMatrixClip clip, BakeResult result)
        {
            var type = typeof(Bake).Assembly.GetType("PantoMatrix.Editor.Recording");
            var recording = (IDisposable)Activator.CreateInstance(type, character, null, clip, result);
            type.GetMethod("Record").Invoke(recording, null);
            return recording;
        }

        static float[] Numbers(IDisposable recording, string name) => (float[])recording.GetType().GetProperty(name).GetValue(recording);
    }
}
