using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Warns of a build that contains a token: anybody who has the build can read it.</summary>
    sealed class TokenWarning : IPreprocessBuildWithReport
    {
        public int callbackOrder => 0;

        public static string Text(PantoMatrixConnection connection) =>
            $"The token of '{connection.name}' ships with the game if this connection does, and can be read there. Leave it empty and set the environment "
            + $"variable {PantoMatrixConnection.TokenVariable}, or give the game a token of its own with a low limit.";

        public void OnPreprocessBuild(BuildReport report)
        {
            foreach (string guid in AssetDatabase.FindAssets("t:" + nameof(PantoMatrixConnection)))
            {
                var connection = AssetDatabase.LoadAssetAtPath<PantoMatrixConnection>(AssetDatabase.GUIDToAssetPath(guid));
                if (connection != null && connection.Token != "") Debug.LogWarning("PantoMatrix: " + Text(connection), connection);
            }
        }
    }
}
