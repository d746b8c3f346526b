using System;
using System.Threading;

namespace PantoMatrix
{
    /// <summary>Samples from one thread to one other. Neither waits, nothing is allocated.</summary>
    public sealed class SampleRing
    {
        readonly float[] _samples;
        long _written, _read;

        public SampleRing(int capacity) => _samples = new float[capacity];

        /// <summary>Interleaved samples, mixed down to one channel. What finds no room is left out.</summary>
        public void WriteMixed(float[] samples, int count, int channels)
        {
            long room = _samples.Length - (_written - Volatile.Read(ref _read));
            int frames = (int)Math.Min(room, count / channels);
            for (int frame = 0; frame < frames; ++frame)
            {
                float sum = 0;
                for (int channel = 0; channel < channels; ++channel) sum += samples[frame * channels + channel];
                _samples[(_written + frame) % _samples.Length] = sum / channels;
            }
            Volatile.Write(ref _written, _written + frames);
        }

        /// <summary>How many were read, at most samples.Length.</summary>
        public int Read(float[] samples)
        {
            int count = (int)Math.Min(samples.Length, Volatile.Read(ref _written) - _read);
            for (int i = 0; i < count; ++i) samples[i] = _samples[(_read + i) % _samples.Length];
            Volatile.Write(ref _read, _read + count);
            return count;
        }
    }
}
