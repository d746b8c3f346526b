using System;
using UnityEditor;

namespace PantoMatrix.Editor
{
    /// <summary>Folders of the project.</summary>
    static class ProjectFolder
    {
        /// <summary>The folder, made with all above it where it is missing. Throws InvalidOperationException unless it is below Assets.</summary>
        public static string Make(string folder)
        {
            folder = folder.Replace('\\', '/').TrimEnd('/');
            var names = folder.Split('/');
            if (names[0] != "Assets" || Array.Exists(names, name => name == "" || name == "." || name == ".."))
                throw new InvalidOperationException($"'{folder}' is not a folder of the project: expected Assets or one below it");
            string made = names[0];
            for (int i = 1; i < names.Length; ++i)
            {
                string next = made + "/" + names[i];
                if (!AssetDatabase.IsValidFolder(next)) AssetDatabase.CreateFolder(made, names[i]);
                made = next;
            }
            return made;
        }
    }
}
