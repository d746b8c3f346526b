#if !UNITY_WEBGL || UNITY_EDITOR
using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Speech in time with its motion, in the place of what the AudioSource beside it plays: a clip of ones, so that its
    /// volume, its place and its mixer stay in effect.</summary>
    [AddComponentMenu("")]
    sealed class SpeechVoice : MonoBehaviour
    {
        sealed class Voice
        {
            public SpeechDelay Delay;
            public Resampler Resampler;
            public double Share;
            public float[] Speech = Array.Empty<float>(), Sound = Array.Empty<float>();
            public int Count;
            public double Wanted;
        }

        volatile Voice _voice;

        /// <summary>delay: null for silence.</summary>
        public void Say(SpeechDelay delay)
        {
            int rate = AudioSettings.outputSampleRate;
            _voice = delay == null
                ? null
                : new Voice { Delay = delay, Resampler = new Resampler(delay.SampleRateHz, rate), Share = (double)delay.SampleRateHz / rate };
        }

        // In the thread of the sound.
        void OnAudioFilterRead(float[] data, int channels)
        {
            var voice = _voice;
            if (voice == null)
            {
                Array.Clear(data, 0, data.Length);
                return;
            }
            int frames = data.Length / channels;
            Fill(voice, frames);
            for (int frame = 0; frame < frames; ++frame)
                for (int channel = 0; channel < channels; ++channel) data[frame * channels + channel] *= voice.Sound[frame];
            voice.Count -= frames;
            Array.Copy(voice.Sound, frames, voice.Sound, 0, voice.Count);
        }

        static void Fill(Voice voice, int frames)
        {
            while (voice.Count < frames)
            {
                voice.Wanted += (frames - voice.Count) * voice.Share + 1;
                int count = (int)voice.Wanted;
                voice.Wanted -= count;
                if (voice.Speech.Length < count) voice.Speech = new float[count];
                int room = voice.Count + voice.Resampler.Room(count);
                if (voice.Sound.Length < room) Array.Resize(ref voice.Sound, room);
                voice.Delay.Read(voice.Speech, 0, count, Clock.Now);
                voice.Count += voice.Resampler.Convert(voice.Speech, 0, count, voice.Sound, voice.Count);
            }
        }
    }
}
#endif
