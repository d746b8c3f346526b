using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;

[assembly: InternalsVisibleTo("UnityEngine.AnimationModule")]
[assembly: InternalsVisibleTo("UnityEngine.AudioModule")]
[assembly: InternalsVisibleTo("UnityEngine.IMGUIModule")]
[assembly: InternalsVisibleTo("UnityEngine.DirectorModule")]
[assembly: InternalsVisibleTo("UnityEditor.CoreModule")]
[assembly: InternalsVisibleTo("Unity.Timeline")]
[assembly: InternalsVisibleTo("VRM10")]
[assembly: InternalsVisibleTo("VRM")]
[assembly: InternalsVisibleTo("StandIn")]

namespace UnityEngine
{
    // What a scene is here: no public part of Unity. Tests drive it through StandIn.
    internal static class World
    {
        internal static readonly List<GameObject> GameObjects = new List<GameObject>();
        internal static readonly List<MonoBehaviour> Behaviours = new List<MonoBehaviour>();
        internal static readonly List<Object> Doomed = new List<Object>();
        internal static readonly Dictionary<string, Object> Resources = new Dictionary<string, Object>();
        internal static readonly List<Log> Logged = new List<Log>();
        internal static int MainThread;
        internal static bool BehavioursChanged;
        private static MonoBehaviour[] s_order = new MonoBehaviour[0];
        private static int s_count;

        internal struct Log
        {
            internal LogType Type;
            internal string Message;
            internal Object Context;
        }

        internal static void OnMainThread([CallerMemberName] string member = null)
        {
            if (MainThread != 0 && Thread.CurrentThread.ManagedThreadId != MainThread)
            {
                throw new UnityException($"{member} can only be called from the main thread.");
            }
        }

        // Ordered by DefaultExecutionOrder, then by age.
        internal static MonoBehaviour[] Order(out int count)
        {
            if (BehavioursChanged)
            {
                BehavioursChanged = false;
                s_count = Behaviours.Count;
                if (s_order.Length < s_count)
                {
                    s_order = new MonoBehaviour[s_count * 2];
                }
                Behaviours.CopyTo(s_order);
                Array.Clear(s_order, s_count, s_order.Length - s_count);
                Array.Sort(s_order, 0, s_count, ByOrder.Same);
            }
            count = s_count;
            return s_order;
        }

        private sealed class ByOrder : IComparer<MonoBehaviour>
        {
            internal static readonly ByOrder Same = new ByOrder();
            public int Compare(MonoBehaviour x, MonoBehaviour y)
            {
                int by = x.ExecutionOrder.CompareTo(y.ExecutionOrder);
                return by != 0 ? by : x.GetInstanceID().CompareTo(y.GetInstanceID());
            }
        }

        internal static void Call(Action message)
        {
            if (message == null)
            {
                return;
            }
            try
            {
                message();
            }
            catch (Exception fault)
            {
                Debug.LogException(fault);
            }
        }

        // The end of a frame.
        internal static void Bury()
        {
            while (Doomed.Count > 0)
            {
                Object one = Doomed[0];
                Doomed.RemoveAt(0);
                one.DestroyNow();
            }
        }
    }

    // The messages of one behaviour, private ones of its bases too.
    internal sealed class Messages
    {
        internal readonly Action Awake, OnEnable, Start, Update, LateUpdate, FixedUpdate, OnDisable, OnDestroy;
        internal readonly Action OnApplicationQuit, OnValidate, Reset, OnAnimatorMove;
        internal readonly Action<bool> OnApplicationPause, OnApplicationFocus;
        internal readonly Action<int> OnAnimatorIK;
        internal readonly Action<float[], int> OnAudioFilterRead;

        internal Messages(Object one)
        {
            Awake = Find<Action>(one, "Awake");
            OnEnable = Find<Action>(one, "OnEnable");
            Start = Find<Action>(one, "Start");
            Update = Find<Action>(one, "Update");
            LateUpdate = Find<Action>(one, "LateUpdate");
            FixedUpdate = Find<Action>(one, "FixedUpdate");
            OnDisable = Find<Action>(one, "OnDisable");
            OnDestroy = Find<Action>(one, "OnDestroy");
            OnApplicationQuit = Find<Action>(one, "OnApplicationQuit");
            OnValidate = Find<Action>(one, "OnValidate");
            Reset = Find<Action>(one, "Reset");
            OnAnimatorMove = Find<Action>(one, "OnAnimatorMove");
            OnApplicationPause = Find<Action<bool>>(one, "OnApplicationPause");
            OnApplicationFocus = Find<Action<bool>>(one, "OnApplicationFocus");
            OnAnimatorIK = Find<Action<int>>(one, "OnAnimatorIK");
            OnAudioFilterRead = Find<Action<float[], int>>(one, "OnAudioFilterRead");
        }

        private static T Find<T>(Object one, string name) where T : Delegate
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            ParameterInfo[] wanted = typeof(T).GetMethod("Invoke").GetParameters();
            Type[] types = Array.ConvertAll(wanted, parameter => parameter.ParameterType);
            for (Type type = one.GetType(); type != typeof(MonoBehaviour) && type != typeof(ScriptableObject) && type != null; type = type.BaseType)
            {
                MethodInfo found = type.GetMethod(name, Own, null, types, null);
                if (found == null)
                {
                    continue;
                }
                if (found.ReturnType == typeof(void))
                {
                    return (T)Delegate.CreateDelegate(typeof(T), one, found);
                }
                if (typeof(T) == typeof(Action) && found.ReturnType == typeof(System.Collections.IEnumerator) && one is MonoBehaviour behaviour)
                {
                    Action start = () => behaviour.StartCoroutine((System.Collections.IEnumerator)found.Invoke(one, null));
                    return (T)(Delegate)start;
                }
            }
            return null;
        }
    }
}
