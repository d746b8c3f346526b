using System;

namespace PantoMatrix
{
    /// <summary>One channel at another rate, piece by piece: a windowed sinc that keeps what both rates can hold. What comes out is
    /// as long as what goes in; it comes half a window late, and Flush brings the rest. Allocates only where a piece is longer than
    /// any before.</summary>
    public sealed class Resampler
    {
        /// <summary>Zero crossings on either side, and places between two of them.</summary>
        const int Crossings = 8, Places = 256;

        readonly double _step, _scale;
        readonly int _half;
        readonly float[] _kernel;
        readonly bool _isSame;
        float[] _held;
        int _count;
        double _at;

        public Resampler(int fromHz, int toHz)
        {
            _isSame = fromHz == toHz;
            _step = (double)fromHz / toHz;
            _scale = Math.Min(1, 1 / _step);
            _half = (int)Math.Ceiling(Crossings / _scale);
            _kernel = new float[Crossings * Places + 2];
            for (int i = 0; i < _kernel.Length; ++i)
            {
                double x = (double)i / Places, window = 0.5 + 0.5 * Math.Cos(Math.PI * Math.Min(1, x / Crossings));
                _kernel[i] = (float)(i == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x) * window);
            }
            _held = new float[4 * _half];
            Restart();
        }

        public void Restart()
        {
            // Silence before the first sample.
            Array.Clear(_held, 0, _half);
            _count = _half;
            _at = _half;
        }

        /// <summary>Room that so many samples need in the result.</summary>
        public int Room(int count) => _isSame ? count : (int)((count + _half) / _step) + 2;

        /// <summary>How many were written to `into`, from `at` on, where it has Room for them.</summary>
        public int Convert(float[] samples, int from, int count, float[] into, int at = 0)
        {
            if (_isSame)
            {
                Array.Copy(samples, from, into, at, count);
                return count;
            }
            Hold(samples, from, count);
            return Take(into, at);
        }

        /// <summary>What is still to come of the last samples.</summary>
        public int Flush(float[] into, int at = 0)
        {
            if (_isSame) return 0;
            Hold(null, 0, _half);
            int count = Take(into, at);
            Restart();
            return count;
        }

        void Hold(float[] samples, int from, int count)
        {
            if (_count + count > _held.Length) Array.Resize(ref _held, 2 * (_count + count));
            if (samples == null) Array.Clear(_held, _count, count);
            else Array.Copy(samples, from, _held, _count, count);
            _count += count;
        }

        int Take(float[] into, int from)
        {
            int made = 0;
            for (; _at + _half < _count; _at += _step) into[from + made++] = At(_at);
            int done = Math.Max(0, (int)_at - _half);
            Array.Copy(_held, done, _held, 0, _count - done);
            _count -= done;
            _at -= done;
            return made;
        }

        float At(double place)
        {
            int first = Math.Max(0, (int)Math.Ceiling(place - _half)), last = Math.Min(_count - 1, (int)Math.Floor(place + _half));
            double sum = 0;
            for (int i = first; i <= last; ++i)
            {
                double x = Math.Abs(place - i) * _scale * Places;
                int at = (int)x;
                if (at >= Crossings * Places) continue;
                sum += _held[i] * (_kernel[at] + (_kernel[at + 1] - _kernel[at]) * (x - at));
            }
            return (float)(sum * _scale);
        }
    }
}
