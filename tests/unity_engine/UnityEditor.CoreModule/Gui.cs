using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    public enum MessageType { None = 0, Info = 1, Warning = 2, Error = 3 }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType) : this(inspectedType, false) { }
        public CustomEditor(Type inspectedType, bool editorForChildClasses) { }
        public bool isFallback { get; set; }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class CustomPropertyDrawer : Attribute
    {
        public CustomPropertyDrawer(Type type) { }
        public CustomPropertyDrawer(Type type, bool useForChildren) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CanEditMultipleObjects : Attribute { }

    public class Editor : ScriptableObject
    {
        public Object target { get; set; }
        public Object[] targets => new[] { target };
        public SerializedObject serializedObject => new SerializedObject(target);
        public virtual void OnInspectorGUI() { }
        public virtual bool HasPreviewGUI() => false;
        public virtual bool RequiresConstantRepaint() => false;
        public bool DrawDefaultInspector() => false;
        public void Repaint() { }
        public static Editor CreateEditor(Object targetObject) => new Editor { target = targetObject };
        protected static void DrawPropertiesExcluding(SerializedObject obj, params string[] propertyToExclude) { }
    }

    public abstract class PropertyDrawer
    {
        public virtual void OnGUI(Rect position, SerializedProperty property, GUIContent label) { }
        public virtual float GetPropertyHeight(SerializedProperty property, GUIContent label) => 18f;
    }

    public class SerializedObject : IDisposable
    {
        public SerializedObject(Object obj) => targetObject = obj;
        public SerializedObject(Object[] objs) => targetObject = objs[0];
        public Object targetObject { get; }
        public bool isEditingMultipleObjects => false;
        public bool hasModifiedProperties => false;
        public void Update() { }
        public bool ApplyModifiedProperties() => false;
        public bool ApplyModifiedPropertiesWithoutUndo() => false;
        public SerializedProperty FindProperty(string propertyPath) => new SerializedProperty();
        public SerializedProperty GetIterator() => new SerializedProperty();
        public void Dispose() { }
    }

    public class SerializedProperty
    {
        public string name => "";
        public string displayName => "";
        public string propertyPath => "";
        public bool isArray => false;
        public bool isExpanded { get; set; }
        public int arraySize { get; set; }
        public int intValue { get; set; }
        public bool boolValue { get; set; }
        public float floatValue { get; set; }
        public string stringValue { get; set; }
        public int enumValueIndex { get; set; }
        public Object objectReferenceValue { get; set; }
        public SerializedObject serializedObject => null;
        public bool hasMultipleDifferentValues => false;
        public SerializedProperty FindPropertyRelative(string relativePropertyPath) => new SerializedProperty();
        public SerializedProperty GetArrayElementAtIndex(int index) => new SerializedProperty();
        public void InsertArrayElementAtIndex(int index) { }
        public void DeleteArrayElementAtIndex(int index) { }
        public void ClearArray() { }
        public bool NextVisible(bool enterChildren) => false;
        public SerializedProperty Copy() => this;
    }

    public sealed class EditorGUIUtility
    {
        public static float singleLineHeight => 18f;
        public static float standardVerticalSpacing => 2f;
        public static float labelWidth { get; set; }
        public static float currentViewWidth => 400f;
        public static string systemCopyBuffer { get; set; } = "";
        public static void PingObject(Object obj) { }
    }

    public sealed class EditorStyles
    {
        public static GUIStyle label => new GUIStyle();
        public static GUIStyle boldLabel => new GUIStyle();
        public static GUIStyle miniLabel => new GUIStyle();
        public static GUIStyle miniButton => new GUIStyle();
        public static GUIStyle helpBox => new GUIStyle();
        public static GUIStyle foldout => new GUIStyle();
        public static GUIStyle wordWrappedLabel => new GUIStyle();
        public static GUIStyle wordWrappedMiniLabel => new GUIStyle();
        public static GUIStyle centeredGreyMiniLabel => new GUIStyle();
    }

    public sealed class EditorGUI
    {
        public static int indentLevel { get; set; }
        public static bool showMixedValue { get; set; }
        public static void BeginChangeCheck() { }
        public static bool EndChangeCheck() => false;
        public static void BeginDisabledGroup(bool disabled) { }
        public static void EndDisabledGroup() { }
        public static GUIContent BeginProperty(Rect totalPosition, GUIContent label, SerializedProperty property) => label;
        public static void EndProperty() { }
        public static bool PropertyField(Rect position, SerializedProperty property) => false;
        public static bool PropertyField(Rect position, SerializedProperty property, GUIContent label) => false;
        public static bool PropertyField(Rect position, SerializedProperty property, GUIContent label, bool includeChildren) => false;
        public static void LabelField(Rect position, string label) { }
        public static void ProgressBar(Rect position, float value, string text) { }
        public static void HelpBox(Rect position, string message, MessageType type) { }

        public struct DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled) { }
            public void Dispose() { }
        }

        public class ChangeCheckScope : GUI.Scope
        {
            public bool changed => false;
            protected override void CloseScope() { }
        }

        public class IndentLevelScope : GUI.Scope
        {
            public IndentLevelScope() { }
            public IndentLevelScope(int increment) { }
            protected override void CloseScope() { }
        }
    }

    public sealed class EditorGUILayout
    {
        public static bool PropertyField(SerializedProperty property, params GUILayoutOption[] options) => false;
        public static bool PropertyField(SerializedProperty property, GUIContent label, params GUILayoutOption[] options) => false;
        public static bool PropertyField(SerializedProperty property, bool includeChildren, params GUILayoutOption[] options) => false;
        public static bool PropertyField(SerializedProperty property, GUIContent label, bool includeChildren, params GUILayoutOption[] options) => false;
        public static void LabelField(string label, params GUILayoutOption[] options) { }
        public static void LabelField(string label, GUIStyle style, params GUILayoutOption[] options) { }
        public static void LabelField(string label, string label2, params GUILayoutOption[] options) { }
        public static void LabelField(GUIContent label, GUIContent label2, params GUILayoutOption[] options) { }
        public static void HelpBox(string message, MessageType type) { }
        public static void HelpBox(string message, MessageType type, bool wide) { }
        public static void Space() { }
        public static void Space(float width) { }
        public static bool Foldout(bool foldout, string content) => foldout;
        public static bool Foldout(bool foldout, string content, bool toggleOnLabelClick) => foldout;
        public static bool BeginFoldoutHeaderGroup(bool foldout, string content) => foldout;
        public static void EndFoldoutHeaderGroup() { }
        public static bool Toggle(bool value, params GUILayoutOption[] options) => value;
        public static bool Toggle(string label, bool value, params GUILayoutOption[] options) => value;
        public static bool Toggle(GUIContent label, bool value, params GUILayoutOption[] options) => value;
        public static int IntField(string label, int value, params GUILayoutOption[] options) => value;
        public static float FloatField(string label, float value, params GUILayoutOption[] options) => value;
        public static float FloatField(GUIContent label, float value, params GUILayoutOption[] options) => value;
        public static float Slider(string label, float value, float leftValue, float rightValue, params GUILayoutOption[] options) => value;
        public static float Slider(GUIContent label, float value, float leftValue, float rightValue, params GUILayoutOption[] options) => value;
        public static string TextField(string label, string text, params GUILayoutOption[] options) => text;
        public static string TextField(GUIContent label, string text, params GUILayoutOption[] options) => text;
        public static string TextField(string text, params GUILayoutOption[] options) => text;
        public static string PasswordField(string label, string password, params GUILayoutOption[] options) => password;
        public static Enum EnumPopup(string label, Enum selected, params GUILayoutOption[] options) => selected;
        public static Enum EnumPopup(GUIContent label, Enum selected, params GUILayoutOption[] options) => selected;
        public static int Popup(string label, int selectedIndex, string[] displayedOptions, params GUILayoutOption[] options) => selectedIndex;
        public static int Popup(int selectedIndex, string[] displayedOptions, params GUILayoutOption[] options) => selectedIndex;
        public static Object ObjectField(string label, Object obj, Type objType, bool allowSceneObjects, params GUILayoutOption[] options) => obj;
        public static Object ObjectField(GUIContent label, Object obj, Type objType, bool allowSceneObjects, params GUILayoutOption[] options) => obj;
        public static Object ObjectField(Object obj, Type objType, bool allowSceneObjects, params GUILayoutOption[] options) => obj;
        public static Rect BeginHorizontal(params GUILayoutOption[] options) => default;
        public static void EndHorizontal() { }
        public static Rect BeginVertical(params GUILayoutOption[] options) => default;
        public static Rect BeginVertical(GUIStyle style, params GUILayoutOption[] options) => default;
        public static void EndVertical() { }
        public static Vector2 BeginScrollView(Vector2 scrollPosition, params GUILayoutOption[] options) => scrollPosition;
        public static void EndScrollView() { }
        public static Rect GetControlRect(params GUILayoutOption[] options) => default;

        public class HorizontalScope : GUI.Scope
        {
            public HorizontalScope(params GUILayoutOption[] options) { }
            public Rect rect => default;
            protected override void CloseScope() { }
        }

        public class VerticalScope : GUI.Scope
        {
            public VerticalScope(params GUILayoutOption[] options) { }
            public VerticalScope(GUIStyle style, params GUILayoutOption[] options) { }
            public Rect rect => default;
            protected override void CloseScope() { }
        }

        public class ScrollViewScope : GUI.Scope
        {
            public ScrollViewScope(Vector2 scrollPosition, params GUILayoutOption[] options) => this.scrollPosition = scrollPosition;
            public Vector2 scrollPosition { get; }
            protected override void CloseScope() { }
        }
    }

    public class EditorWindow : ScriptableObject
    {
        public GUIContent titleContent { get; set; } = new GUIContent("");
        public Rect position { get; set; }
        public Vector2 minSize { get; set; }
        public Vector2 maxSize { get; set; }
        public void Show() { }
        public void ShowUtility() { }
        public void Close() => DestroyImmediate(this);
        public void Repaint() { }
        public void Focus() { }
        public void ShowNotification(GUIContent notification) { }
        public static T GetWindow<T>() where T : EditorWindow => CreateInstance<T>();
        public static T GetWindow<T>(string title) where T : EditorWindow => CreateInstance<T>();
        public static T GetWindow<T>(bool utility, string title) where T : EditorWindow => CreateInstance<T>();
        public static bool HasOpenInstances<T>() where T : EditorWindow => false;
    }

    public enum SettingsScope { User = 0, Project = 1 }

    public class SettingsProvider
    {
        public SettingsProvider(string path, SettingsScope scopes, IEnumerable<string> keywords = null)
        {
            settingsPath = path;
            scope = scopes;
            this.keywords = keywords;
        }
        public string settingsPath { get; }
        public SettingsScope scope { get; }
        public string label { get; set; }
        public IEnumerable<string> keywords { get; set; }
        public Action<string> guiHandler { get; set; }
        public virtual void OnGUI(string searchContext) => guiHandler?.Invoke(searchContext);
    }

    [AttributeUsage(AttributeTargets.Method)]
    public class SettingsProviderAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Class)]
    public class FilePathAttribute : Attribute
    {
        public enum Location { PreferencesFolder = 0, ProjectFolder = 1 }
        public FilePathAttribute(string relativePath, Location location) { }
    }

    public class ScriptableSingleton<T> : ScriptableObject where T : ScriptableObject
    {
        private static T s_instance;
        public static T instance => s_instance = s_instance ? s_instance : CreateInstance<T>();
        protected virtual void Save(bool saveAsText) { }
    }

    public sealed class SettingsService
    {
        public static EditorWindow OpenProjectSettings(string settingsPath) => null;
    }

    public sealed class EditorPrefs
    {
        private static readonly Dictionary<string, object> s_all = new Dictionary<string, object>();
        private static T Get<T>(string key, T otherwise) => s_all.TryGetValue(key, out object found) ? (T)found : otherwise;
        public static string GetString(string key, string defaultValue) => Get(key, defaultValue);
        public static void SetString(string key, string value) => s_all[key] = value;
        public static bool GetBool(string key, bool defaultValue) => Get(key, defaultValue);
        public static void SetBool(string key, bool value) => s_all[key] = value;
        public static int GetInt(string key, int defaultValue) => Get(key, defaultValue);
        public static void SetInt(string key, int value) => s_all[key] = value;
        public static float GetFloat(string key, float defaultValue) => Get(key, defaultValue);
        public static void SetFloat(string key, float value) => s_all[key] = value;
        public static void DeleteKey(string key) => s_all.Remove(key);
    }

    public sealed class SessionState
    {
        private static readonly Dictionary<string, int> s_ints = new Dictionary<string, int>();
        public static void SetInt(string key, int value) => s_ints[key] = value;
        public static int GetInt(string key, int defaultValue) => s_ints.TryGetValue(key, out int found) ? found : defaultValue;
        public static void EraseInt(string key) => s_ints.Remove(key);
    }

    public sealed class GameObjectUtility
    {
        public static void SetParentAndAlign(GameObject child, GameObject parent) => child.transform.SetParent(parent ? parent.transform : null, false);
    }

    public enum BuildTarget { StandaloneOSX = 2, StandaloneWindows = 5, iOS = 9, Android = 13, StandaloneWindows64 = 19, WebGL = 20, StandaloneLinux64 = 24 }
}

