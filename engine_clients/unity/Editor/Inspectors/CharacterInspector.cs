using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>What a character does where the game runs.</summary>
    [CustomEditor(typeof(PantoMatrixCharacter))]
    sealed class CharacterInspector : UnityEditor.Editor
    {
        public override bool RequiresConstantRepaint() => Application.isPlaying;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            if (!Application.isPlaying) return;
            var character = (PantoMatrixCharacter)target;
            EditorGUILayout.LabelField("Stream", character.State.ToString());
            EditorGUILayout.LabelField("Latency", $"{character.Latency * 1000:0} ms");
            EditorGUILayout.LabelField("Speaks", character.IsSpeaking ? "yes" : "no");
            if (GUILayout.Button("Interrupt")) character.Interrupt();
        }
    }
}
