using System;
using System.Collections;
using System.Collections.Generic;
using UnityEngine.SceneManagement;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags
    {
        None = 0,
        HideInHierarchy = 1,
        HideInInspector = 2,
        DontSaveInEditor = 4,
        NotEditable = 8,
        DontSaveInBuild = 16,
        DontUnloadUnusedAsset = 32,
        DontSave = 52,
        HideAndDontSave = 61,
    }

#if UNITY_6000_4_OR_NEWER
    [Obsolete("FindObjectsSortMode has been deprecated.")]
#endif
    public enum FindObjectsSortMode { None = 0, InstanceID = 1 }

    public enum FindObjectsInactive { Exclude = 0, Include = 1 }

    public class Object
    {
        private static int s_last;
        private readonly int _id = ++s_last;
        private string _name = "";
        internal bool Destroyed;

        public string name
        {
            get
            {
                World.OnMainThread();
                Alive();
                return NameNow;
            }
            set
            {
                World.OnMainThread();
                Alive();
                NameNow = value ?? "";
            }
        }
        internal virtual string NameNow { get => _name; set => _name = value; }
        public HideFlags hideFlags { get; set; }
        public int GetInstanceID() => _id;
        public override int GetHashCode() => _id;
        public override bool Equals(object other) => other is null ? Destroyed : other is Object one && this == one;
        public override string ToString() => Destroyed ? "null" : $"{NameNow} ({GetType().FullName})";

        public static bool operator ==(Object x, Object y)
        {
            bool noX = x is null || x.Destroyed, noY = y is null || y.Destroyed;
            return noX || noY ? noX && noY : ReferenceEquals(x, y);
        }
        public static bool operator !=(Object x, Object y) => !(x == y);
        public static implicit operator bool(Object exists) => !(exists is null) && !exists.Destroyed;

        public static void Destroy(Object obj) => Destroy(obj, 0f);
        public static void Destroy(Object obj, float t)
        {
            World.OnMainThread();
            if (!Application.isPlaying)
            {
                Debug.LogError("Destroy may not be called from edit mode! Use DestroyImmediate instead.");
                return;
            }
            if (obj && !World.Doomed.Contains(obj))
            {
                World.Doomed.Add(obj);
            }
        }
        public static void DestroyImmediate(Object obj) => DestroyImmediate(obj, false);
        public static void DestroyImmediate(Object obj, bool allowDestroyingAssets)
        {
            World.OnMainThread();
            if (obj)
            {
                obj.DestroyNow();
            }
        }
        public static void DontDestroyOnLoad(Object target) { }

        public static T Instantiate<T>(T original) where T : Object => Instantiate(original, null);
        public static T Instantiate<T>(T original, Transform parent) where T : Object => (T)Copies.Of(original, parent);

        public static T FindFirstObjectByType<T>() where T : Object => Found<T>(false) is { Count: > 0 } all ? all[0] : null;
        public static T FindAnyObjectByType<T>() where T : Object => FindFirstObjectByType<T>();
#if UNITY_6000_4_OR_NEWER
        public static T[] FindObjectsByType<T>() where T : Object => Found<T>(false).ToArray();
#endif
        public static T[] FindObjectsByType<T>(FindObjectsSortMode sortMode) where T : Object => Found<T>(false).ToArray();
        public static T[] FindObjectsByType<T>(FindObjectsInactive findObjectsInactive, FindObjectsSortMode sortMode) where T : Object =>
            Found<T>(findObjectsInactive == FindObjectsInactive.Include).ToArray();

        private static List<T> Found<T>(bool inactive) where T : Object
        {
            List<T> found = new List<T>();
            foreach (GameObject one in World.GameObjects)
            {
                if (!inactive && !one.activeInHierarchy)
                {
                    continue;
                }
                if (one is T itself)
                {
                    found.Add(itself);
                }
                foreach (Component component in one.Components)
                {
                    if (component is T wanted)
                    {
                        found.Add(wanted);
                    }
                }
            }
            return found;
        }

        internal void Alive()
        {
            if (Destroyed)
            {
                throw new MissingReferenceException($"The object of type '{GetType().Name}' has been destroyed but you are still trying to access it.");
            }
        }
        internal virtual void DestroyNow() => Destroyed = true;
    }

    // A copy of serialized fields is not made: nobody needs it yet.
    public sealed class GameObject : Object
    {
        internal readonly List<Component> Components = new List<Component>();
        private bool _active = true;

        public GameObject() : this("New Game Object") { }
        public GameObject(string name)
        {
            World.OnMainThread();
            this.name = name;
            World.GameObjects.Add(this);
            transform = new Transform { Owner = this };
            Components.Add(transform);
        }
        public GameObject(string name, params Type[] components) : this(name)
        {
            foreach (Type one in components)
            {
                AddComponent(one);
            }
        }

        public Transform transform { get; }
        public GameObject gameObject => this;
        public int layer { get; set; }
        public string tag { get; set; } = "Untagged";
        public bool isStatic { get; set; }
        internal Scene Home;
        public Scene scene => transform.root.Owner.Home;
        public bool activeSelf => _active;
        public bool activeInHierarchy
        {
            get
            {
                for (Transform one = transform; !(one is null); one = one.parent)
                {
                    if (!one.Owner._active)
                    {
                        return false;
                    }
                }
                return true;
            }
        }
        public void SetActive(bool value)
        {
            World.OnMainThread();
            Alive();
            _active = value;
            Tell();
        }
        internal void Tell()
        {
            foreach (Component one in Components.ToArray())
            {
                one.ActiveChanged();
            }
            for (int i = 0; i < transform.childCount; i++)
            {
                transform.GetChild(i).Owner.Tell();
            }
        }

        public T AddComponent<T>() where T : Component => (T)AddComponent(typeof(T));
        public Component AddComponent(Type componentType)
        {
            World.OnMainThread();
            Alive();
            foreach (RequireComponent needs in componentType.GetCustomAttributes(typeof(RequireComponent), true))
            {
                foreach (Type one in needs.All())
                {
                    if (one != null && !(GetComponent(one) is { }))
                    {
                        AddComponent(one);
                    }
                }
            }
            if (componentType.IsDefined(typeof(DisallowMultipleComponent), true) && GetComponent(componentType) is { })
            {
                Debug.LogError($"Can't add '{componentType.Name}' to {name} because a '{componentType.Name}' is already added to the game object!");
                return null;
            }
            Component made = (Component)Activator.CreateInstance(componentType, true);
            made.Owner = this;
            Components.Add(made);
            made.Added();
            return made;
        }

        public Component GetComponent(Type type)
        {
            Alive();
            for (int i = 0; i < Components.Count; i++)
            {
                if (type.IsInstanceOfType(Components[i]))
                {
                    return Components[i];
                }
            }
            return null;
        }
        public T GetComponent<T>()
        {
            Alive();
            for (int i = 0; i < Components.Count; i++)
            {
                if (Components[i] is T found)
                {
                    return found;
                }
            }
            return default;
        }
        public bool TryGetComponent<T>(out T component)
        {
            component = GetComponent<T>();
            return component != null;
        }
        public T[] GetComponents<T>()
        {
            List<T> found = new List<T>();
            GetComponents(found);
            return found.ToArray();
        }
        public void GetComponents<T>(List<T> results)
        {
            results.Clear();
            Collect(results);
        }
        private void Collect<T>(List<T> results)
        {
            Alive();
            for (int i = 0; i < Components.Count; i++)
            {
                if (Components[i] is T found)
                {
                    results.Add(found);
                }
            }
        }
        public T GetComponentInChildren<T>() => GetComponentInChildren<T>(false);
        public T GetComponentInChildren<T>(bool includeInactive)
        {
            T[] found = GetComponentsInChildren<T>(includeInactive);
            return found.Length > 0 ? found[0] : default;
        }
        public T[] GetComponentsInChildren<T>() => GetComponentsInChildren<T>(false);
        public T[] GetComponentsInChildren<T>(bool includeInactive)
        {
            List<T> found = new List<T>();
            GetComponentsInChildren(includeInactive, found);
            return found.ToArray();
        }
        public void GetComponentsInChildren<T>(List<T> results) => GetComponentsInChildren(false, results);
        public void GetComponentsInChildren<T>(bool includeInactive, List<T> result)
        {
            result.Clear();
            CollectBelow(includeInactive, result);
        }
        private void CollectBelow<T>(bool includeInactive, List<T> results)
        {
            if (!includeInactive && !activeInHierarchy)
            {
                return;
            }
            Collect(results);
            for (int i = 0; i < transform.childCount; i++)
            {
                transform.GetChild(i).Owner.CollectBelow(includeInactive, results);
            }
        }
        public T GetComponentInParent<T>() => GetComponentInParent<T>(false);
        public T GetComponentInParent<T>(bool includeInactive)
        {
            for (Transform one = transform; !(one is null); one = one.parent)
            {
                if ((includeInactive || one.Owner.activeInHierarchy) && one.Owner.GetComponent<T>() is { } found)
                {
                    return found;
                }
            }
            return default;
        }
        public T[] GetComponentsInParent<T>(bool includeInactive)
        {
            List<T> found = new List<T>();
            for (Transform one = transform; !(one is null); one = one.parent)
            {
                if (includeInactive || one.Owner.activeInHierarchy)
                {
                    one.Owner.Collect(found);
                }
            }
            return found.ToArray();
        }
        public bool CompareTag(string tag) => this.tag == tag;
        public static GameObject Find(string name)
        {
            foreach (GameObject one in World.GameObjects)
            {
                if (one.name == name && one.activeInHierarchy)
                {
                    return one;
                }
            }
            return null;
        }

        internal override void DestroyNow()
        {
            if (Destroyed)
            {
                return;
            }
            while (transform.childCount > 0)
            {
                transform.GetChild(0).Owner.DestroyNow();
            }
            for (int i = Components.Count - 1; i >= 0; i--)
            {
                if (i > 0)
                {
                    Components[i].DestroyNow();
                }
            }
            transform.SetParent(null, false);
            transform.Destroyed = true;
            Destroyed = true;
            World.GameObjects.Remove(this);
        }
    }

    public class Component : Object
    {
        internal GameObject Owner;

        internal override string NameNow { get => Owner.NameNow; set => Owner.NameNow = value; }
        public GameObject gameObject
        {
            get
            {
                Alive();
                return Owner;
            }
        }
        public Transform transform
        {
            get
            {
                Alive();
                return Owner.transform;
            }
        }
        public string tag { get => gameObject.tag; set => gameObject.tag = value; }
        public Component GetComponent(Type type) => gameObject.GetComponent(type);
        public T GetComponent<T>() => gameObject.GetComponent<T>();
        public bool TryGetComponent<T>(out T component) => gameObject.TryGetComponent(out component);
        public T[] GetComponents<T>() => gameObject.GetComponents<T>();
        public void GetComponents<T>(List<T> results) => gameObject.GetComponents(results);
        public T GetComponentInChildren<T>() => gameObject.GetComponentInChildren<T>();
        public T GetComponentInChildren<T>(bool includeInactive) => gameObject.GetComponentInChildren<T>(includeInactive);
        public T[] GetComponentsInChildren<T>() => gameObject.GetComponentsInChildren<T>();
        public T[] GetComponentsInChildren<T>(bool includeInactive) => gameObject.GetComponentsInChildren<T>(includeInactive);
        public void GetComponentsInChildren<T>(List<T> results) => gameObject.GetComponentsInChildren(results);
        public void GetComponentsInChildren<T>(bool includeInactive, List<T> result) => gameObject.GetComponentsInChildren(includeInactive, result);
        public T GetComponentInParent<T>() => gameObject.GetComponentInParent<T>();
        public T GetComponentInParent<T>(bool includeInactive) => gameObject.GetComponentInParent<T>(includeInactive);
        public T[] GetComponentsInParent<T>(bool includeInactive) => gameObject.GetComponentsInParent<T>(includeInactive);
        public bool CompareTag(string tag) => gameObject.CompareTag(tag);

        internal virtual void Added() { }
        internal virtual void ActiveChanged() { }
        internal override void DestroyNow()
        {
            if (!Destroyed)
            {
                Leaving();
                Owner.Components.Remove(this);
                Destroyed = true;
            }
        }
        internal virtual void Leaving() { }
    }

    public class Behaviour : Component
    {
        private bool _enabled = true;

        public bool enabled
        {
            get => _enabled;
            set
            {
                World.OnMainThread();
                _enabled = value;
                ActiveChanged();
            }
        }
        public bool isActiveAndEnabled => !Destroyed && _enabled && Owner.activeInHierarchy;
    }

    public class MonoBehaviour : Behaviour
    {
        internal Messages Messages;
        internal int ExecutionOrder;
        internal bool Awoken, Started, On;
        internal readonly List<Coroutine> Coroutines = new List<Coroutine>();

        public bool useGUILayout { get; set; } = true;
#if UNITY_EDITOR
        public bool runInEditMode { get; set; }
#endif

        internal override void Added()
        {
            Messages = new Messages(this);
            object[] order = GetType().GetCustomAttributes(typeof(DefaultExecutionOrder), true);
            ExecutionOrder = order.Length > 0 ? ((DefaultExecutionOrder)order[0]).order : 0;
            World.Behaviours.Add(this);
            World.BehavioursChanged = true;
            if (!Application.isPlaying)
            {
                World.Call(Messages.Reset);
            }
            ActiveChanged();
        }

        internal bool Runs => Application.isPlaying || GetType().IsDefined(typeof(ExecuteAlways), true)
            || GetType().IsDefined(typeof(ExecuteInEditMode), true);

        internal override void ActiveChanged()
        {
            if (Messages == null || Destroyed || !Runs)
            {
                return;
            }
            if (!Awoken && Owner.activeInHierarchy)
            {
                Awoken = true;
                World.Call(Messages.Awake);
            }
            bool on = Awoken && isActiveAndEnabled;
            if (on == On)
            {
                return;
            }
            On = on;
            World.Call(on ? Messages.OnEnable : Messages.OnDisable);
            if (!Owner.activeInHierarchy)
            {
                StopAllCoroutines();
            }
        }

        internal override void Leaving()
        {
            if (On)
            {
                On = false;
                World.Call(Messages.OnDisable);
            }
            StopAllCoroutines();
            if (Awoken)
            {
                World.Call(Messages.OnDestroy);
            }
            World.Behaviours.Remove(this);
            World.BehavioursChanged = true;
        }

        public Coroutine StartCoroutine(IEnumerator routine)
        {
            World.OnMainThread();
            Alive();
            if (!Owner.activeInHierarchy)
            {
                Debug.LogError($"Coroutine couldn't be started because the the game object '{name}' is inactive!");
                return null;
            }
            Coroutine made = new Coroutine(routine);
            Coroutines.Add(made);
            made.Step();
            return made;
        }
        public void StopCoroutine(Coroutine routine) => routine.Done = true;
        public void StopCoroutine(IEnumerator routine)
        {
            foreach (Coroutine one in Coroutines)
            {
                one.Done |= one.Steps == routine;
            }
        }
        public void StopAllCoroutines()
        {
            foreach (Coroutine one in Coroutines)
            {
                one.Done = true;
            }
        }
        internal void StepCoroutines()
        {
            for (int i = 0; i < Coroutines.Count; i++)
            {
                Coroutines[i].Step();
            }
            if (Coroutines.Count > 0)
            {
                Coroutines.RemoveAll(one => one.Done);
            }
        }
        public static void print(object message) => Debug.Log(message);
    }

    public class YieldInstruction { }

    public abstract class CustomYieldInstruction : IEnumerator
    {
        public abstract bool keepWaiting { get; }
        public object Current => null;
        public bool MoveNext() => keepWaiting;
        public virtual void Reset() { }
    }

    public sealed class WaitForSeconds : YieldInstruction
    {
        internal readonly float Seconds;
        public WaitForSeconds(float seconds) => Seconds = seconds;
    }

    public sealed class WaitForEndOfFrame : YieldInstruction { }

    public class WaitForSecondsRealtime : CustomYieldInstruction
    {
        private float _until = -1f;
        public WaitForSecondsRealtime(float time) => waitTime = time;
        public float waitTime { get; set; }
        public override bool keepWaiting
        {
            get
            {
                _until = _until < 0f ? Time.realtimeSinceStartup + waitTime : _until;
                return Time.realtimeSinceStartup < _until;
            }
        }
    }

    public sealed class WaitUntil : CustomYieldInstruction
    {
        private readonly Func<bool> _predicate;
        public WaitUntil(Func<bool> predicate) => _predicate = predicate;
        public override bool keepWaiting => !_predicate();
    }

    public sealed class WaitWhile : CustomYieldInstruction
    {
        private readonly Func<bool> _predicate;
        public WaitWhile(Func<bool> predicate) => _predicate = predicate;
        public override bool keepWaiting => _predicate();
    }

    public class AsyncOperation : YieldInstruction
    {
        public bool isDone { get; internal set; } = true;
        public float progress => isDone ? 1f : 0f;
        public event Action<AsyncOperation> completed { add => value(this); remove { } }
    }

    public sealed class Coroutine : YieldInstruction
    {
        internal readonly IEnumerator Steps;
        internal bool Done;
        private object _waits;
        private float _until;

        internal Coroutine(IEnumerator steps) => Steps = steps;

        internal void Step()
        {
            if (Done || IsWaiting())
            {
                return;
            }
            try
            {
                Done = !Steps.MoveNext();
            }
            catch (Exception fault)
            {
                Done = true;
                Debug.LogException(fault);
            }
            _waits = Done ? null : Steps.Current;
            _until = Time.time + (_waits as WaitForSeconds)?.Seconds ?? 0f;
        }

        private bool IsWaiting() => _waits switch
        {
            WaitForSeconds _ => Time.time < _until,
            Coroutine other => !other.Done,
            AsyncOperation operation => !operation.isDone,
            CustomYieldInstruction custom => custom.keepWaiting,
            IEnumerator inner => inner.MoveNext(),
            _ => false,
        };
    }

    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject => (T)CreateInstance(typeof(T));
        public static ScriptableObject CreateInstance(Type type)
        {
            World.OnMainThread();
            ScriptableObject made = (ScriptableObject)Activator.CreateInstance(type, true);
            Messages messages = new Messages(made);
            made._messages = messages;
            World.Call(messages.Awake);
            World.Call(messages.OnEnable);
            return made;
        }
        private Messages _messages;
        internal override void DestroyNow()
        {
            if (!Destroyed)
            {
                World.Call(_messages?.OnDisable);
                World.Call(_messages?.OnDestroy);
                Destroyed = true;
            }
        }
    }

    public class TextAsset : Object
    {
        public TextAsset() : this("") { }
        public TextAsset(string text) => bytes = System.Text.Encoding.UTF8.GetBytes(text);
        public byte[] bytes { get; }
        public string text => System.Text.Encoding.UTF8.GetString(bytes);
    }

    public sealed class Resources
    {
        public static T Load<T>(string path) where T : Object => World.Resources.TryGetValue(path, out Object found) ? found as T : null;
        public static Object Load(string path) => Load<Object>(path);
        public static T[] LoadAll<T>(string path) where T : Object
        {
            List<T> found = new List<T>();
            foreach (KeyValuePair<string, Object> one in World.Resources)
            {
                if (one.Key.StartsWith(path, StringComparison.Ordinal) && one.Value is T wanted)
                {
                    found.Add(wanted);
                }
            }
            return found.ToArray();
        }
    }

    public class UnityException : SystemException
    {
        public UnityException(string message) : base(message) { }
    }

    public class MissingReferenceException : SystemException
    {
        public MissingReferenceException(string message) : base(message) { }
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        internal int Number;
        public bool IsValid() => true;
        public string name => "Scene";
        public bool isLoaded => true;
    }

    public class SceneManager
    {
        public static void MoveGameObjectToScene(GameObject go, Scene scene)
        {
            if (go.transform.parent)
            {
                throw new ArgumentException("Gameobject is not a root in a scene");
            }
            go.Home = scene;
        }
    }
}
