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
        readonly bool _loopedBefore;
        readonly AudioClip _ones;
        readonly SpeechDelay _delay;

        public PushedSpeech(AudioSource source, SpeechDelay delay)
        {
            _source = source;
            _delay = delay;
            _clipBefore = source.clip;
            _loopedBefore = source.loop;
            if (!source.TryGetComponent(out _voice)) _voice = source.gameObject.AddComponent<SpeechVoice>();
            _voice.hideFlags = HideFlags.HideInInspector;
            _voice.enabled = true;
            int rate = AudioSettings.outputSampleRate;
            _ones = AudioClip.Create("PantoMatrix", rate, 1, rate, false);
            var samples = new float[rate];
            for (int i = 0; i < rate; ++i) samples[i] = 1;
            _ones.SetData(samples, 0);
            Restart();
        }

        /// <summary>After the device has changed, which stops sources and may change the rate.</summary>
        public void Restart()
        {
            _voice.Say(_delay);
            _source.Stop();
            _source.clip = _ones;
            _source.loop = true;
            _source.Play();
        }

        public void End()
        {
            if (_voice != null)
            {
                _voice.Say(null);
                Object.Destroy(_voice);
            }
            if (_source != null && _source.clip == _ones)
            {
                _source.Stop();
                _source.clip = _clipBefore;
                _source.loop = _loopedBefore;
            }
            Object.Destroy(_ones);
        }
    }
}
#endif
