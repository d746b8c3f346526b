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
        readonly SpeechDelay _delay;
        AudioClip _ones;

        public PushedSpeech(AudioSource source, SpeechDelay delay)
        {
            _source = source;
            _delay = delay;
            _clipBefore = source.clip;
            _loopedBefore = source.loop;
            // Always another one: that of the last speech is there until the end of the frame, and then it is gone.
            _voice = source.gameObject.AddComponent<SpeechVoice>();
            _voice.hideFlags = HideFlags.HideInInspector;
            Restart();
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
            }
            if (_voice != null)
            {
                _voice.Say(null);
                _voice.enabled = false;
                Object.Destroy(_voice);
            }
            Object.Destroy(_ones);
        }
    }
}
#endif
