using System;

namespace PantoMatrix
{
    /// <summary>How long nothing has come.</summary>
    sealed class Silence
    {
        /// <summary>While frames are due they may fail to come for so long, and for the look-ahead.</summary>
        const double MostSeconds = 1;

        /// <summary>While nobody speaks: a new stream idles after a second.</summary>
        const double MostIdleSeconds = 2;

        /// <summary>A game that stood still for longer has not waited longer.</summary>
        const double MostStepSeconds = 0.1;

        double _checkedAt = Clock.Now, _seconds, _due, _idle, _spare;

        /// <summary>Something came. spareSeconds: a server that was told much at once computes for so long.</summary>
        public void Break(double spareSeconds)
        {
            _checkedAt = Clock.Now;
            _seconds = _due = _idle = 0;
            _spare = spareSeconds;
        }

        /// <summary>Whether a server that is there would have sent something. To be asked every now and then.</summary>
        public bool IsTooLong(Said said, double lookAheadSeconds, double fps)
        {
            double now = Clock.Now, step = Math.Min(now - _checkedAt, MostStepSeconds);
            _checkedAt = now;
            _seconds += step;
            // A caller may pause in mid-sentence: only from then on that enough was said is anything late.
            _due = said.IsDue() ? _due + step : 0;
            _idle = said.IsSpeaking ? 0 : _idle + step;
            double most = MostSeconds + lookAheadSeconds + 1 / fps + _spare;
            if (_due >= Math.Max(MostSeconds, lookAheadSeconds) && _seconds >= most) return true;
            return _idle >= Math.Max(MostIdleSeconds, most);
        }
    }
}