namespace UnityEditor.Build
{
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    public interface IPreprocessBuildWithReport : IOrderedCallback
    {
        void OnPreprocessBuild(Reporting.BuildReport report);
    }

    public interface IPostprocessBuildWithReport : IOrderedCallback
    {
        void OnPostprocessBuild(Reporting.BuildReport report);
    }

    public class BuildFailedException : Exception
    {
        public BuildFailedException(string message) : base(message) { }
    }
}

namespace UnityEditor.Build.Reporting
{
    public struct BuildSummary
    {
        public BuildTarget platform { get; internal set; }
        public string outputPath { get; internal set; }
    }

    public sealed class BuildReport : Object
    {
        public BuildSummary summary { get; internal set; }
    }
}

namespace UnityEditor.AssetImporters
{
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    public class ScriptedImporterAttribute : Attribute
    {
        public ScriptedImporterAttribute(int version, string ext) : this(version, new[] { ext }) { }
        public ScriptedImporterAttribute(int version, string[] exts) { this.version = version; fileExtensions = exts; }
        public int version { get; }
        public string[] fileExtensions { get; }
    }

    public class AssetImportContext
    {
        internal readonly Dictionary<string, Object> Objects = new Dictionary<string, Object>();
        internal readonly List<string> Errors = new List<string>();
        internal AssetImportContext(string path) => assetPath = path;
        public string assetPath { get; }
        public Object mainObject { get; private set; }
        public BuildTarget selectedBuildTarget => BuildTarget.StandaloneWindows64;
        public void AddObjectToAsset(string identifier, Object obj) => Objects.Add(identifier, obj);
        public void AddObjectToAsset(string identifier, Object obj, Texture2D thumbnail) => Objects.Add(identifier, obj);
        public void SetMainObject(Object obj) => mainObject = obj;
        public void LogImportError(string msg, Object obj = null) => Errors.Add(msg);
        public void LogImportWarning(string msg, Object obj = null) => Errors.Add(msg);
        public void DependsOnSourceAsset(string path) { }
    }

    public abstract class ScriptedImporter : AssetImporter
    {
        public abstract void OnImportAsset(AssetImportContext ctx);
    }

    public abstract class AssetImporterEditor : Editor
    {
        public override void OnInspectorGUI() => ApplyRevertGUI();
        public virtual void OnEnable() { }
        public virtual void OnDisable() { }
        protected void ApplyRevertGUI() { }
    }

    public class ScriptedImporterEditor : AssetImporterEditor { }
}

namespace UnityEditor
{
    public class AssetImporter : Object
    {
        public string assetPath { get; internal set; } = "";
        public string userData { get; set; } = "";
        public static AssetImporter GetAtPath(string path) => null;
        public void SaveAndReimport() { }
    }

    public struct AudioImporterSampleSettings
    {
        public AudioClipLoadType loadType;
    }

    public sealed class AudioImporter : AssetImporter
    {
        public AudioImporterSampleSettings defaultSampleSettings { get; set; }
        public bool forceToMono { get; set; }
    }
}
