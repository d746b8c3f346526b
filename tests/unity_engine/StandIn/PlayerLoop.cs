using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading;
using UnityEngine;
using Object = UnityEngine.Object;

namespace StandIn
{
    /// <summary>What tests do with a player that is no Unity: frames, sound, clicks of a user.</summary>
    public static class PlayerLoop
    {
        /// <summary>Called where an Animator writes its pose: after Update, before LateUpdate.</summary>
        public static event Action Animate;

        /// <summary>The thread that calls this is Unity's main thread from now on; nothing is left of what was before.</summary>
        public static void Begin(bool isPlaying = true)
        {
            World.MainThread = Thread.CurrentThread.ManagedThreadId;
            Application.Playing = true;
            foreach (GameObject one in World.GameObjects.ToArray())
            {
                Object.DestroyImmediate(one);
            }
            World.Doomed.Clear();
            World.Logged.Clear();
            World.Resources.Clear();
            Dsp.Restart();
            Continuations.Use();
            Time.Now = Time.Unscaled = 0;
            Time.Frames = 0;
            Time.timeScale = 1f;
            Application.Playing = isPlaying;
        }

        /// <summary>As when a user presses Play, also a second time without a reload of the domain: what has
        /// RuntimeInitializeOnLoadMethod is called, in Unity's order. The package's assemblies beside the program are loaded.</summary>
        public static void EnterPlayMode()
        {
            Begin();
            foreach (string path in System.IO.Directory.GetFiles(AppDomain.CurrentDomain.BaseDirectory, "PantoMatrix*.dll"))
            {
                Assembly.LoadFrom(path);
            }
            RuntimeInitializeLoadType[] order =
            {
                RuntimeInitializeLoadType.SubsystemRegistration, RuntimeInitializeLoadType.AfterAssembliesLoaded,
                RuntimeInitializeLoadType.BeforeSplashScreen, RuntimeInitializeLoadType.BeforeSceneLoad, RuntimeInitializeLoadType.AfterSceneLoad,
            };
            foreach (RuntimeInitializeLoadType when in order)
            {
                foreach (Assembly one in AppDomain.CurrentDomain.GetAssemblies())
                {
                    if (one.GetName().Name.StartsWith("PantoMatrix", StringComparison.Ordinal))
                    {
                        Initialize(one, when);
                    }
                }
            }
        }

        private static void Initialize(Assembly assembly, RuntimeInitializeLoadType when)
        {
            const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (Type type in assembly.GetTypes())
            {
                foreach (MethodInfo method in type.GetMethods(Static))
                {
                    RuntimeInitializeOnLoadMethodAttribute found = method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>();
                    if (found != null && found.loadType == when)
                    {
                        method.Invoke(null, null);
                    }
                }
            }
        }

        /// <summary>One frame that comes this long after the last one.</summary>
        public static void Step(double seconds)
        {
            Time.UnscaledDelta = (float)seconds;
            Time.Unscaled += seconds;
            Time.Delta = (float)(seconds * Time.timeScale);
            Time.Now += seconds * Time.timeScale;
            Time.Frames++;
            Dsp.Advance(seconds);
            MonoBehaviour[] order = World.Order(out int count);
            for (int i = 0; i < count; i++)
            {
                if (order[i].On && !order[i].Started)
                {
                    order[i].Started = true;
                    World.Call(order[i].Messages.Start);
                }
            }
            order = World.Order(out count);
            for (int i = 0; i < count; i++)
            {
                if (order[i].On && order[i].Started)
                {
                    World.Call(order[i].Messages.Update);
                }
            }
            for (int i = 0; i < count; i++)
            {
                if (order[i].On)
                {
                    order[i].StepCoroutines();
                }
            }
            Animate?.Invoke();
            for (int i = 0; i < count; i++)
            {
                if (order[i].On && order[i].Started)
                {
                    World.Call(order[i].Messages.LateUpdate);
                }
            }
            World.Bury();
            Continuations.Run();
        }

        /// <summary>Frames until it is so, each after a real pause of that length. Fails after so many seconds of the game, which a busy
        /// machine makes longer.</summary>
        public static void StepUntil(Func<bool> isSo, double seconds = 1.0 / 60, double atMost = 60)
        {
            for (double played = 0; !isSo(); played += seconds)
            {
                if (played > atMost)
                {
                    throw new TimeoutException("It did not come. Logged: " + string.Join("; ", Logged()));
                }
                Thread.Sleep((int)(seconds * 1000));
                Step(seconds);
            }
        }

