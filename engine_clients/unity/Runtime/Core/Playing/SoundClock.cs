using System;

namespace PantoMatrix
{
    /// <summary>Where in a sound its listener is. An engine tells it in steps, a block of the mixer each; between them this moves on
    /// by itself. It keeps what the place may be: never before what was told, never a step beyond it. In the middle of that it is
    /// at most half as far off as the moments are apart at which it is asked. Belongs to one thread; allocates nothing.</summary>
    public sealed class SoundClock
    {
        /// <summary>Sound cards' and computers' clocks differ by some 100 ppm.</summary>
        const double MostDrift = 0.0005;

        /// <summary>What is told this much beyond what was possible was sought.</summary>
        const double MostAheadSeconds = 0.1;

        double _low, _high, _told, _now;
        bool _hasTold;

        /// <summary>Seconds in the sound. Goes back only where Update says so.</summary>
        public double Time { get; private set; }

        /// <summary>The sound begins at a time. What this comes from may be off by so much to either side.</summary>
        public void Begin(double time, double off, double now)
        {
            Time = time;
            _low = time - off;
            _high = time + off;
            _told = double.NegativeInfinity;
            _now = now;
            _hasTold = true;
        }

        /// <summary>True where the sound has jumped: it was sought, or began again. told: seconds in the sound, as the engine has
        /// it. step: seconds of sound between two times of the engine's. rate: seconds of sound in a second, 0 while it is paused.
        /// now: seconds of any clock that only goes forward.</summary>
        public bool Update(double told, double step, double rate, double now)
        {
            double passed = Math.Max(0, now - _now) * rate;
            _low += passed - Math.Abs(passed) * MostDrift;
            _high += passed + Math.Abs(passed) * MostDrift;
            _now = now;
            bool hasJumped = !_hasTold || told < _told || rate < 0 || told > _high + MostAheadSeconds;
            _hasTold = true;
            _told = told;
            if (hasJumped)
            {
                _low = told;
                _high = rate < 0 ? told : told + step;
                Time = (_low + _high) / 2;
                return true;
            }
            if (told > _high) _high = told + step;
            _low = Math.Min(Math.Max(_low, told), told + step);
            _high = Math.Max(Math.Min(_high, told + step), _low);
            Time = Math.Max(Time, (_low + _high) / 2);
            return false;
        }

        /// <summary>How far off Time may be.</summary>
        public double MostError => (_high - _low) / 2;
    }
}
