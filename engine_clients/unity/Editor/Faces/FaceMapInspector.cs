using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>A face map: which preset fits a character, what is missing, its rows with a search, and sliders to try it.</summary>
    [CustomEditor(typeof(FaceMap))]
    sealed class FaceMapInspector : UnityEditor.Editor
    {
        readonly FaceTrial _trial = new FaceTrial();
        GameObject _character;
        string _search = "", _report;
        bool _showsRows = true, _showsTrial;

        public override void OnInspectorGUI()
        {
            var map = (FaceMap)target;
            bool isOfPackage = AssetDatabase.GetAssetPath(map).StartsWith("Packages/", StringComparison.Ordinal);
            if (isOfPackage) OfferCopy(map);
            Character(map, isOfPackage);
            serializedObject.Update();
            using (new EditorGUI.DisabledScope(isOfPackage))
            {
                Rows(serializedObject.FindProperty("Rows"));
                EditorGUILayout.PropertyField(serializedObject.FindProperty("Jaw"), true);
                EditorGUILayout.PropertyField(serializedObject.FindProperty("Eyes"), true);
            }
            if (serializedObject.ApplyModifiedProperties()) Changed();
            _showsTrial = EditorGUILayout.Foldout(_showsTrial, "Try it", true);
            if (_showsTrial) _trial.Draw(map, _character, _search);
        }

        void OnDisable() => _trial.End();

        static void OfferCopy(FaceMap map)
        {
            EditorGUILayout.HelpBox("This preset belongs to the package. Copy it into the project to edit it.", MessageType.Info);
            if (!GUILayout.Button("Copy into Assets")) return;
            var copy = Instantiate(map);
            AssetDatabase.CreateAsset(copy, AssetDatabase.GenerateUniqueAssetPath("Assets/" + map.name + ".asset"));
            AssetDatabase.SaveAssets();
            Selection.activeObject = copy;
        }

        void Character(FaceMap map, bool isOfPackage)
        {
            var found = (GameObject)EditorGUILayout.ObjectField("Character", _character, typeof(GameObject), true);
            if (found != _character)
            {
                _trial.End();
                _character = found;
                _report = null;
            }
            if (_character == null) return;
            using (new EditorGUILayout.HorizontalScope())
            {
                if (GUILayout.Button("What it moves")) _report = map.Report(Renderers(_character), _character.transform).ToString();
                using (new EditorGUI.DisabledScope(isOfPackage))
                    if (GUILayout.Button("Choose for this character") && MayReplace(map)) Choose(map);
            }
            if (_report != null) EditorGUILayout.HelpBox(_report, MessageType.None);
        }

        static bool MayReplace(FaceMap map) => map.Rows.Count == 0
            || EditorUtility.DisplayDialog("Face map", "This replaces the " + map.Rows.Count + " rows of '" + map.name + "'.", "Replace", "Cancel");

        void Choose(FaceMap map)
        {
            var chosen = FaceMap.Choose(Renderers(_character), _character.transform, out var report);
            Undo.RecordObject(map, "Choose a face map");
            map.Rows = chosen.Rows;
            map.Jaw = chosen.Jaw;
            map.Eyes = chosen.Eyes;
            map.Changed();
            EditorUtility.SetDirty(map);
            DestroyImmediate(chosen);
            Changed();
            _report = report.ToString();
        }

        void Changed()
        {
            _report = null;
            _trial.End();
        }

        void Rows(SerializedProperty rows)
        {
            _search = EditorGUILayout.TextField("Search", _search);
            _showsRows = EditorGUILayout.Foldout(_showsRows, "Rows (" + rows.arraySize + ")", true);
            if (!_showsRows) return;
            int removed = -1;
            for (int at = 0; at < rows.arraySize; ++at)
            {
                var row = rows.GetArrayElementAtIndex(at);
                var curve = row.FindPropertyRelative("Curve");
                var shape = row.FindPropertyRelative("Shape");
                if (!Fits(curve.stringValue, _search) && !Fits(shape.stringValue, _search)) continue;
                using (new EditorGUILayout.HorizontalScope())
                {
                    curve.stringValue = EditorGUILayout.TextField(curve.stringValue);
                    shape.stringValue = EditorGUILayout.TextField(shape.stringValue);
                    foreach (string number in new[] { "Gain", "Offset", "Choice" })
                        EditorGUILayout.PropertyField(row.FindPropertyRelative(number), GUIContent.none, GUILayout.Width(44));
                    if (GUILayout.Button("-", GUILayout.Width(22))) removed = at;
                }
            }
            if (removed >= 0) rows.DeleteArrayElementAtIndex(removed);
            if (GUILayout.Button("Add a row")) Add(rows);
        }

        static void Add(SerializedProperty rows)
        {
            int last = rows.arraySize;
            rows.InsertArrayElementAtIndex(last);
            var row = rows.GetArrayElementAtIndex(last);
            row.FindPropertyRelative("Shape").stringValue = "";
            row.FindPropertyRelative("Gain").floatValue = 1;
            row.FindPropertyRelative("Offset").floatValue = 0;
            row.FindPropertyRelative("Choice").intValue = 0;
        }

        internal static List<SkinnedMeshRenderer> Renderers(GameObject character) =>
            new List<SkinnedMeshRenderer>(character.GetComponentsInChildren<SkinnedMeshRenderer>(true));

        internal static bool Fits(string text, string search) =>
            string.IsNullOrEmpty(search) || (text ?? "").IndexOf(search, StringComparison.OrdinalIgnoreCase) >= 0;
    }
}
