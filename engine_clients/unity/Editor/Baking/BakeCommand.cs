using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Baking from a command line: a line for each speech, and an exit code.</summary>
    static class BakeCommand
    {
        const int Done = 0, Failed = 1, Wrong = 2;

        public static string[] AfterDashes(string[] words)
        {
            int at = Array.IndexOf(words, "--");
            var own = new string[at < 0 ? 0 : words.Length - at - 1];
            if (own.Length > 0) Array.Copy(words, at + 1, own, 0, own.Length);
            return own;
        }

        public static int Run(string[] words)
        {
            BakeArguments arguments;
            List<AudioClip> speeches;
            try
            {
                arguments = BakeArguments.Read(words);
                if (arguments.IsHelp)
                {
                    Say(LogType.Log, BakeArguments.Help);
                    return Done;
                }
                speeches = Speeches(arguments.Paths);
            }
            catch (ArgumentException error)
            {
                Say(LogType.Error, error.Message + "; --help says more");
                return Wrong;
            }
            int failed = 0;
            Bake.All(speeches, arguments.Settings, arguments.Connection, null, one =>
            {
                string path = AssetDatabase.GetAssetPath(one.Speech);
                if (one.Error == null) Say(LogType.Log, $"{path} -> {one.Path}");
                else Say(LogType.Error, $"{path}: {one.Error}");
                failed += one.Error == null ? 0 : 1;
            });
            return failed > 0 ? Failed : Done;
        }

        /// <summary>Of paths and folders, each once, in order of their names.</summary>
        static List<AudioClip> Speeches(List<string> paths)
        {
            var found = new List<AudioClip>();
            foreach (string given in paths)
            {
                string path = given.Replace('\\', '/').TrimEnd('/');
                int before = found.Count;
                if (AssetDatabase.IsValidFolder(path))
                {
                    var inside = new List<string>();
                    foreach (string guid in AssetDatabase.FindAssets("t:AudioClip", new[] { path })) inside.Add(AssetDatabase.GUIDToAssetPath(guid));
                    inside.Sort(string.CompareOrdinal);
                    foreach (string one in inside) Add(found, AssetDatabase.LoadAssetAtPath<AudioClip>(one));
                }
                else Add(found, AssetDatabase.LoadAssetAtPath<AudioClip>(path));
                if (found.Count == before) throw new ArgumentException($"no speech at '{given}', expected an AudioClip or a folder of the project, such as Assets/Speech");
            }
            return found;
        }

        static void Add(List<AudioClip> all, AudioClip one)
        {
            if (one != null && !all.Contains(one)) all.Add(one);
        }

        static void Say(LogType type, string line) => Debug.LogFormat(type, LogOption.NoStacktrace, null, "{0}", line);
    }
}
