#if !UNITY_WEBGL || UNITY_EDITOR
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Listens to the AudioSource beside it, and leaves it as it is.</summary>
    [AddComponentMenu("")]
    sealed class SpeechTap : MonoBehaviour
    {
        const int RingSeconds = 2;
        volatile SampleRing _ring;

        /// <summary>Of what is heard.</summary>
        public int RateHz { get; private set; }

        /// <summary>Begins, and begins again where the device has another rate now.</summary>
        public void Restart()
        {
            RateHz = AudioSettings.outputSampleRate;
            _ring = new SampleRing(RingSeconds * RateHz);
        }

        /// <summary>How many were read, one channel.</summary>
        public int Read(float[] samples) => _ring?.Read(samples) ?? 0;

        // In the thread of the sound.
        void OnAudioFilterRead(float[] data, int channels) => _ring?.WriteMixed(data, data.Length, channels);
    }
}
#endif
