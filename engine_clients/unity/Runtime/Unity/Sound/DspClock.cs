using UnityEngine;

namespace PantoMatrix
{
    /// <summary>The sound's own time between two blocks of the mixer.</summary>
    sealed class DspClock
    {
        readonly SoundClock _clock = new SoundClock();
        int _rate;
        int _block;

        /// <summary>Seconds on AudioSettings.dspTime's clock.</summary>
        public double Time => _clock.Time;

        public double MostError => _clock.MostError;

        /// <summary>Of a block.</summary>
        public double StepSeconds => (double)_block / _rate;

        /// <summary>now: seconds of a clock that goes on when the game is paused.</summary>
        public void Update(double now)
        {
            if (_rate == 0) Restart();
            _clock.Update(AudioSettings.dspTime, StepSeconds, AudioListener.pause ? 0 : 1, now);
        }

        /// <summary>After the sound's settings have changed.</summary>
        public void Restart()
        {
            _rate = Mathf.Max(1, AudioSettings.outputSampleRate);
            AudioSettings.GetDSPBufferSize(out _block, out _);
        }
    }
}
