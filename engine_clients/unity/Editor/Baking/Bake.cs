using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>How baking one speech ended.</summary>
    public struct Baked
    {
        public AudioClip Speech;

        /// <summary>Of the asset; null where it failed.</summary>
        public string Path;

        /// <summary>For people; null where it did not fail.</summary>
        public string Error;
    }

    /// <summary>Bakes speech: Assets > PantoMatrix > Bake, or from a command line. No asset is ever overwritten.</summary>
    public static class Bake
    {
        const string Menu = "Assets/PantoMatrix/Bake";
        const int Priority = 1100;

        /// <summary>One after another. ended: told each as soon as it ended. isCancelled: asked with what is done and how far all is, 0 to
        /// 1; what was baked before it stays. connection: null for the project's own.</summary>
        public static List<Baked> All(
            IReadOnlyList<AudioClip> speeches, BakeSettings settings, PantoMatrixConnection connection = null,
            Func<string, float, bool> isCancelled = null, Action<Baked> ended = null)
        {
            var all = new List<Baked>();
            var client = (connection != null ? connection : PantoMatrixConnection.Default).Client;
            try
            {
                for (int i = 0; i < speeches.Count; ++i)
                {
                    var speech = speeches[i];
                    string text = speeches.Count == 1 ? speech.name : $"{speech.name} ({i + 1} of {speeches.Count})";
                    bool Ask(float done) => isCancelled != null && isCancelled(text, (i + done) / speeches.Count);
                    var baked = new Baked { Speech = speech };
                    try
                    {
                        if (Ask(0)) break;
                        baked.Path = BakeJob.Run(speech, settings, client, Ask);
                    }
                    catch (OperationCanceledException)
                    {
                        break;
                    }
                    catch (Exception error) when (error is PantoMatrixException || error is InvalidOperationException || error is System.IO.IOException)
                    {
                        baked.Error = error is PantoMatrixException known ? known.ToString() : error.Message;
                    }
                    all.Add(baked);
                    ended?.Invoke(baked);
                }
            }
            finally
            {
                AssetDatabase.SaveAssets();
            }
            return all;
        }

        /// <summary>For -executeMethod PantoMatrix.Editor.Bake.Run -- ...; ends the editor with 0 if all was baked, 1 if something was not,
        /// 2 for a wrong command line.</summary>
        public static void Run() => EditorApplication.Exit(BakeCommand.Run(BakeCommand.AfterDashes(Environment.GetCommandLineArgs())));

        [MenuItem(Menu, true)]
        static bool CanBakeSelected() => !EditorApplication.isPlayingOrWillChangePlaymode && Selection.GetFiltered<AudioClip>(SelectionMode.DeepAssets).Length > 0;

        [MenuItem(Menu, false, Priority)]
        static void BakeSelected()
        {
            var speeches = Selection.GetFiltered<AudioClip>(SelectionMode.DeepAssets);
            var settings = BakeDefaults.instance.Settings;
            var characters = Selection.GetFiltered<GameObject>(SelectionMode.Unfiltered);
            if (characters.Length == 1 && characters[0] != settings.Character)
            {
                settings = settings.Copy();
                settings.Character = characters[0];
                settings.FaceMap = null;
            }
            List<Baked> all;
            try
            {
                all = All(speeches, settings, null, (text, done) => EditorUtility.DisplayCancelableProgressBar("PantoMatrix: making motion from speech", text, done));
            }
            finally
            {
                EditorUtility.ClearProgressBar();
            }
            Tell(all);
        }

        static void Tell(List<Baked> all)
        {
            var errors = all.FindAll(one => one.Error != null);
            foreach (var one in errors) Debug.LogError($"PantoMatrix: {one.Speech.name}: {one.Error}", one.Speech);
            var made = all.FindAll(one => one.Path != null).ConvertAll(one => AssetDatabase.LoadMainAssetAtPath(one.Path));
            if (made.Count > 0)
            {
                Selection.objects = made.ToArray();
                EditorGUIUtility.PingObject(made[0]);
            }
            if (errors.Count == 0) return;
            string others = errors.Count > 1 ? $"\n\n{errors.Count - 1} more failed; the console says why." : "";
            EditorUtility.DisplayDialog("PantoMatrix", $"{errors[0].Speech.name}: {errors[0].Error}{others}", "OK");
        }
    }
}
