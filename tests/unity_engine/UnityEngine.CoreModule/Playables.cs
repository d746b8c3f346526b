using System;
using System.Collections.Generic;

namespace UnityEngine.Playables
{
    public interface IPlayable
    {
        PlayableHandle GetHandle();
    }

    public interface IPlayableBehaviour { }

    public interface IPlayableAsset
    {
        double duration { get; }
        IEnumerable<PlayableBinding> outputs { get; }
        Playable CreatePlayable(PlayableGraph graph, GameObject owner);
    }

    public struct PlayableBinding
    {
        public static readonly PlayableBinding[] None = new PlayableBinding[0];
        public static readonly double DefaultDuration = double.PositiveInfinity;
        public string streamName { get; set; }
        public Object sourceObject { get; set; }
        public Type outputTargetType { get; internal set; }
    }

    public enum PlayState { Paused = 0, Playing = 1 }

    public enum DirectorWrapMode { Hold = 0, Loop = 1, None = 2 }

    public enum DirectorUpdateMode { DSPClock = 0, GameTime = 1, UnscaledGameTime = 2, Manual = 3 }

    public struct FrameData
    {
        public enum EvaluationType { Evaluate = 0, Playback = 1 }
        public ulong frameId { get; internal set; }
        public float deltaTime { get; internal set; }
        public float weight { get; internal set; }
        public float effectiveWeight { get; internal set; }
        public float effectiveSpeed => 1f;
        public EvaluationType evaluationType { get; internal set; }
        public bool seekOccurred { get; internal set; }
        public bool timeLooped => false;
        public bool timeHeld => false;
        public PlayState effectivePlayState => PlayState.Playing;
    }

    internal sealed class Node
    {
        internal PlayableBehaviour Behaviour;
        internal Node[] Inputs = new Node[0];
        internal float[] Weights = new float[0];
        internal double Time, Duration = double.MaxValue, Speed = 1;
        internal PlayState State = PlayState.Playing;
        internal bool WasOn;
    }

    public struct PlayableHandle : IEquatable<PlayableHandle>
    {
        internal Node Node;
        public bool Equals(PlayableHandle other) => Node == other.Node;
        public override bool Equals(object p) => p is PlayableHandle handle && Equals(handle);
        public override int GetHashCode() => Node?.GetHashCode() ?? 0;
    }

    public struct PlayableGraph
    {
        public static PlayableGraph Create() => default;
        public static PlayableGraph Create(string name) => default;
        public bool IsValid() => true;
        public bool IsPlaying() => true;
        public void Play() { }
        public void Stop() { }
        public void Evaluate() { }
        public void Evaluate(float deltaTime) { }
        public void Destroy() { }
        public IExposedPropertyTable GetResolver() => null;
    }

    public struct Playable : IPlayable, IEquatable<Playable>
    {
        internal Node Node;
        public static Playable Null => default;
        public static Playable Create(PlayableGraph graph, int inputCount = 0) =>
            new Playable { Node = new Node { Inputs = new Node[inputCount], Weights = new float[inputCount] } };
        public PlayableHandle GetHandle() => new PlayableHandle { Node = Node };
        public Type GetPlayableType() => Node?.Behaviour?.GetType();
        public bool Equals(Playable other) => Node == other.Node;
        public override bool Equals(object p) => p is Playable playable && Equals(playable);
        public override int GetHashCode() => GetHandle().GetHashCode();
    }

    public struct ScriptPlayable<T> : IPlayable, IEquatable<ScriptPlayable<T>> where T : class, IPlayableBehaviour, new()
    {
        private Node _node;
        public static ScriptPlayable<T> Null => default;
        public static ScriptPlayable<T> Create(PlayableGraph graph, int inputCount = 0) => Create(graph, new T(), inputCount);
        public static ScriptPlayable<T> Create(PlayableGraph graph, T template, int inputCount = 0)
        {
            object own = template is ICloneable cloned ? cloned.Clone() : template;
            Node node = new Node { Behaviour = own as PlayableBehaviour, Inputs = new Node[inputCount], Weights = new float[inputCount] };
            node.Behaviour.OnPlayableCreate(new Playable { Node = node });
            return new ScriptPlayable<T> { _node = node };
        }
        public PlayableHandle GetHandle() => new PlayableHandle { Node = _node };
        public T GetBehaviour() => _node.Behaviour as T;
        public static implicit operator Playable(ScriptPlayable<T> playable) => new Playable { Node = playable._node };
        public static explicit operator ScriptPlayable<T>(Playable playable) => playable.Node?.Behaviour is T || playable.Node == null
            ? new ScriptPlayable<T> { _node = playable.Node }
            : throw new InvalidCastException($"Incompatible handle: Trying to assign a playable data of type `{playable.Node.Behaviour?.GetType()}` to a variable of type `{typeof(T)}`.");
        public bool Equals(ScriptPlayable<T> other) => _node == other._node;
    }

