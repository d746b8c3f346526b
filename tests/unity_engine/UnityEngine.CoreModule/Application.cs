using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum RuntimePlatform
    {
        OSXEditor = 0,
        OSXPlayer = 1,
        WindowsPlayer = 2,
        WindowsEditor = 7,
        IPhonePlayer = 8,
        Android = 11,
        LinuxPlayer = 13,
        LinuxEditor = 16,
        WebGLPlayer = 17,
    }

    public enum UserAuthorization { WebCam = 1, Microphone = 2 }

    public enum LogOption { None = 0, NoStacktrace = 1 }

    public enum LogType { Error = 0, Assert = 1, Warning = 2, Log = 3, Exception = 4 }

    public enum SystemLanguage { English = 10, Unknown = 42 }

    public class Application
    {
        internal static bool Playing = true, Microphone = true;
        internal static RuntimePlatform Platform = RuntimePlatform.WindowsPlayer;
        internal static bool Batch;
        internal static int Asked;

        public static bool isPlaying => Playing;
        public static bool isEditor => Platform == RuntimePlatform.WindowsEditor;
        public static bool isBatchMode => Batch;
        public static bool isFocused => true;
        public static bool isMobilePlatform => Platform == RuntimePlatform.Android || Platform == RuntimePlatform.IPhonePlayer;
        public static bool runInBackground { get; set; } = true;
        public static int targetFrameRate { get; set; } = -1;
        public static RuntimePlatform platform => Platform;
        public static string unityVersion =>
#if UNITY_6000_0_OR_NEWER
            "6000.0.23f1";
#else
            "2022.3.50f1";
#endif
        public static string productName => "Product";
        public static string dataPath => Environment.CurrentDirectory;
        public static string persistentDataPath => Environment.CurrentDirectory;
        public static string streamingAssetsPath => Environment.CurrentDirectory;
        public static bool HasUserAuthorization(UserAuthorization mode) => mode != UserAuthorization.Microphone || Microphone;
        public static AsyncOperation RequestUserAuthorization(UserAuthorization mode)
        {
            Asked++;
            return new AsyncOperation();
        }
        public static void Quit() => Quit(0);
        public static void Quit(int exitCode) => quitting?.Invoke();
        internal static void Quitting() => quitting?.Invoke();
        internal static void Focus(bool on) => focusChanged?.Invoke(on);
        public static event Action quitting;
        public static event Action<bool> focusChanged;
    }

    public class Debug
    {
        public static void Log(object message) => Log(message, null);
        public static void Log(object message, Object context) => Record(LogType.Log, message, context);
        public static void LogWarning(object message) => LogWarning(message, null);
        public static void LogWarning(object message, Object context) => Record(LogType.Warning, message, context);
        public static void LogError(object message) => LogError(message, null);
        public static void LogError(object message, Object context) => Record(LogType.Error, message, context);
        public static void LogException(Exception exception) => LogException(exception, null);
        public static void LogFormat(LogType logType, LogOption logOptions, Object context, string format, params object[] args) =>
            Record(logType, string.Format(format, args), context);
        public static void LogException(Exception exception, Object context) => Record(LogType.Exception, exception, context);
        public static bool isDebugBuild => true;

        private static void Record(LogType type, object message, Object context)
        {
            lock (World.Logged)
            {
                World.Logged.Add(new World.Log { Type = type, Message = message?.ToString() ?? "Null", Context = context });
            }
        }
    }

    public class Time
    {
        internal static double Now, Unscaled;
        internal static float Delta, UnscaledDelta;
        internal static int Frames;

        public static float time => (float)Now;
        public static double timeAsDouble => Now;
        public static float unscaledTime => (float)Unscaled;
        public static double unscaledTimeAsDouble => Unscaled;
        public static float realtimeSinceStartup => (float)Unscaled;
        public static double realtimeSinceStartupAsDouble => Unscaled;
        public static float deltaTime => Delta;
        public static float unscaledDeltaTime => UnscaledDelta;
        public static float fixedDeltaTime { get; set; } = 0.02f;
        public static float timeScale { get; set; } = 1f;
        public static int frameCount
        {
            get
            {
                World.OnMainThread();
                return Frames;
            }
        }
    }

    public sealed class SystemInfo
    {
        public static string deviceName => "Device";
        public static string operatingSystem => "Operating system";
        public static bool supportsAudio => true;
    }

    public sealed class Random
    {
        private static System.Random s_random = new System.Random(1);
        public static float value => (float)s_random.NextDouble();
        public static float Range(float minInclusive, float maxInclusive) => minInclusive + value * (maxInclusive - minInclusive);
        public static int Range(int minInclusive, int maxExclusive) => s_random.Next(minInclusive, maxExclusive);
        public static void InitState(int seed) => s_random = new System.Random(seed);
    }

    public enum WeightedMode { None = 0, In = 1, Out = 2, Both = 3 }

    public enum WrapMode { Default = 0, Once = 1, Clamp = 1, Loop = 2, PingPong = 4, ClampForever = 8 }

    public struct Keyframe
    {
        public Keyframe(float time, float value) : this(time, value, 0f, 0f) { }
        public Keyframe(float time, float value, float inTangent, float outTangent)
        {
            this.time = time;
            this.value = value;
            this.inTangent = inTangent;
            this.outTangent = outTangent;
            inWeight = outWeight = 0f;
            weightedMode = WeightedMode.None;
        }
        public float time { get; set; }
        public float value { get; set; }
        public float inTangent { get; set; }
        public float outTangent { get; set; }
        public float inWeight { get; set; }
        public float outWeight { get; set; }
        public WeightedMode weightedMode { get; set; }
    }

    // Cubic Hermite between keys; an infinite tangent holds the left key. Weights are not followed.
    public class AnimationCurve
    {
        private readonly List<Keyframe> _keys = new List<Keyframe>();
        public AnimationCurve() { }
        public AnimationCurve(params Keyframe[] keys) => this.keys = keys;
        public Keyframe[] keys
        {
            get => _keys.ToArray();
            set
            {
                _keys.Clear();
                foreach (Keyframe one in value)
                {
                    AddKey(one);
                }
            }
        }
        public int length => _keys.Count;
        public Keyframe this[int index] => _keys[index];
        public WrapMode preWrapMode { get; set; } = WrapMode.ClampForever;
        public WrapMode postWrapMode { get; set; } = WrapMode.ClampForever;
        public static AnimationCurve Linear(float timeStart, float valueStart, float timeEnd, float valueEnd)
        {
            float slope = (valueEnd - valueStart) / (timeEnd - timeStart);
            return new AnimationCurve(new Keyframe(timeStart, valueStart, 0f, slope), new Keyframe(timeEnd, valueEnd, slope, 0f));
        }
        public static AnimationCurve EaseInOut(float timeStart, float valueStart, float timeEnd, float valueEnd) =>
            new AnimationCurve(new Keyframe(timeStart, valueStart), new Keyframe(timeEnd, valueEnd));
        public static AnimationCurve Constant(float timeStart, float timeEnd, float value) => Linear(timeStart, value, timeEnd, value);
        public int AddKey(float time, float value) => AddKey(new Keyframe(time, value));
        public int AddKey(Keyframe key)
        {
            int at = _keys.FindIndex(one => one.time >= key.time);
            if (at >= 0 && _keys[at].time == key.time)
            {
                return -1;
            }
            at = at < 0 ? _keys.Count : at;
            _keys.Insert(at, key);
            return at;
        }
        public int MoveKey(int index, Keyframe key)
        {
            _keys.RemoveAt(index);
            return AddKey(key);
        }
        public void RemoveKey(int index) => _keys.RemoveAt(index);
        public void SmoothTangents(int index, float weight)
        {
            Keyframe key = _keys[index];
            float before = index > 0 ? Slope(index - 1) : 0f, after = index < length - 1 ? Slope(index) : 0f;
            float slope = index == 0 ? after : index == length - 1 ? before : before + (after - before) * (0.5f + weight * 0.5f);
            key.inTangent = key.outTangent = slope;
            _keys[index] = key;
        }
        private float Slope(int left) => (_keys[left + 1].value - _keys[left].value) / (_keys[left + 1].time - _keys[left].time);
        public float Evaluate(float time)
        {
            if (_keys.Count == 0)
            {
                return 0f;
            }
            if (time <= _keys[0].time)
            {
                return _keys[0].value;
            }
            int high = _keys.Count - 1, low = 0;
            if (time >= _keys[high].time)
            {
                return _keys[high].value;
            }
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                if (_keys[middle].time <= time)
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }
            Keyframe a = _keys[low], b = _keys[high];
            if (float.IsInfinity(a.outTangent) || float.IsInfinity(b.inTangent))
            {
                return a.value;
            }
            double step = b.time - a.time, t = (time - a.time) / step, t2 = t * t, t3 = t2 * t;
            return (float)((2 * t3 - 3 * t2 + 1) * a.value + (t3 - 2 * t2 + t) * step * a.outTangent
                + (-2 * t3 + 3 * t2) * b.value + (t3 - t2) * step * b.inTangent);
        }
    }
}