        /// <summary>As when a player is closed.</summary>
        public static void Quit()
        {
            foreach (MonoBehaviour one in World.Behaviours.ToArray())
            {
                World.Call(one.Messages.OnApplicationQuit);
            }
            Application.Quitting();
            foreach (GameObject one in World.GameObjects.ToArray())
            {
                Object.DestroyImmediate(one);
            }
        }

        /// <summary>As when a phone shows something else, and comes back.</summary>
        public static void Pause(bool isPaused)
        {
            foreach (MonoBehaviour one in World.Behaviours.ToArray())
            {
                if (one.On)
                {
                    one.Messages.OnApplicationPause?.Invoke(isPaused);
                }
            }
            Application.Focus(!isPaused);
        }

        /// <summary>"Error: message" of what was logged, in order; forgotten after this.</summary>
        public static List<string> Logged()
        {
            lock (World.Logged)
            {
                List<string> told = World.Logged.ConvertAll(one => $"{one.Type}: {one.Message}");
                World.Logged.Clear();
                return told;
            }
        }

        public static RuntimePlatform Platform { get => Application.Platform; set => Application.Platform = value; }
        public static bool MicrophoneIsAllowed { get => Application.Microphone; set => Application.Microphone = value; }
#if !UNITY_WEBGL || UNITY_EDITOR
        public static string[] Microphones { get => Microphone.Devices; set => Microphone.Devices = value; }

        /// <summary>What the microphone hears.</summary>
        public static void Speak(float[] samples) => Microphone.Hear(samples);

        /// <summary>How often a microphone was opened, and what happens then.</summary>
        public static int MicrophoneStarts => Microphone.Starts;
        public static Action MicrophoneStarted { set => Microphone.Started = value; }
#endif

        /// <summary>What Resources.Load finds.</summary>
        public static void Provide(string path, Object asset) => World.Resources[path] = asset;

        /// <summary>The first channel of all that was heard, while this is on.</summary>
        public static bool Records { set => Dsp.Records = value; }
        public static List<float> Heard => Dsp.Heard;

        public static int SampleRate { get => Dsp.Rate; set => Dsp.Rate = value; }
        public static int BufferSize { get => Dsp.Buffer; set => Dsp.Buffer = value; }
        public static void ChangeAudioDevice() => AudioSettings.Changed(true);

        /// <summary>A device of another rate: sources stop, clips that scripts made are lost, dspTime begins again.</summary>
        public static void ChangeAudioDevice(int rate)
        {
            Dsp.Lose();
            Dsp.Rate = rate;
            AudioSettings.Changed(true);
        }

        /// <summary>How often it was written to.</summary>
        public static long WritesTo(Transform one) => one.Writes;
        public static long WritesTo(SkinnedMeshRenderer one) => one.Writes;

        public static void SetImport(AudioClip clip, AudioClipLoadType type, AudioDataLoadState state)
        {
            clip.loadType = type;
            clip.loadState = state;
        }

        /// <summary>As with Optimize Game Objects.</summary>
        public static void Optimize(Animator animator) => animator.Optimized = true;

        /// <summary>HumanPoseHandlers that nobody has disposed of.</summary>
        public static int HumanPoseHandlers => HumanPoseHandler.Open;

        /// <summary>As when something is changed in the inspector.</summary>
        public static void Validate(MonoBehaviour one) => World.Call(one.Messages.OnValidate);

        /// <summary>How often the user was asked for the microphone.</summary>
        public static int TimesAsked => Application.Asked;
    }

    /// <summary>Unity's way with async methods: what was awaited on the main thread goes on there, once a frame.</summary>
    public sealed class Continuations : SynchronizationContext
    {
        private static readonly Queue<(SendOrPostCallback, object)> s_waiting = new Queue<(SendOrPostCallback, object)>();

        public static void Use() => SetSynchronizationContext(new Continuations());

        public override void Post(SendOrPostCallback d, object state)
        {
            lock (s_waiting)
            {
                s_waiting.Enqueue((d, state));
            }
        }
        public override void Send(SendOrPostCallback d, object state) => d(state);

        internal static void Run()
        {
            for (int left = s_waiting.Count; left > 0; left--)
            {
                (SendOrPostCallback, object) one;
                lock (s_waiting)
                {
                    one = s_waiting.Dequeue();
                }
                one.Item1(one.Item2);
            }
        }
    }
}