    public static class PlayableExtensions
    {
        public static bool IsValid<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node != null;
        public static void Destroy<U>(this U playable) where U : struct, IPlayable =>
            playable.GetHandle().Node.Behaviour?.OnPlayableDestroy(new Playable { Node = playable.GetHandle().Node });
        public static PlayableGraph GetGraph<U>(this U playable) where U : struct, IPlayable => default;
        public static int GetInputCount<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node.Inputs.Length;
        public static void SetInputCount<U>(this U playable, int value) where U : struct, IPlayable
        {
            Array.Resize(ref playable.GetHandle().Node.Inputs, value);
            Array.Resize(ref playable.GetHandle().Node.Weights, value);
        }
        public static Playable GetInput<U>(this U playable, int inputPort) where U : struct, IPlayable =>
            new Playable { Node = playable.GetHandle().Node.Inputs[inputPort] };
        public static float GetInputWeight<U>(this U playable, int inputIndex) where U : struct, IPlayable => playable.GetHandle().Node.Weights[inputIndex];
        public static void SetInputWeight<U>(this U playable, int inputIndex, float weight) where U : struct, IPlayable =>
            playable.GetHandle().Node.Weights[inputIndex] = weight;
        public static void ConnectInput<U, V>(this U playable, int inputIndex, V sourcePlayable, int sourceOutputIndex)
            where U : struct, IPlayable where V : struct, IPlayable =>
            playable.GetHandle().Node.Inputs[inputIndex] = sourcePlayable.GetHandle().Node;
        public static double GetTime<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node.Time;
        public static void SetTime<U>(this U playable, double value) where U : struct, IPlayable => playable.GetHandle().Node.Time = value;
        public static double GetDuration<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node.Duration;
        public static void SetDuration<U>(this U playable, double value) where U : struct, IPlayable => playable.GetHandle().Node.Duration = value;
        public static double GetSpeed<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node.Speed;
        public static void SetSpeed<U>(this U playable, double value) where U : struct, IPlayable => playable.GetHandle().Node.Speed = value;
        public static PlayState GetPlayState<U>(this U playable) where U : struct, IPlayable => playable.GetHandle().Node.State;
    }

    [Serializable]
    public abstract class PlayableBehaviour : IPlayableBehaviour, ICloneable
    {
        public PlayableBehaviour() { }
        public virtual void OnGraphStart(Playable playable) { }
        public virtual void OnGraphStop(Playable playable) { }
        public virtual void OnPlayableCreate(Playable playable) { }
        public virtual void OnPlayableDestroy(Playable playable) { }
        public virtual void OnBehaviourPlay(Playable playable, FrameData info) { }
        public virtual void OnBehaviourPause(Playable playable, FrameData info) { }
        public virtual void PrepareFrame(Playable playable, FrameData info) { }
        public virtual void ProcessFrame(Playable playable, FrameData info, object playerData) { }
        public virtual object Clone() => MemberwiseClone();
    }

    [Serializable]
    public abstract class PlayableAsset : ScriptableObject, IPlayableAsset
    {
        public abstract Playable CreatePlayable(PlayableGraph graph, GameObject owner);
        public virtual double duration => PlayableBinding.DefaultDuration;
        public virtual IEnumerable<PlayableBinding> outputs => PlayableBinding.None;
    }
}

namespace UnityEngine
{
    public interface IExposedPropertyTable { }

    public struct PropertyName
    {
        private readonly string _name;
        public PropertyName(string name) => _name = name;
        public static implicit operator PropertyName(string name) => new PropertyName(name);
    }

    [Serializable]
    public struct ExposedReference<T> where T : Object
    {
        public PropertyName exposedName;
        public Object defaultValue;
        public T Resolve(IExposedPropertyTable resolver) => defaultValue as T;
    }
}
