using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <content>What may be set, in the inspector and from code.</content>
    public sealed partial class PantoMatrixCharacter
    {
        [Tooltip("Where the server is. None: the asset PantoMatrix in a Resources folder, else localhost:8080.")]
        [SerializeField] PantoMatrixConnection _connection;
        [SerializeField] MotionSettings _motion = new MotionSettings();

        [Tooltip("None: the one on this object, on one below it or on one above it.")]
        [SerializeField] Animator _animator;

        [Tooltip("Where speech is heard. None: the one on this object, or one that is added to it.")]
        [SerializeField] AudioSource _audioSource;

        [Tooltip("Which blendshapes are what. None: chosen by their names.")]
        [SerializeField] FaceMap _faceMap;

        [Tooltip("How much of the motion the body and the face take.")]
        [SerializeField, Range(0, 1)] float _weight = 1;
        [SerializeField] BodyMask _mask = new BodyMask();
        [SerializeField] bool _applyBody = true;

        [Tooltip("Whether the hips are moved as well as turned.")]
        [SerializeField] bool _applyRoot = true;
        [SerializeField] bool _applyFace = true;

        [Tooltip("Through the muscles of a humanoid avatar, with its limits, in place of writing its bones' rotations.")]
        [SerializeField] bool _useMuscles;
        [SerializeField] UpdateMode _updateMode = UpdateMode.LateUpdate;

        [Tooltip("The character idles (breathes, blinks, shifts) as soon as it is there, and not only after it has spoken.")]
        [SerializeField] bool _idleFromStart;

        [Tooltip("How much motion is gathered before it starts: the jitter of the network that is evened out.")]
        [SerializeField, Range(0.02f, 2)] float _delaySeconds = 0.1f;

        [Tooltip("How far frames may be ahead of their sound. More is needed only where a clip is sought ahead; changes come later by so much.")]
        [SerializeField, Range(0.05f, 10)] float _aheadSeconds = 0.3f;
        [SerializeField] CharacterEvents _events = new CharacterEvents();

        /// <summary>For the inspector; code uses the events of the same names.</summary>
        public CharacterEvents Events => _events;

        /// <summary>Null for the project's own. Counts from the next stream on.</summary>
        public PantoMatrixConnection Connection { get => _connection; set => _connection = value; }

        /// <summary>What is asked of the server. Model, seed and the like count from the next stream on; what this component has
        /// properties for may be set at any time.</summary>
        public MotionSettings Motion => _motion;

        /// <summary>Null: it is looked for.</summary>
        public Animator Animator { get => _animator; set => _animator = value; }

        /// <summary>Never null: one is added where there is none.</summary>
        public AudioSource AudioSource
        {
            get
            {
                if (_audioSource == null && !TryGetComponent(out _audioSource))
                {
                    _audioSource = gameObject.AddComponent<AudioSource>();
                    _audioSource.playOnAwake = false;
                }
                return _audioSource;
            }
            set => _audioSource = value;
        }

        /// <summary>Null: chosen by names. Counts from the next stream on.</summary>
        public FaceMap FaceMap { get => _faceMap; set => _faceMap = value; }

        public float Weight { get => _weight; set => _weight = value >= 0 ? Mathf.Clamp01(value) : 0; }
        public BodyMask Mask => _mask;

        /// <summary>False leaves the body to the Animator; a stream that began so has only a face, and another is made when nobody
        /// speaks.</summary>
        public bool ApplyBody
        {
            get => _applyBody;
            set
            {
                bool isNew = value && !_applyBody && _pose != null && _pose.Rig == null;
                _applyBody = value;
                if (isNew) Rebuild();
            }
        }

        public bool ApplyRoot { get => _applyRoot; set => _applyRoot = value; }
        public bool ApplyFace { get => _applyFace; set => _applyFace = value; }

        /// <summary>Through the muscles of a humanoid avatar, with its limits. Counts from the next stream on, which is made as soon
        /// as nobody speaks.</summary>
        public bool UseMuscles
        {
            get => _useMuscles;
            set
            {
                if (value == _useMuscles) return;
                _useMuscles = value;
                Rebuild();
            }
        }

        /// <summary>Of motion that is gathered before it starts, 0.02 to 2.</summary>
        public float DelaySeconds
        {
            get => _delaySeconds;
            set
            {
                _delaySeconds = value >= 0.02f ? Mathf.Min(value, 2) : 0.02f;
                if (_speech != null) _speech.DelaySeconds = _delaySeconds;
            }
        }

        /// <summary>How far frames may be ahead of their sound, 0.05 to 10. Counts from the next stream on.</summary>
        public float AheadSeconds
        {
            get => _aheadSeconds;
            set => _aheadSeconds = value >= 0.05f ? Mathf.Min(value, 10) : 0.05f;
        }

        public UpdateMode UpdateMode { get => _updateMode; set => _updateMode = value; }

        /// <summary>What the speaker feels. The running stream is told, and follows within a third of a second.</summary>
        public IReadOnlyList<EmotionLevel> Emotions
        {
            get => _motion.Emotions;
            set
            {
                _motion.Emotions = new List<EmotionLevel>(value ?? Array.Empty<EmotionLevel>());
                _isChanged = true;
            }
        }

        /// <summary>The running stream is told.</summary>
        public IReadOnlyList<PartLevel> PartStrengths
        {
            get => _motion.PartStrengths;
            set
            {
                _motion.PartStrengths = new List<PartLevel>(value ?? Array.Empty<PartLevel>());
                _isChanged = true;
            }
        }

        /// <summary>The running stream is told.</summary>
        public IReadOnlyList<CurveCorrection> CurveAdjustments
        {
            get => _motion.CurveAdjustments;
            set
            {
                _motion.CurveAdjustments = new List<CurveCorrection>(value ?? Array.Empty<CurveCorrection>());
                _isChanged = true;
            }
        }

        /// <summary>The running stream is told.</summary>
        public string Speaker
        {
            get => _motion.Speaker;
            set
            {
                _motion.Speaker = value ?? "";
                _isChanged = true;
            }
        }

        /// <summary>How the face looks where it neither speaks nor feels. The running stream is told.</summary>
        public string Expression
        {
            get => _motion.Expression;
            set
            {
                _motion.Expression = value ?? "";
                _isChanged = true;
            }
        }

        /// <summary>0 to 2. A stream has it from its beginning, so a new one is made as soon as nobody speaks.</summary>
        public float GestureAmplitude
        {
            get => _motion.GestureAmplitude;
            set
            {
                value = Mathf.Clamp(value, 0, 2);
                if (float.IsNaN(value) || value == _motion.GestureAmplitude) return;
                _motion.GestureAmplitude = value;
                _isChanged = true;
            }
        }
    }
}
