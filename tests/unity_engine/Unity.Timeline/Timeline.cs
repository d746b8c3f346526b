using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using UnityEngine.Playables;

[assembly: InternalsVisibleTo("StandIn")]

namespace UnityEngine.Timeline
{
    [Flags]
    public enum ClipCaps { None = 0, Looping = 1, Extrapolation = 2, ClipIn = 4, SpeedMultiplier = 8, Blending = 16, AutoScale = 40, All = -1 }

    public interface ITimelineClipAsset
    {
        ClipCaps clipCaps { get; }
    }

    public interface IPropertyPreview
    {
        void GatherProperties(PlayableDirector director, IPropertyCollector driver);
    }

    public interface IPropertyCollector
    {
        void PushActiveGameObject(GameObject gameObject);
        void PopActiveGameObject();
        void AddFromClip(AnimationClip clip);
        void AddFromClips(IEnumerable<AnimationClip> clips);
        void AddFromName<T>(string name) where T : Component;
        void AddFromName(string name);
        void AddFromClip(GameObject obj, AnimationClip clip);
        void AddFromClips(GameObject obj, IEnumerable<AnimationClip> clips);
        void AddFromName<T>(GameObject obj, string name) where T : Component;
        void AddFromName(GameObject obj, string name);
        void AddFromComponent(GameObject obj, Component component);
        void AddObjectProperties(Object obj, AnimationClip clip);
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class TrackColorAttribute : Attribute
    {
        public TrackColorAttribute(float r, float g, float b) => color = new Color(r, g, b);
        public Color color { get; }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class TrackClipTypeAttribute : Attribute
    {
        public readonly Type inspectedType;
        public readonly bool allowAutoCreate;
        public TrackClipTypeAttribute(Type clipClass) : this(clipClass, true) { }
        public TrackClipTypeAttribute(Type clipClass, bool allowAutoCreate) { inspectedType = clipClass; this.allowAutoCreate = allowAutoCreate; }
    }

    [Flags]
    public enum TrackBindingFlags { None = 0, AllowCreateComponent = 1, All = 1 }

    [AttributeUsage(AttributeTargets.Class)]
    public class TrackBindingTypeAttribute : Attribute
    {
        public readonly Type type;
        public readonly TrackBindingFlags flags;
        public TrackBindingTypeAttribute(Type type) : this(type, TrackBindingFlags.All) { }
        public TrackBindingTypeAttribute(Type type, TrackBindingFlags flags) { this.type = type; this.flags = flags; }
    }

    public class TimelineClip
    {
        internal TrackAsset Track;
        internal TimelineClip() { }
        public double start { get; set; }
        public double duration { get; set; }
        public double end => start + duration;
        public double clipIn { get; set; }
        public double timeScale { get; set; } = 1;
        public string displayName { get; set; } = "";
        public Object asset { get; set; }
        public double easeInDuration { get; set; }
        public double easeOutDuration { get; set; }
        public double blendInDuration { get; set; } = -1;
        public double blendOutDuration { get; set; } = -1;
        public ClipCaps clipCaps => asset is ITimelineClipAsset own ? own.clipCaps : ClipCaps.None;
        public TrackAsset GetParentTrack() => Track;
        public double ToLocalTime(double time) => (time - start) * timeScale + clipIn;
        public float EvaluateMixIn(double time)
        {
            double over = blendInDuration > 0 ? blendInDuration : easeInDuration;
            return over > 0 ? Mathf.Clamp01((float)((time - start) / over)) : 1f;
        }
        public float EvaluateMixOut(double time)
        {
            double over = blendOutDuration > 0 ? blendOutDuration : easeOutDuration;
            return over > 0 ? Mathf.Clamp01((float)((end - time) / over)) : 1f;
        }
    }

    public abstract class TrackAsset : PlayableAsset, IPropertyPreview
    {
        internal readonly List<TimelineClip> Clips = new List<TimelineClip>();
        internal TimelineAsset Timeline;

        public double start => Clips.Count > 0 ? Clips[0].start : 0;
        public double end => Clips.Count > 0 ? Clips[Clips.Count - 1].end : 0;
        public sealed override double duration => end - start;
        public bool muted { get; set; }
        public bool locked { get; set; }
        public TimelineAsset timelineAsset => Timeline;
        public PlayableAsset parent => Timeline;
        public bool isEmpty => Clips.Count == 0;
        public bool hasClips => Clips.Count > 0;
        public IEnumerable<TimelineClip> GetClips() => Clips;
        public TimelineClip CreateClip<T>() where T : ScriptableObject, IPlayableAsset => Create(ScriptableObject.CreateInstance<T>());
        public TimelineClip CreateDefaultClip()
        {
            TrackClipTypeAttribute type = (TrackClipTypeAttribute)GetType().GetCustomAttributes(typeof(TrackClipTypeAttribute), true)[0];
            return Create(ScriptableObject.CreateInstance(type.inspectedType));
        }
        private TimelineClip Create(ScriptableObject asset)
        {
            double length = ((IPlayableAsset)asset).duration;
            TimelineClip made = new TimelineClip
            {
                Track = this, asset = asset, start = end, duration = double.IsInfinity(length) ? 5 : length, displayName = asset.GetType().Name,
            };
            Clips.Add(made);
            OnCreateClip(made);
            return made;
        }
        public bool DeleteClip(TimelineClip clip) => Clips.Remove(clip);
        public virtual Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount) => Playable.Create(graph, inputCount);
        public override Playable CreatePlayable(PlayableGraph graph, GameObject go) => Playable.Null;
        protected virtual Playable CreatePlayable(PlayableGraph graph, GameObject gameObject, TimelineClip clip) =>
            ((IPlayableAsset)clip.asset).CreatePlayable(graph, gameObject);
        internal Playable Make(PlayableGraph graph, GameObject gameObject, TimelineClip clip) => CreatePlayable(graph, gameObject, clip);
        protected virtual void OnCreateClip(TimelineClip clip) { }
        public virtual void GatherProperties(PlayableDirector director, IPropertyCollector driver) { }
    }

