using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Unity.Timeline")]
[assembly: InternalsVisibleTo("StandIn")]

namespace UnityEngine.Playables
{
    public class PlayableDirector : Behaviour, IExposedPropertyTable
    {
        internal static Action<PlayableDirector> Evaluates, Ends;
        internal object Graph;
        private readonly Dictionary<Object, Object> _bindings = new Dictionary<Object, Object>();
        private PlayableAsset _asset;

        public PlayableAsset playableAsset
        {
            get => _asset;
            set
            {
                _asset = value;
                Graph = null;
            }
        }
        public double time { get; set; }
        public double initialTime { get; set; }
        public double duration => _asset ? _asset.duration : 0;
        public PlayState state { get; private set; }
        public DirectorWrapMode extrapolationMode { get; set; }
        public DirectorUpdateMode timeUpdateMode { get; set; } = DirectorUpdateMode.GameTime;
        public PlayableGraph playableGraph => default;
        public bool playOnAwake { get; set; } = true;
        public event Action<PlayableDirector> played;
        public event Action<PlayableDirector> paused;
        public event Action<PlayableDirector> stopped;

        public void Play()
        {
            state = PlayState.Playing;
            played?.Invoke(this);
            Evaluate();
        }
        public void Play(PlayableAsset asset)
        {
            playableAsset = asset;
            Play();
        }
        public void Pause()
        {
            state = PlayState.Paused;
            paused?.Invoke(this);
        }
        public void Resume() => state = PlayState.Playing;
        public void Stop()
        {
            state = PlayState.Paused;
            time = 0;
            Ends?.Invoke(this);
            Graph = null;
            stopped?.Invoke(this);
        }
        public void Evaluate() => Evaluates?.Invoke(this);
        public void RebuildGraph() => Graph = null;
        public void SetGenericBinding(Object key, Object value) => _bindings[key] = value;
        public Object GetGenericBinding(Object key) => _bindings.TryGetValue(key, out Object found) ? found : null;
        public void ClearGenericBinding(Object key) => _bindings.Remove(key);
    }
}
