using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Plays and stops a clip where the game runs.</summary>
    [CustomEditor(typeof(PantoMatrixPlayer))]
    sealed class PlayerInspector : UnityEditor.Editor
    {
        public override bool RequiresConstantRepaint() => Application.isPlaying;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            var player = (PantoMatrixPlayer)target;
            if (player.Clip == null)
            {
                EditorGUILayout.HelpBox("Bake one: select an AudioClip, then Assets > PantoMatrix > Bake.", MessageType.Info);
                return;
            }
            EditorGUI.BeginDisabledGroup(!Application.isPlaying);
            EditorGUILayout.BeginHorizontal();
            if (GUILayout.Button(player.IsPlaying ? "Stop" : "Play"))
            {
                if (player.IsPlaying) player.Stop();
                else player.Play();
            }
            EditorGUILayout.EndHorizontal();
            EditorGUI.EndDisabledGroup();
            if (player.IsPlaying) EditorGUILayout.LabelField("Time", $"{player.Time:0.00} s");
        }
    }
}
