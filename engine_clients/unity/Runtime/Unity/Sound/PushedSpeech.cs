#if !UNITY_WEBGL || UNITY_EDITOR
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Makes an AudioSource play speech that a program pushes, and gives it back as it was.</summary>
    sealed class PushedSpeech
    {
        readonly AudioSource _source;
        readonly SpeechVoice _voice;
        readonly AudioClip _clipBefore;
        readonly bool _loopedBefore, _isSpatialized, _postEffectsBefore;
        readonly SpeechDelay _delay;
        AudioClip _ones;
        bool _hasPlayed, _isOff;

        public PushedSpeech(AudioSource source, SpeechDelay delay)
        {
            _source = source;
            _delay = delay;
            _clipBefore = source.clip;
            _loopedBefore = source.loop;
            _isSpatialized = source.spatialize;
            _postEffectsBefore = source.spatializePostEffects;
            // Before the effects it would have the place of a constant to work out, which has none.
            if (_isSpatialized) source.spatializePostEffects = true;
            // Always another one: that of the last speech is there until the end of the frame, and then it is gone.
            _voice = source.gameObject.AddComponent<SpeechVoice>();
            _voice.hideFlags = HideFlags.HideInInspector;
            Restart();
        }

        /// <summary>Whether its sound stands still: the source, or all sound, is paused. A source that is off or plays something else, and
        /// a game without sound, hold nobody up.</summary>
        public bool Stands { get; private set; }

        /// <summary>What would spoil the sound; null for nothing.</summary>
        public string Doubt => HasEffects(_source.gameObject)
            ? $"audio filters beside the AudioSource of '{_source.name}' do not hear speech that is pushed, and may change how loud it is. "
                + "Put the effects into a mixer group (Output of the AudioSource)."
            : null;

        /// <summary>Once a frame.</summary>
        public void Update()
        {
            bool isOurs = _source != null && _source.clip == _ones;
            bool wasOff = _isOff;
            _isOff = isOurs && !_source.isActiveAndEnabled;
            // To be off stops a source.
            if (wasOff && isOurs && !_isOff) _source.Play();
            bool isPlaying = isOurs && _source.isPlaying;
            _hasPlayed |= isPlaying;
            Stands = isOurs && !_isOff && _hasPlayed && (!isPlaying || (AudioListener.pause && !_source.ignoreListenerPause));
        }

        /// <summary>After the device has changed, which stops sources, may change the rate, and loses clips that were made.</summary>
        public void Restart()
        {
            if (_source == null || (_ones != null && _source.clip != _ones)) return;
            int rate = AudioSettings.outputSampleRate;
            var samples = new float[rate];
            for (int i = 0; i < rate; ++i) samples[i] = 1;
            var before = _ones;
            _ones = AudioClip.Create("PantoMatrix", rate, 1, rate, false);
            _ones.SetData(samples, 0);
            _voice.Say(_delay);
            _source.Stop();
            _source.clip = _ones;
            _source.loop = true;
            _source.Play();
            if (before != null) Object.Destroy(before);
        }

        public void End()
        {
            // The source first: without its voice it plays ones.
            if (_source != null && _source.clip == _ones)
            {
                _source.Stop();
                _source.clip = _clipBefore;
                _source.loop = _loopedBefore;
                if (_isSpatialized) _source.spatializePostEffects = _postEffectsBefore;
            }
            if (_voice != null)
            {
                _voice.Say(null);
                _voice.enabled = false;
                Object.Destroy(_voice);
            }
            Object.Destroy(_ones);
        }

        static bool HasEffects(GameObject one) =>
            one.TryGetComponent<AudioLowPassFilter>(out _) || one.TryGetComponent<AudioHighPassFilter>(out _)
            || one.TryGetComponent<AudioEchoFilter>(out _) || one.TryGetComponent<AudioDistortionFilter>(out _)
            || one.TryGetComponent<AudioReverbFilter>(out _) || one.TryGetComponent<AudioChorusFilter>(out _);
    }
}
#endif
