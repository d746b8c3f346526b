using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Speech that is heard elsewhere: a microphone, or an AudioSource that plays anyway.</summary>
    interface ICharacterInput : IDisposable
    {
        /// <summary>Of its samples; 0 while there is nothing to hear.</summary>
        int RateHz { get; }

        /// <summary>Why there is nothing to hear; null while there is.</summary>
        string Problem { get; }

        void Update(double now);

        /// <summary>What was heard since the last call, one channel; count says how much of it.</summary>
        float[] Read(double now, out int count);

        /// <summary>The sound's settings have changed.</summary>
        void Restart();
    }

#if !UNITY_WEBGL || UNITY_EDITOR
#if !PANTOMATRIX_NO_MICROPHONE
    sealed class MicrophoneSpeech : ICharacterInput
    {
        readonly MicrophoneInput _microphone;
        bool _hasAsked;

        public MicrophoneSpeech(string device) => _microphone = new MicrophoneInput(device);

        public int RateHz => _microphone.RateHz;
        public string Problem { get; private set; }

        public void Update(double now)
        {
            if (!MicrophonePermission.IsGiven)
            {
                if (!_hasAsked) MicrophonePermission.Ask();
                _hasAsked = true;
                Problem = "the user has not allowed the microphone";
                return;
            }
            _microphone.Update(now);
            Problem = _microphone.Problem;
        }

        public float[] Read(double now, out int count) => _microphone.Read(now, out count);

        // To open a microphone changes the sound's settings on phones and of wireless headphones, so that this would be endless. One
        // that the change has stopped gives nothing more, which Update sees.
        public void Restart() { }

        public void Dispose() => _microphone.End();
    }
#endif

    sealed class TappedSpeech : ICharacterInput
    {
        readonly SpeechTap _tap;
        float[] _samples;

        public TappedSpeech(AudioSource source)
        {
            _tap = source.gameObject.AddComponent<SpeechTap>();
            _tap.hideFlags = HideFlags.HideInInspector;
            Restart();
        }

        public int RateHz => _tap == null ? 0 : _tap.RateHz;
        public string Problem => _tap == null ? "the AudioSource was destroyed" : null;

        public void Update(double now) { }

        public float[] Read(double now, out int count)
        {
            count = _tap == null ? 0 : _tap.Read(_samples);
            return _samples;
        }

        public void Restart()
        {
            if (_tap == null) return;
            _tap.Restart();
            _samples = new float[_tap.RateHz];
        }

        public void Dispose()
        {
            if (_tap != null) UnityEngine.Object.Destroy(_tap);
        }
    }
#endif
}
