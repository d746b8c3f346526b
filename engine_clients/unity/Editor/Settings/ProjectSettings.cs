using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Project Settings > PantoMatrix: the default connection, and how speech is baked.</summary>
    static class ProjectSettings
    {
        public const string Path = "Project/PantoMatrix";
        const string ResourcesFolder = "Assets/Resources";
        static string ConnectionPath => ResourcesFolder + "/" + PantoMatrixConnection.ResourceName + ".asset";

        // Kept: what is folded out is theirs.
        static SerializedObject _connection, _defaults;

        [SettingsProvider]
        static SettingsProvider Provider() => new SettingsProvider(Path, SettingsScope.Project, new HashSet<string> { "PantoMatrix", "speech", "bake", "server", "token" })
        {
            label = "PantoMatrix",
            guiHandler = _ => Draw(),
        };

        /// <summary>The default's asset; null where there is none, and localhost is asked.</summary>
        public static PantoMatrixConnection DefaultConnection() => Resources.Load<PantoMatrixConnection>(PantoMatrixConnection.ResourceName);

        /// <summary>The default's asset, made where there is none.</summary>
        public static PantoMatrixConnection MakeDefaultConnection()
        {
            var found = DefaultConnection();
            if (found != null) return found;
            ProjectFolder.Make(ResourcesFolder);
            var made = ScriptableObject.CreateInstance<PantoMatrixConnection>();
            AssetDatabase.CreateAsset(made, AssetDatabase.GenerateUniqueAssetPath(ConnectionPath));
            AssetDatabase.SaveAssets();
            return made;
        }

        static void Draw()
        {
            EditorGUILayout.LabelField("Default connection", EditorStyles.boldLabel);
            var connection = DefaultConnection();
            if (connection == null)
            {
                EditorGUILayout.HelpBox($"There is none: {PantoMatrixConnection.UsualAddress} is asked.", MessageType.Info);
                if (GUILayout.Button("Make one")) EditorGUIUtility.PingObject(MakeDefaultConnection());
            }
            else
            {
                DrawAll(Of(ref _connection, connection));
                if (connection.Token != "") EditorGUILayout.HelpBox(TokenWarning.Text(connection), MessageType.Warning);
            }
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("Assets > PantoMatrix > Bake", EditorStyles.boldLabel);
            var defaults = BakeDefaults.instance;
            // A singleton's object is not meant to be edited unless it is told so.
            defaults.hideFlags &= ~HideFlags.NotEditable;
            if (DrawAll(Of(ref _defaults, defaults))) defaults.Save();
        }

        static SerializedObject Of(ref SerializedObject kept, Object about)
        {
            if (kept == null || kept.targetObject != about) kept = new SerializedObject(about);
            return kept;
        }

        /// <summary>Whether anything was changed.</summary>
        static bool DrawAll(SerializedObject about)
        {
            about.Update();
            var property = about.GetIterator();
            for (bool isFirst = true; property.NextVisible(isFirst); isFirst = false)
                if (property.propertyPath != "m_Script") EditorGUILayout.PropertyField(property, true);
            return about.ApplyModifiedProperties();
        }
    }
}
