using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>A project on disk with speech in it.</summary>
    static class Project
    {
        const BindingFlags Hidden = BindingFlags.Static | BindingFlags.NonPublic;

        /// <summary>The clip whose file lies at Assets/Speech/hello.wav of the folder that the program runs in from now on.</summary>
        public static AudioClip Open(string wav)
        {
            string folder = Path.Combine(Path.GetTempPath(), "pantomatrix " + Guid.NewGuid());
            Directory.CreateDirectory(Path.Combine(folder, "Assets", "Speech"));
            Environment.CurrentDirectory = folder;
            File.Copy(wav, Path.Combine(folder, "Assets", "Speech", "hello.wav"));
            AssetDatabase.CreateFolder("Assets", "Speech");
            // What Unity makes of the file plays no part where the file itself is sent.
            var clip = AudioClip.Create("hello", 16, 1, 16000, false);
            AssetDatabase.CreateAsset(clip, "Assets/Speech/hello.wav");
            return clip;
        }

        public static void Close()
        {
            string folder = Environment.CurrentDirectory;
            Environment.CurrentDirectory = Path.GetTempPath();
            Directory.Delete(folder, true);
        }

        /// <summary>Paths of all assets, but for the speech.</summary>
        public static List<string> Assets()
        {
            var found = new List<string>();
            foreach (string guid in AssetDatabase.FindAssets("")) found.Add(AssetDatabase.GUIDToAssetPath(guid));
            found.Remove("Assets/Speech/hello.wav");
            return found;
        }

        public static int? ExitCode => (int?)typeof(EditorApplication).GetField("Code", Hidden).GetValue(null);

        /// <summary>What the user does when asked whether to go on.</summary>
        public static Func<float, bool> Cancels
        {
            set => typeof(EditorUtility).GetField("Cancels", Hidden).SetValue(null, value);
        }

        public static bool ProgressIsShown => (bool)typeof(EditorUtility).GetField("Shown", Hidden).GetValue(null);

        /// <summary>A click on a menu's item.</summary>
        public static void Click(Type type, string method) => type.GetMethod(method, Hidden).Invoke(null, null);
    }
}
