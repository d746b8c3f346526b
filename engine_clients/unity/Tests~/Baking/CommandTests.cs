using System;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using PantoMatrix.Editor;
using StandIn;
using UnityEditor;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    static class CommandTests
    {
        /// <summary>Prints what is logged, and the exit code.</summary>
        public static void Run(string wav)
        {
            Project.Open(wav);
            try
            {
                Bake.Run();
                foreach (string line in PlayerLoop.Logged()) Console.WriteLine(line);
                foreach (string path in Project.Assets()) Console.WriteLine("asset " + path);
                Console.WriteLine("exit " + Project.ExitCode);
            }
            finally
            {
                Project.Close();
            }
        }

        /// <summary>A server that the editor starts, and what the window says of it.</summary>
        public static void Window()
        {
            var type = typeof(Bake).Assembly.GetType("PantoMatrix.Editor.LocalServer");
            bool IsRunning() => (bool)type.GetProperty("IsRunning").GetValue(null);
            void Stop() => type.GetMethod("Stop").Invoke(null, null);
            Check.That(!IsRunning(), "none runs yet");
            Stop();
            var starting = (Task<string>)type.GetMethod("Start").Invoke(null, new object[] { 0 });
            try
            {
                var found = Regex.Match(starting.Result, @"\(web (\S+)\)");
                Check.That(found.Success && IsRunning(), starting.Result);
                // Another process may have its number by now.
                const string Since = "PantoMatrix.LocalServer.Since";
                int since = SessionState.GetInt(Since, 0);
                SessionState.SetInt(Since, since - 60);
                Check.That(!IsRunning(), "one that began at another time is not it");
                SessionState.SetInt(Since, since);
                Check.That(IsRunning(), "it is");
                PlayerLoop.Provide(PantoMatrixConnection.ResourceName, Sounds.At(found.Groups[1].Value));
                Check.Equal(Catalog(out string fault) + fault, "builtin", "the first model");
            }
            finally
            {
                Stop();
            }
            Check.That(!IsRunning(), "it has ended");
            Check.Equal(Catalog(out string why), "", "no catalog");
            Check.That(why.Contains("cannot connect"), why);
        }

        /// <summary>The first model's name, once the window has asked.</summary>
        static string Catalog(out string fault)
        {
            var type = typeof(Bake).Assembly.GetType("PantoMatrix.Editor.PantoMatrixWindow");
            var window = ScriptableObject.CreateInstance(type);
            var asked = (Task)type.GetField("_asked", BindingFlags.Instance | BindingFlags.NonPublic).GetValue(window);
            ((IAsyncResult)asked).AsyncWaitHandle.WaitOne();
            EditorApplication.update();
            fault = (string)type.GetProperty("Fault").GetValue(window);
            var catalog = (V1.GetCatalogResponse)type.GetProperty("Catalog").GetValue(window);
            UnityEngine.Object.DestroyImmediate(window);
            return catalog == null ? "" : catalog.Models[0].Name;
        }

        public static void Settings()
        {
            var made = typeof(Bake).Assembly.GetType("PantoMatrix.Editor.ProjectSettings").GetMethod("MakeDefaultConnection").Invoke(null, null);
            var connection = (PantoMatrixConnection)made;
            Check.Equal(AssetDatabase.GetAssetPath(connection), "Assets/Resources/PantoMatrix.asset", "path");
            var warning = (UnityEditor.Build.IPreprocessBuildWithReport)Activator.CreateInstance(typeof(Bake).Assembly.GetType("PantoMatrix.Editor.TokenWarning"));
            warning.OnPreprocessBuild(null);
            Check.Equal(PlayerLoop.Logged().Count, 0, "warnings without a token");
            connection.Token = "secret";
            warning.OnPreprocessBuild(null);
            var told = PlayerLoop.Logged();
            Check.That(told.Count == 1 && told[0].StartsWith("Warning: PantoMatrix: The token of", StringComparison.Ordinal) && !told[0].Contains("secret"), string.Join("; ", told));
            var settings = new BakeSettings { Result = BakeResult.FaceAnimation, Folder = "Assets/A" };
            settings.Motion.Emotions.Add(new EmotionLevel("joy", 0.5f));
            settings.Motion.GestureRate = 0.5f;
            settings.Motion.FramesPerSecond = 60;
            settings.Tolerance.Degrees = 3;
            foreach (string part in new[] { "", "Motion", "Tolerance" })
            {
                object one = settings, other = settings.Copy();
                if (part != "")
                {
                    one = one.GetType().GetField(part).GetValue(one);
                    other = other.GetType().GetField(part).GetValue(other);
                }
                foreach (var field in one.GetType().GetFields())
                {
                    object a = field.GetValue(one), b = field.GetValue(other);
                    if (field.FieldType.IsValueType || field.FieldType == typeof(string)) Check.That(Equals(a, b), $"{field.Name} is copied");
                    else Check.That(a == null || !ReferenceEquals(a, b), $"{field.Name} is a copy");
                }
            }
            Check.Equal(settings.Copy().Motion.Emotions[0].Emotion, "joy", "emotion");
        }
    }
}
