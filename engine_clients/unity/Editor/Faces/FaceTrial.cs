using System;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Sliders for ARKit's curves that move a character of the scene. The face goes back to what it was at the end.</summary>
    sealed class FaceTrial
    {
        readonly float[] _weights = new float[FaceCurves.Arkit.Count];
        FaceApplier _face;

        public void Draw(FaceMap map, GameObject character, string search)
        {
            if (character == null || !character.scene.IsValid())
            {
                EditorGUILayout.HelpBox("Choose a character of the scene to see what the map does.", MessageType.None);
                return;
            }
            bool isMoved = false;
            for (int curve = 0; curve < _weights.Length; ++curve)
            {
                string name = FaceCurves.Arkit[curve];
                if (!FaceMapInspector.Fits(name, search)) continue;
                float weight = EditorGUILayout.Slider(name, _weights[curve], 0, 1);
                isMoved |= weight != _weights[curve];
                _weights[curve] = weight;
            }
            if (GUILayout.Button("Back to rest")) End();
            if (!isMoved) return;
            if (_face == null)
                _face = new FaceApplier(map, FaceMapInspector.Renderers(character), character.transform, FaceCurves.Arkit);
            _face.Apply(_weights, 0, 1);
            EditorApplication.QueuePlayerLoopUpdate();
        }

        public void End()
        {
            Array.Clear(_weights, 0, _weights.Length);
            if (_face != null) _face.Rest();
            _face = null;
        }
    }
}
