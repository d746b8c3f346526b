using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [Flags]
    public enum ImportAssetOptions { Default = 0, ForceUpdate = 1, ForceSynchronousImport = 8 }

    public sealed class AssetDatabase
    {
        internal static readonly Dictionary<string, Object> Assets = new Dictionary<string, Object>();
        internal static readonly HashSet<string> Folders = new HashSet<string> { "Assets" };
        internal static int Saves;

        public static void CreateAsset(Object asset, string path)
        {
            if (!path.StartsWith("Assets/", StringComparison.Ordinal))
            {
                throw new UnityException($"Couldn't create asset file! {path}");
            }
            Assets[path] = asset;
        }
        public static void AddObjectToAsset(Object objectToAdd, Object assetObject) { }
        public static T LoadAssetAtPath<T>(string assetPath) where T : Object => Assets.TryGetValue(assetPath, out Object found) ? found as T : null;
        public static Object LoadMainAssetAtPath(string assetPath) => LoadAssetAtPath<Object>(assetPath);
        public static string GenerateUniqueAssetPath(string path)
        {
            int dot = path.LastIndexOf('.');
            string stem = dot < 0 ? path : path.Substring(0, dot), ending = dot < 0 ? "" : path.Substring(dot), found = path;
            for (int i = 1; Assets.ContainsKey(found) || Folders.Contains(found); i++)
            {
                found = $"{stem} {i}{ending}";
            }
            return found;
        }
        public static string GetAssetPath(Object assetObject)
        {
            foreach (KeyValuePair<string, Object> one in Assets)
            {
                if (ReferenceEquals(one.Value, assetObject))
                {
                    return one.Key;
                }
            }
            return "";
        }
        public static bool Contains(Object obj) => GetAssetPath(obj).Length > 0;
        public static string[] FindAssets(string filter) => FindAssets(filter, null);
        public static string[] FindAssets(string filter, string[] searchInFolders)
        {
            List<string> found = new List<string>();
            foreach (KeyValuePair<string, Object> one in Assets)
            {
                bool isIn = searchInFolders == null
                    || Array.Exists(searchInFolders, folder => one.Key.StartsWith(folder + "/", StringComparison.Ordinal));
                bool isOf = !filter.StartsWith("t:", StringComparison.Ordinal) || IsOf(one.Value.GetType(), filter.Substring(2));
                if (isIn && isOf)
                {
                    found.Add(AssetPathToGUID(one.Key));
                }
            }
            return found.ToArray();
        }
        private static bool IsOf(Type type, string name) => type != null && (type.Name == name || IsOf(type.BaseType, name));
        public static string AssetPathToGUID(string path) => Assets.ContainsKey(path) ? "guid of " + path : "";
        public static string GUIDToAssetPath(string guid) => guid.StartsWith("guid of ", StringComparison.Ordinal) ? guid.Substring(8) : "";
        public static void SaveAssets() => Saves++;
        public static void Refresh() { }
        public static void ImportAsset(string path) => ImportAsset(path, ImportAssetOptions.Default);
        public static void ImportAsset(string path, ImportAssetOptions options) { }
        public static bool DeleteAsset(string path) => Assets.Remove(path);
        public static bool IsValidFolder(string path) => Folders.Contains(path);
        public static string CreateFolder(string parentFolder, string newFolderName)
        {
            string made = GenerateUniqueAssetPath($"{parentFolder}/{newFolderName}");
            Folders.Add(made);
            return "guid of " + made;
        }
        public static void StartAssetEditing() { }
        public static void StopAssetEditing() { }
    }

    public struct EditorCurveBinding : IEquatable<EditorCurveBinding>
    {
        public string path;
        public string propertyName;
        private Type _type;
        public Type type { get => _type; set => _type = value; }
        public bool isPPtrCurve => false;
        public static EditorCurveBinding FloatCurve(string inPath, Type inType, string inPropertyName) =>
            new EditorCurveBinding { path = inPath, type = inType, propertyName = inPropertyName };
        public bool Equals(EditorCurveBinding other) => path == other.path && propertyName == other.propertyName && type == other.type;
        public override bool Equals(object other) => other is EditorCurveBinding binding && Equals(binding);
        public override int GetHashCode() => propertyName.GetHashCode();
        public static bool operator ==(EditorCurveBinding lhs, EditorCurveBinding rhs) => lhs.Equals(rhs);
        public static bool operator !=(EditorCurveBinding lhs, EditorCurveBinding rhs) => !lhs.Equals(rhs);
    }

    public class AnimationClipSettings
    {
        public bool loopTime;
        public float startTime;
        public float stopTime;
        public bool keepOriginalOrientation;
        public bool keepOriginalPositionXZ;
        public bool keepOriginalPositionY;
        public bool loopBlendOrientation;
        public bool loopBlendPositionXZ;
        public bool loopBlendPositionY;
    }

    public class AnimationUtility
    {
        public enum TangentMode { Free = 0, Auto = 1, Linear = 2, Constant = 3, ClampedAuto = 4 }

        private static readonly Dictionary<AnimationClip, AnimationClipSettings> s_settings = new Dictionary<AnimationClip, AnimationClipSettings>();

        public static void SetEditorCurve(AnimationClip clip, EditorCurveBinding binding, AnimationCurve curve)
        {
            if (curve == null)
            {
                clip.Curves.Remove((binding.path, binding.type, binding.propertyName));
            }
            else
            {
                clip.Curves[(binding.path, binding.type, binding.propertyName)] = curve;
            }
        }
        public static void SetEditorCurves(AnimationClip clip, EditorCurveBinding[] bindings, AnimationCurve[] curves)
        {
            for (int i = 0; i < bindings.Length; i++)
            {
                SetEditorCurve(clip, bindings[i], curves[i]);
            }
        }
        public static EditorCurveBinding[] GetCurveBindings(AnimationClip clip)
        {
            List<EditorCurveBinding> found = new List<EditorCurveBinding>();
            foreach ((string, Type, string) one in clip.Curves.Keys)
            {
                found.Add(EditorCurveBinding.FloatCurve(one.Item1, one.Item2, one.Item3));
            }
            return found.ToArray();
        }
        public static AnimationCurve GetEditorCurve(AnimationClip clip, EditorCurveBinding binding) =>
            clip.Curves.TryGetValue((binding.path, binding.type, binding.propertyName), out AnimationCurve found) ? found : null;
        public static AnimationClipSettings GetAnimationClipSettings(AnimationClip clip) =>
            s_settings.TryGetValue(clip, out AnimationClipSettings found) ? found : new AnimationClipSettings { stopTime = clip.length };
        public static void SetAnimationClipSettings(AnimationClip clip, AnimationClipSettings srcClipInfo) => s_settings[clip] = srcClipInfo;
        public static string CalculateTransformPath(Transform targetTransform, Transform root) => Paths.Of(root, targetTransform);
        public static void SetKeyLeftTangentMode(AnimationCurve curve, int index, TangentMode tangentMode) { }
        public static void SetKeyRightTangentMode(AnimationCurve curve, int index, TangentMode tangentMode) { }
    }

    public class EditorUtility
    {
        internal static Func<string, bool> Asked = message => true;
        internal static Func<float, bool> Cancels = progress => false;
        internal static bool Shown;

        public static bool DisplayCancelableProgressBar(string title, string info, float progress)
        {
            Shown = true;
            return Cancels(progress);
        }
        public static void DisplayProgressBar(string title, string info, float progress) => Shown = true;
        public static void ClearProgressBar() => Shown = false;
        public static bool DisplayDialog(string title, string message, string ok) => Asked(message);
        public static bool DisplayDialog(string title, string message, string ok, string cancel) => Asked(message);
        public static void SetDirty(Object target) { }
        public static GameObject CreateGameObjectWithHideFlags(string name, HideFlags flags, params Type[] components) =>
            new GameObject(name, components) { hideFlags = flags };
        public static string SaveFilePanelInProject(string title, string defaultName, string extension, string message) => "";
        public static string SaveFolderPanel(string title, string folder, string defaultName) => "";
        public static void FocusProjectWindow() { }
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class MenuItem : Attribute
    {
        public string menuItem;
        public bool validate;
        public int priority;
        public MenuItem(string itemName) : this(itemName, false) { }
        public MenuItem(string itemName, bool isValidateFunction) : this(itemName, isValidateFunction, 1000) { }
        public MenuItem(string itemName, bool isValidateFunction, int priority)
        {
            menuItem = itemName;
            validate = isValidateFunction;
            this.priority = priority;
        }
    }

    public class MenuCommand
    {
        public Object context;
        public int userData;
        public MenuCommand(Object inContext) => context = inContext;
    }

    [Flags]
    public enum SelectionMode { Unfiltered = 0, TopLevel = 1, Deep = 2, ExcludePrefab = 4, Editable = 8, Assets = 16, DeepAssets = 32 }

    public sealed class Selection
    {
        public static Object activeObject { get; set; }
        public static GameObject activeGameObject { get => activeObject as GameObject; set => activeObject = value; }
        public static Transform activeTransform => activeGameObject ? activeGameObject.transform : null;
        public static Object[] objects { get; set; } = new Object[0];
        public static string[] assetGUIDs => Array.ConvertAll(objects, one => AssetDatabase.AssetPathToGUID(AssetDatabase.GetAssetPath(one)));
        public static T[] GetFiltered<T>(SelectionMode mode) => Array.ConvertAll(Array.FindAll(objects, one => one is T), one => (T)(object)one);
    }

    public class Undo
    {
        public static void RecordObject(Object objectToUndo, string name) { }
        public static T AddComponent<T>(GameObject gameObject) where T : Component => gameObject.AddComponent<T>();
        public static void RegisterCreatedObjectUndo(Object objectToUndo, string name) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class InitializeOnLoadAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Method)]
    public class InitializeOnLoadMethodAttribute : Attribute { }

    public sealed class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();
        public static event AssemblyReloadCallback beforeAssemblyReload;
        public static event AssemblyReloadCallback afterAssemblyReload;
        internal static void Reload()
        {
            beforeAssemblyReload?.Invoke();
            afterAssemblyReload?.Invoke();
        }
    }

    public enum PlayModeStateChange { EnteredEditMode = 0, ExitingEditMode = 1, EnteredPlayMode = 2, ExitingPlayMode = 3 }

    public sealed class EditorApplication
    {
        public delegate void CallbackFunction();
        public static CallbackFunction update;
        public static CallbackFunction delayCall;
        public static event Action<PlayModeStateChange> playModeStateChanged;
        public static event Action quitting;
        internal static int? Code;
        internal static void Change(PlayModeStateChange state) => playModeStateChanged?.Invoke(state);
        internal static void Quitting() => quitting?.Invoke();
        public static bool isPlaying { get => Application.Playing; set => Application.Playing = value; }
        public static bool isPlayingOrWillChangePlaymode => Application.Playing;
        public static bool isCompiling => false;
        public static bool isPaused { get; set; }
        public static double timeSinceStartup => Time.Unscaled;
        public static void Exit(int returnValue) => Code = returnValue;
        public static void QueuePlayerLoopUpdate() { }
    }
}