    public class TimelineAsset : PlayableAsset, IPropertyPreview
    {
        private readonly List<TrackAsset> _tracks = new List<TrackAsset>();

        static TimelineAsset()
        {
            PlayableDirector.Evaluates = Evaluation.Of;
            PlayableDirector.Ends = Evaluation.End;
        }

        public override double duration
        {
            get
            {
                double longest = 0;
                foreach (TrackAsset one in _tracks)
                {
                    longest = Math.Max(longest, one.end);
                }
                return longest;
            }
        }
        public IEnumerable<TrackAsset> GetOutputTracks() => _tracks;
        public IEnumerable<TrackAsset> GetRootTracks() => _tracks;
        public int outputTrackCount => _tracks.Count;
        public TrackAsset GetOutputTrack(int index) => _tracks[index];
        public T CreateTrack<T>() where T : TrackAsset, new() => CreateTrack<T>(null, typeof(T).Name);
        public T CreateTrack<T>(string trackName) where T : TrackAsset, new() => CreateTrack<T>(null, trackName);
        public T CreateTrack<T>(TrackAsset parent, string trackName) where T : TrackAsset, new()
        {
            T made = CreateInstance<T>();
            made.name = trackName;
            made.Timeline = this;
            _tracks.Add(made);
            return made;
        }
        public override Playable CreatePlayable(PlayableGraph graph, GameObject go) => Playable.Null;
        public void GatherProperties(PlayableDirector director, IPropertyCollector driver)
        {
            foreach (TrackAsset one in _tracks)
            {
                one.GatherProperties(director, driver);
            }
        }
    }

    // One evaluation of a director: mixers with their inputs' times and weights, as Timeline's own playables do.
    internal static class Evaluation
    {
        private sealed class Built
        {
            internal TrackAsset Track;
            internal Playable Mixer;
        }

        internal static void Of(PlayableDirector director)
        {
            if (!(director.playableAsset is TimelineAsset timeline))
            {
                return;
            }
            List<Built> tracks = (List<Built>)director.Graph;
            if (tracks == null)
            {
                tracks = new List<Built>();
                foreach (TrackAsset track in timeline.GetOutputTracks())
                {
                    Playable mixer = track.CreateTrackMixer(default, director.gameObject, track.Clips.Count);
                    for (int i = 0; i < track.Clips.Count; i++)
                    {
                        mixer.ConnectInput(i, track.Make(default, director.gameObject, track.Clips[i]), 0);
                    }
                    tracks.Add(new Built { Track = track, Mixer = mixer });
                }
                director.Graph = tracks;
            }
            foreach (Built one in tracks)
            {
                if (!one.Track.muted)
                {
                    Evaluate(one, director);
                }
            }
        }

        internal static void End(PlayableDirector director)
        {
            foreach (Built one in (List<Built>)director.Graph ?? new List<Built>())
            {
                foreach (Node input in one.Mixer.Node.Inputs)
                {
                    input?.Behaviour?.OnPlayableDestroy(new Playable { Node = input });
                }
                one.Mixer.Node.Behaviour?.OnPlayableDestroy(one.Mixer);
            }
        }

        private static void Evaluate(Built one, PlayableDirector director)
        {
            Node mixer = one.Mixer.Node;
            FrameData frame = new FrameData { weight = 1f, effectiveWeight = 1f };
            object bound = director.GetGenericBinding(one.Track);
            bound = bound is GameObject go && Wanted(one.Track) is { } type && typeof(Component).IsAssignableFrom(type) ? go.GetComponent(type) : bound;
            mixer.Time = director.time;
            for (int i = 0; i < mixer.Inputs.Length; i++)
            {
                TimelineClip clip = one.Track.Clips[i];
                Node input = mixer.Inputs[i];
                bool isOn = director.time >= clip.start && director.time < clip.end;
                input.Time = clip.ToLocalTime(director.time);
                mixer.Weights[i] = isOn ? clip.EvaluateMixIn(director.time) * clip.EvaluateMixOut(director.time) : 0f;
                Playable playable = new Playable { Node = input };
                if (isOn != input.WasOn)
                {
                    input.WasOn = isOn;
                    if (isOn)
                    {
                        input.Behaviour?.OnBehaviourPlay(playable, frame);
                    }
                    else
                    {
                        input.Behaviour?.OnBehaviourPause(playable, frame);
                    }
                }
                if (isOn)
                {
                    frame.weight = frame.effectiveWeight = mixer.Weights[i];
                    input.Behaviour?.PrepareFrame(playable, frame);
                    input.Behaviour?.ProcessFrame(playable, frame, bound);
                }
            }
            frame.weight = frame.effectiveWeight = 1f;
            mixer.Behaviour?.PrepareFrame(one.Mixer, frame);
            mixer.Behaviour?.ProcessFrame(one.Mixer, frame, bound);
        }

        private static Type Wanted(TrackAsset track)
        {
            object[] found = track.GetType().GetCustomAttributes(typeof(TrackBindingTypeAttribute), true);
            return found.Length > 0 ? ((TrackBindingTypeAttribute)found[0]).type : null;
        }
    }
}
