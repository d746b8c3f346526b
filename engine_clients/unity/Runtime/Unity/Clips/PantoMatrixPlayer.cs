using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace PantoMatrix
{
    /// <summary>Plays baked clips on the character that it is on, without a server, in time with their speech. Joints and blendshapes
    /// are written in LateUpdate, over what the Animator did; so are the clips of a Timeline that is bound to it.</summary>
    [AddComponentMenu("PantoMatrix/PantoMatrix Player")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(10000)]
    public sealed class PantoMatrixPlayer : MonoBehaviour
    {
        [Tooltip("What Play plays.")]
        [SerializeField] PantoMatrixClip _clip;

        [Tooltip("Where the clip's speech is heard. None: the Audio Source of this object; without one it is silent.")]
        [SerializeField] AudioSource _audioSource;

        [Tooltip("None: chosen by the names of the character's blendshapes.")]
        [SerializeField] FaceMap _faceMap;

        [SerializeField] bool _playOnEnable = true;
        [SerializeField] bool _loop;

        [Tooltip("How much of the clip is seen over what the Animator does.")]
        [SerializeField, Range(0, 1)] float _weight = 1;

        [SerializeField] bool _applyBody = true;
        [SerializeField] bool _applyFace = true;

        [Tooltip("Whether the hips are moved as well as turned.")]
        [SerializeField] bool _applyRoot = true;

        [SerializeField] BodyMask _mask = new BodyMask();

        [Tooltip("A clip without speech goes on while the game's time stands still.")]
        [SerializeField] bool _useUnscaledTime;

        [SerializeField] UnityEvent _onStarted = new UnityEvent();
        [SerializeField] UnityEvent _onFinished = new UnityEvent();

        readonly List<ClipMoment> _own = new List<ClipMoment>(), _shown = new List<ClipMoment>();
        ClipSound _sound;
        ClipBlend _blend;
        PantoMatrixClip _playing, _faulty;
        double _time;
        bool _isPaused;

        /// <summary>The clip has begun. The component's events in the inspector are called first.</summary>
        public event Action<PantoMatrixClip> Started;

        /// <summary>The clip was played to its end; not after Stop, and not while it loops.</summary>
        public event Action<PantoMatrixClip> Finished;

        /// <summary>What Play plays.</summary>
        public PantoMatrixClip Clip
        {
            get => _clip;
            set => _clip = value;
        }

        /// <summary>Null for the one of this object.</summary>
        public AudioSource AudioSource
        {
            get => _audioSource;
            set => _audioSource = value;
        }

        /// <summary>Null to choose one. A change counts from the next Rebind on.</summary>
        public FaceMap FaceMap
        {
            get => _faceMap;
            set => _faceMap = value;
        }

        public bool PlayOnEnable
        {
            get => _playOnEnable;
            set => _playOnEnable = value;
        }

        public bool Loop
        {
            get => _loop;
            set
            {
                _loop = value;
                _sound?.SetLoop(value);
            }
        }

        /// <summary>0 to 1.</summary>
        public float Weight
        {
            get => _weight;
            set => _weight = value >= 0 ? Mathf.Clamp01(value) : 0;
        }

        public bool ApplyBody
        {
            get => _applyBody;
            set => _applyBody = value;
        }

        public bool ApplyFace
        {
            get => _applyFace;
            set => _applyFace = value;
        }

        public bool ApplyRoot
        {
            get => _applyRoot;
            set => _applyRoot = value;
        }

        /// <summary>How much of the motion each part of the body takes.</summary>
        public BodyMask Mask => _mask;

        public bool UseUnscaledTime
        {
            get => _useUnscaledTime;
            set => _useUnscaledTime = value;
        }

        public bool IsPlaying => _playing != null;

        /// <summary>Seconds in the clip that is played; setting it seeks, the speech too.</summary>
        public double Time
        {
            get => _time;
            set
            {
                if (_playing == null || double.IsNaN(value)) return;
                _time = Math.Max(0, Math.Min(value, _playing.Duration));
                _sound?.Seek(_time);
            }
        }

        /// <summary>From its beginning. Throws InvalidOperationException where there is no clip.</summary>
        public void Play()
        {
            if (_clip == null) throw new InvalidOperationException($"'{name}' has no clip to play.");
            End();
            _playing = _clip;
            _time = 0;
            _isPaused = false;
            var source = _audioSource != null ? _audioSource : GetComponent<AudioSource>();
            if (source != null && _playing.Speech != null) _sound = new ClipSound(source, _playing.Speech, _loop);
            // A source that is off plays nothing: the motion is seen without.
            if (_sound != null && !_sound.HasBegun) _sound = null;
            _onStarted.Invoke();
            Started?.Invoke(_playing);
        }

        public void Play(PantoMatrixClip clip)
        {
            _clip = clip;
            Play();
        }

        /// <summary>Silent at once; the character goes back to what its Animator does.</summary>
        public void Stop()
        {
            End();
            if (_shown.Count == 0) _blend?.Rest();
        }

        public void Pause()
        {
            _isPaused = true;
            _sound?.Pause();
        }

        public void Resume()
        {
            _isPaused = false;
            _sound?.Resume();
        }

        /// <summary>Shows these in place of the clip that is played, until it is called again; none: as before. In the editor's edit
        /// mode it is seen at once, else in LateUpdate. For Timeline, and for players of your own.</summary>
        public void Show(IReadOnlyList<ClipMoment> moments)
        {
            _shown.Clear();
            for (int i = 0; moments != null && i < moments.Count; ++i) _shown.Add(moments[i]);
            if (Application.isPlaying) return;
            Apply();
        }

        /// <summary>After the character's model, avatar or face map was changed.</summary>
        public void Rebind()
        {
            _blend?.Rest();
            _blend = null;
            _faulty = null;
        }

        /// <summary>The joints that clips move; null where they cannot be found.</summary>
        public CharacterRig Rig => Blend.Rig;

        /// <summary>The renderers whose blendshapes clips may move.</summary>
        public IReadOnlyList<SkinnedMeshRenderer> Renderers => Blend.Renderers;

        ClipBlend Blend
        {
            get
            {
                if (_blend != null) return _blend;
                _blend = new ClipBlend(GetComponentInChildren<Animator>(true), transform, _faceMap, out string fault);
                if (fault != null && _applyBody) Debug.LogWarning("PantoMatrix: the body stays as it is. " + fault, this);
                return _blend;
            }
        }

        void OnEnable()
        {
            if (_playOnEnable && _clip != null && Application.isPlaying) Play();
        }

        void OnDisable()
        {
            End();
            _shown.Clear();
            _blend?.Rest();
        }

        void LateUpdate()
        {
            if (_playing != null) Advance();
            Apply();
        }

        void Advance()
        {
            if (_sound != null)
            {
                _time = _sound.Update(_isPaused);
                // The last frames may be a little after the sound.
                if (_sound.HasEnded && !_loop) Finish();
                return;
            }
            if (!_isPaused) _time += _useUnscaledTime ? UnityEngine.Time.unscaledDeltaTime : UnityEngine.Time.deltaTime;
            if (_time < _playing.Duration) return;
            if (_loop) _time %= _playing.Duration;
            else Finish();
        }

        void Finish()
        {
            var clip = _playing;
            End();
            _onFinished.Invoke();
            Finished?.Invoke(clip);
        }

        void End()
        {
            _sound?.Stop();
            _sound = null;
            _playing = null;
        }

        void Apply()
        {
            var moments = _shown;
            if (_shown.Count == 0)
            {
                _own.Clear();
                if (_playing != null) _own.Add(new ClipMoment(_playing, _time));
                moments = _own;
                if (moments.Count == 0 && _blend == null) return;
            }
            var parts = new ClipParts { Mask = _mask, Body = _applyBody, Face = _applyFace, Root = _applyRoot };
            try
            {
                Blend.Show(moments, _weight, parts);
            }
            catch (Exception error) when (error is PantoMatrixException || error is InvalidOperationException)
            {
                var clip = moments.Count > 0 ? moments[0].Clip : null;
                if (clip == _faulty) return;
                _faulty = clip;
                Debug.LogWarning("PantoMatrix: " + error.Message, this);
            }
        }
    }
}
