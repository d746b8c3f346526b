using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Makes its character move to speech: Speak plays a clip with its motion, PushAudio does so for speech that a program
    /// makes, ListenTo and ListenToMicrophone move to what is heard anyway. Animator, meshes and AudioSource are found by
    /// themselves. All but PushAudio, EndUtterance and Interrupt belongs to the main thread.</summary>
    [AddComponentMenu("PantoMatrix/PantoMatrix Character")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(10000)]
    public sealed partial class PantoMatrixCharacter : MonoBehaviour
    {
        /// <summary>A change takes longer to be seen; more of them would only keep the server busy.</summary>
        const double ChangeSeconds = 0.2;

        CharacterSpeech _speech;
        CharacterPose _pose;
        CharacterReport _report;
        MainThread _main;
        bool _isChanged, _comesBack, _isEnding;
        double _toldAt = double.NegativeInfinity;

        // Of the last stream.
        float _madeAmplitude, _madeRate;

        /// <summary>The server has answered: poses follow.</summary>
        public event Action Started;

        /// <summary>Speech begins to be heard.</summary>
        public event Action<Speech> SpeechStarted;

        /// <summary>Speech was heard to its end, or cut off.</summary>
        public event Action<Speech> SpeechFinished;

        public event Action Interrupted;
        public event Action<LiveState> StateChanged;

        /// <summary>The stream has ended with an error; the next Speak tries again.</summary>
        public event Action<PantoMatrixException> Failed;

        /// <summary>A server or a connection was lost, and the stream continues.</summary>
        public event Action<GoneOn> GoneOn;

        public LiveState State => _speech?.Stream?.State ?? LiveState.Ended;

        /// <summary>What is said, or is about to be; null for nothing.</summary>
        public Speech CurrentSpeech => _speech?.Current;

        public bool IsSpeaking => _speech?.Current != null && _speech.Current.HasStarted;

        /// <summary>Seconds: from the last Speak or push until it was heard; while listening, by which the pose is behind.</summary>
        public double Latency => _speech?.Latency ?? 0;

        /// <summary>Of this frame, laid out as Layout says; null before the first. It is overwritten.</summary>
        public float[] Pose => _speech?.Playback.Pose;

        public FrameLayout Layout => _speech?.Playback.Layout;

        /// <summary>What the server has said of the stream: names of joints and curves, the model. Null before it has.</summary>
        public V1.MotionHeader Header => _speech?.Stream?.Header;

        /// <summary>The joints that are moved; null before the first stream, and where only the face moves.</summary>
        public CharacterRig Rig => _pose?.Rig;

        /// <summary>Of this frame, 0 to 1, faded as the character is; 0 for a name that is no curve.</summary>
        public float GetCurve(string name) => _pose == null ? 0 : _pose.Alpha * _pose.Curve(name, Pose);

        /// <summary>Says a clip as soon as its motion is there, a quarter of a second later or so; what was being said is cut off.
        /// The task ends when it was heard, or cut off (Speech.WasInterrupted); it is cancelled by the token. Throws ArgumentException
        /// for a clip whose samples cannot be read, InvalidOperationException where the component is not active.</summary>
        public Task<Speech> Speak(AudioClip clip, SpeakOptions options = null, CancellationToken cancelled = default)
        {
            if (clip == null) throw new ArgumentNullException(nameof(clip), $"'{name}': Speak without a clip");
            ClipSamples.Check(clip);
            CheckActive();
            if (cancelled.IsCancellationRequested) return Task.FromCanceled<Speech>(cancelled);
            options = options ?? new SpeakOptions();
            var source = options.AudioSource != null ? options.AudioSource : AudioSource;
            TellChange();
            return _speech.Speak(clip, source, options, _aheadSeconds, cancelled, Now);
        }

        /// <summary>Speech that a program makes, as it comes, faster than it is spoken or not: interleaved samples, heard with their
        /// motion. EndUtterance follows the last ones. Any thread may push.</summary>
        public void PushAudio(float[] samples, int count, int sampleRateHz, int channels)
        {
            if (samples == null) throw new ArgumentNullException(nameof(samples));
            if (channels < 1 || count < 0 || count > samples.Length || count % channels != 0)
                throw new ArgumentException($"{count} samples of an array of {samples.Length} for {channels} channels, "
                    + "expected a multiple of the channels");
            if (sampleRateHz < 4000 || sampleRateHz > 192000)
                throw new ArgumentException($"{sampleRateHz} samples a second, expected 4000 to 192000", nameof(sampleRateHz));
            CheckActive();
            if (!_main.IsHere)
            {
                var copy = new float[count];
                Array.Copy(samples, copy, count);
                _main.Later(() => PushAudio(copy, count, sampleRateHz, channels));
                return;
            }
            TellChange();
            _speech.Push(samples, count, sampleRateHz, channels, AudioSource, _aheadSeconds, Now);
        }

        /// <summary>The sentence that was pushed is over: its frames are settled, the mouth closes. Any thread may say so.</summary>
        public void EndUtterance()
        {
            if (_speech == null) return;
            if (_main.IsHere) _speech.EndUtterance();
            else _main.Later(EndUtterance);
        }

        /// <summary>Moves to what an AudioSource plays, until Stop. The sound is not held back: the motion comes a quarter of a second
        /// later or so.</summary>
        public void ListenTo(AudioSource source)
        {
            if (source == null) throw new ArgumentNullException(nameof(source));
            CheckActive();
#if UNITY_WEBGL && !UNITY_EDITOR
            throw new NotSupportedException("WebGL has no OnAudioFilterRead: use Speak or PushAudio.");
#else
            _speech.Listen(new TappedSpeech(source));
#endif
        }

        /// <summary>Moves to what a microphone hears, until Stop. device: a name of Microphone.devices; null for the system's own. The
        /// user is asked where the system wants it; a device that goes away is waited for. Throws NotSupportedException on WebGL and
        /// where the project defines PANTOMATRIX_NO_MICROPHONE.</summary>
        public void ListenToMicrophone(string device = null)
        {
            CheckActive();
#if UNITY_WEBGL && !UNITY_EDITOR
            throw new NotSupportedException("Unity has no Microphone on WebGL: get the samples from the page, and use PushAudio.");
#elif PANTOMATRIX_NO_MICROPHONE
            throw new NotSupportedException(
                "This project defines PANTOMATRIX_NO_MICROPHONE: take it out of the Scripting Define Symbols in the Player settings.");
#else
            _speech.Listen(new MicrophoneSpeech(device));
#endif
        }

        /// <summary>Stops talking at once; the character keeps idling. Any thread may ask for it.</summary>
        public void Interrupt()
        {
            if (_speech == null) return;
            if (_main.IsHere) _speech.Interrupt();
            else _main.Later(Interrupt);
        }

        /// <summary>Stops talking and listening, lets go of the stream; the motion fades out.</summary>
        public void Stop()
        {
            if (_speech == null) return;
            _speech.Interrupt();
            _speech.StopListening();
            _speech.Close();
        }

        /// <summary>Idles: breathes, blinks, shifts. Speech does so by itself when it is over.</summary>
        public void Idle()
        {
            CheckActive();
            if (_speech.Stream == null) _speech.Open(new StreamUse { RateHz = 16000, AheadSeconds = _aheadSeconds });
        }

        /// <summary>After the character's joints, avatar or meshes were exchanged.</summary>
        public void Rebuild()
        {
            _pose?.Rest();
            _pose?.Dispose();
            _pose = null;
            if (_speech != null) _speech.WantsNewStream = true;
        }

        /// <summary>For UpdateMode.Manual: once a frame. seconds: since the last call.</summary>
        public void UpdatePose(float seconds)
        {
            var speech = _speech;
            if (speech == null) return;
            _main.Run();
            TellChange();
            try
            {
                bool moves = speech.Update(seconds, Now);
                _pose?.Apply(Pose, moves, seconds, _applyBody ? _weight : 0, _applyFace ? _weight : 0, _mask, _applyRoot);
            }
            catch (Exception error)
            {
                // A mesh or a joint was exchanged, for example. Whoever waits for the speech has to hear of its end all the same.
                _report.Warn($"{error.Message} Call Rebuild after joints, avatar or meshes were exchanged.");
            }
            Tell(speech);
        }

        static double Now => Time.realtimeSinceStartupAsDouble;

        void OnEnable()
        {
            _isEnding = false;
            if (_speech == null) Begin();
            AudioSettings.OnAudioConfigurationChanged += SoundChanged;
        }

        void Start()
        {
            if (_idleFromStart) Idle();
        }

        void LateUpdate()
        {
            if (_updateMode == UpdateMode.LateUpdate) UpdatePose(Time.unscaledDeltaTime);
        }

        void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= SoundChanged;
            _isEnding = true;
            var speech = _speech;
            if (speech == null) return;
            Stop();
            _pose?.Rest();
            // Who is told may want to speak again, which is refused from here on.
            _speech = null;
            Tell(speech);
        }

        void OnDestroy() => _pose?.Dispose();

        void OnApplicationPause(bool isPaused)
        {
            // A phone cuts connections off in the background, and a server should not idle for nobody.
            if (!Application.isMobilePlatform || _speech == null) return;
            if (isPaused)
            {
                _comesBack = _speech.Stream != null;
                if (_speech.Input == null) _speech.Interrupt();
                _speech.Close();
            }
            else if (_comesBack && _speech.Input == null) Idle();
        }

        void OnValidate()
        {
            _motion.FillIn();
            _isChanged = true;
        }

        void SoundChanged(bool deviceWasChanged) => _speech?.SettingsChanged();

        void Begin()
        {
            _main = new MainThread();
            _report = new CharacterReport(this);
            _speech = new CharacterSpeech(_delaySeconds) { MakeStream = MakeStream, Warn = _report.Warn };
        }

        /// <summary>This component comes late in the order of scripts, so others may ask before it was enabled.</summary>
        void CheckActive()
        {
            if (_speech != null) return;
            if (_main != null && !_main.IsHere) throw new InvalidOperationException("A PantoMatrixCharacter that is not active cannot speak.");
            if (Application.isPlaying && !_isEnding && enabled && gameObject.activeInHierarchy) Begin();
            else
                throw new InvalidOperationException($"'{name}' cannot speak or listen: it, or its PantoMatrixCharacter, is not active.");
        }

        void TellChange()
        {
            if (!_isChanged || Now - _toldAt < ChangeSeconds) return;
            _isChanged = false;
            if (_speech.Stream == null) return;
            _toldAt = Now;
            if (_motion.GestureAmplitude != _madeAmplitude || _motion.GestureRate != _madeRate) _speech.WantsNewStream = true;
            _speech.Stream.Change(_motion.ToChange());
        }

        CharacterStream MakeStream(StreamUse use)
        {
            if (_pose == null) _pose = _report.MakePose(FindAnimator(), _applyBody, _useMuscles);
            var pose = _pose;
            var report = _report;
            var connection = _connection != null ? _connection : PantoMatrixConnection.Default;
            _report.Opens(connection, Now);
            _madeAmplitude = _motion.GestureAmplitude;
            _madeRate = _motion.GestureRate;
            var stream = new CharacterStream(connection, _motion, _pose.Rig, use, _speech.Playback);
            stream.Began += header =>
            {
                // After a Rebuild the joints are others, and a stream of theirs follows.
                bool isMoved = pose == _pose;
                report.Begins(header, isMoved ? pose.Doubt() : null);
                if (!isMoved) return;
                pose.Begin(header, _faceMap);
                report.Face(pose.IsFaceStill);
            };
            stream.Refused += report.Refused;
            return stream;
        }

        /// <summary>From the next stream on: the server knows no body in these joints.</summary>
        void MoveFaceAlone()
        {
            _pose.Rest();
            _pose.Dispose();
            _pose = _report.MakePose(FindAnimator(), false, false);
        }

        Animator FindAnimator()
        {
            if (_animator != null) return _animator;
            if (TryGetComponent(out Animator own)) return own;
            // A vehicle or a door above may have one too.
            Animator below = GetComponentInChildren<Animator>(), above = GetComponentInParent<Animator>();
            bool isAbove = below == null || (!below.isHuman && above != null && above.isHuman);
            return isAbove ? above : below;
        }

        /// <summary>All that others do in answer happens here. They may end this speech, or the character: what is left of its
        /// events is told all the same, once, by whoever comes first.</summary>
        void Tell(CharacterSpeech speech)
        {
            if (_report.HasFailed(speech, Now, out var error))
            {
                if (CharacterReport.IsOfBody(error) && _pose?.Rig != null) MoveFaceAlone();
                CharacterEvents.Raise(_events.Failed, Failed, error, this);
            }
            while (speech.TakeEvent(out var one)) Tell(one);
            if (_report.HasChanged(State)) CharacterEvents.Raise(_events.StateChanged, StateChanged, State, this);
        }

        void Tell(SpeechEvent one)
        {
            switch (one.Kind)
            {
                case SpeechEventKind.Opened:
                    CharacterEvents.Raise(_events.Started, Started, this);
                    return;
                case SpeechEventKind.GoneOn:
                    CharacterEvents.Raise(_events.GoneOn, GoneOn, one.GoneOn, this);
                    return;
                case SpeechEventKind.Started:
                    CharacterEvents.Raise(_events.SpeechStarted, SpeechStarted, one.Speech, this);
                    return;
                case SpeechEventKind.Interrupted:
                    CharacterEvents.Raise(_events.Interrupted, Interrupted, this);
                    return;
                case SpeechEventKind.Failed:
                    _report.Warn(one.Error.Message);
                    break;
            }
            if (one.Speech.HasStarted) CharacterEvents.Raise(_events.SpeechFinished, SpeechFinished, one.Speech, this);
            if (one.Kind == SpeechEventKind.Failed) one.Done?.TrySetException(one.Error);
            else if (one.Kind == SpeechEventKind.Cancelled) one.Done?.TrySetCanceled();
            else one.Done?.TrySetResult(one.Speech);
        }
    }
}
