using System;
using PantoMatrix.Editor;
using StandIn;
using UnityEditor;
using UnityEngine;

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
