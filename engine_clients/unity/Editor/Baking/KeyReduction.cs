using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Fewer keys for values that change together, as near to all of them as is asked for.</summary>
    static class KeyReduction
    {
        /// <summary>values: frames of `width` numbers. isRotation: the numbers are a quaternion x y z w whose sign does not jump, and the
        /// tolerance is degrees. It holds at the frames and half-way between them, where the values are taken to be the mean. A curve
        /// for each number, with keys at the same times.</summary>
        public static AnimationCurve[] Curves(float[] values, int width, double fps, float tolerance, bool isRotation)
        {
            int frames = values.Length / width;
            var keys = new List<Keyframe>[width];
            for (int i = 0; i < width; ++i) keys[i] = new List<Keyframe> { new Keyframe(0, values[i], 0, 0) };
            var way = new Way(values, width, tolerance, isRotation);
            for (int from = 0; from < frames - 1;)
            {
                int to = way.Longest(from, frames - 1, out bool isStraight);
                float seconds = (float)(to / fps);
                for (int i = 0; i < width; ++i)
                {
                    var last = keys[i][keys[i].Count - 1];
                    last.outTangent = (float)(way.Slope(from, to, from, i, isStraight) * fps);
                    keys[i][keys[i].Count - 1] = last;
                    float slope = (float)(way.Slope(from, to, to, i, isStraight) * fps);
                    keys[i].Add(new Keyframe(seconds, values[to * width + i], slope, slope));
                }
                from = to;
            }
            return Array.ConvertAll(keys, one => new AnimationCurve(one.ToArray()));
        }

        /// <summary>From one key to the next.</summary>
        sealed class Way
        {
            readonly float[] _values;
            readonly int _width, _frames;
            readonly double _tolerance;
            readonly bool _isRotation;
            readonly double[] _made, _wanted;

            public Way(float[] values, int width, float tolerance, bool isRotation)
            {
                _values = values;
                _width = width;
                _frames = values.Length / width;
                _isRotation = isRotation;
                _tolerance = isRotation ? tolerance * Math.PI / 180 : tolerance;
                _made = new double[width];
                _wanted = new double[width];
            }

            /// <summary>The last frame, at most `last`, to which a single piece of curve is near enough: one that is straight, or one as
            /// steep at its ends as the values are there.</summary>
            public int Longest(int from, int last, out bool isStraight)
            {
                int good = from + 1, bad = last + 1;
                isStraight = !IsNear(from, good, false);
                for (int step = 2; good < bad - 1; step *= 2)
                {
                    int to = Math.Min(from + step, bad - 1);
                    if (!Fits(from, to, ref isStraight)) { bad = to; break; }
                    good = to;
                }
                while (good < bad - 1)
                {
                    int to = (good + bad) / 2;
                    if (Fits(from, to, ref isStraight)) good = to;
                    else bad = to;
                }
                return good;
            }

            /// <summary>Of a number at one of the piece's ends, in a frame.</summary>
            public double Slope(int from, int to, int at, int number, bool isStraight)
            {
                if (isStraight) return (Value(to, number) - Value(from, number)) / (to - from);
                int before = Math.Max(0, at - 1), after = Math.Min(_frames - 1, at + 1);
                return (Value(after, number) - Value(before, number)) / (after - before);
            }

            bool Fits(int from, int to, ref bool isStraight)
            {
                bool straight = IsNear(from, to, true);
                if (!straight && !IsNear(from, to, false)) return false;
                isStraight = straight;
                return true;
            }

            bool IsNear(int from, int to, bool isStraight)
            {
                for (int half = 1; half < 2 * (to - from); ++half)
                {
                    double at = half / (2.0 * (to - from)), a = at * at * (3 - 2 * at), b = at * (1 - at) * (1 - at), c = at * at * (at - 1);
                    int before = from + half / 2, after = from + (half + 1) / 2;
                    for (int i = 0; i < _width; ++i)
                    {
                        double first = Value(from, i), last = Value(to, i), length = to - from;
                        _made[i] = isStraight
                            ? first + (last - first) * at
                            : first + (last - first) * a + length * (b * Slope(from, to, from, i, false) + c * Slope(from, to, to, i, false));
                        _wanted[i] = (Value(before, i) + Value(after, i)) / 2;
                    }
                    if (!(Difference() <= _tolerance)) return false;
                }
                return true;
            }

            double Value(int frame, int number) => _values[frame * _width + number];

            /// <summary>The largest of the numbers'; of rotations the angle, radians.</summary>
            double Difference()
            {
                double most = 0, made = 0, wanted = 0, apart = 0;
                for (int i = 0; i < _width; ++i)
                {
                    most = Math.Max(most, Math.Abs(_made[i] - _wanted[i]));
                    made += _made[i] * _made[i];
                    wanted += _wanted[i] * _wanted[i];
                }
                if (!_isRotation) return most;
                for (int i = 0; i < _width; ++i)
                {
                    double one = _made[i] / Math.Sqrt(made) - _wanted[i] / Math.Sqrt(wanted);
                    apart += one * one;
                }
                return 4 * Math.Asin(Math.Min(1, Math.Sqrt(apart) / 2));
            }
        }
    }
}
