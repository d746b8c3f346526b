using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>What is in a clip.</summary>
    [CustomEditor(typeof(PantoMatrixClip))]
    sealed class ClipInspector : UnityEditor.Editor
    {
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            var clip = (PantoMatrixClip)target;
            try
            {
                var header = clip.Header;
                EditorGUILayout.LabelField("Length", $"{clip.Duration:0.00} s, {clip.FrameCount} frames at {clip.FramesPerSecond:0.##} a second");
                EditorGUILayout.LabelField("Joints", clip.Layout.Joints == 0 ? "none: a face alone" : $"{clip.Layout.Joints}, {header.Skeleton.Name}");
                EditorGUILayout.LabelField("Curves", clip.Layout.Curves == 0 ? "none" : $"{clip.Layout.Curves}, {header.FaceRig}");
                if (header.Model != "") EditorGUILayout.LabelField("Made by", $"{header.Model} {header.ModelVersion}, {header.Speaker}, seed {header.Seed}");
                EditorGUILayout.LabelField("Size", $"{clip.SizeInBytes / 1024f:0} KiB");
            }
            catch (PantoMatrixException error)
            {
                EditorGUILayout.HelpBox(error.Message, MessageType.Error);
            }
        }
    }
}
