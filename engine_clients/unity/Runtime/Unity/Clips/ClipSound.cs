using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A clip's speech on an AudioSource, and where its listener is.</summary>
    sealed class ClipSound
    {
        readonly AudioSource _source;
        readonly AudioClip _speech;
        readonly SoundClock _clock = new SoundClock();
        double _begunAt;
        bool _isPaused, _hasMoved;

        /// <summary>A source that plays nothing by then will not play.</summary>
        const double MostStartSeconds = 0.5;

        /// <summary>Begins to play.</summary>
        public ClipSound(AudioSource source, AudioClip speech, bool loop)
        {
            _source = source;
            _speech = speech;
            source.clip = speech;
            source.loop = loop;
            source.Play();
            _begunAt = Time.realtimeSinceStartupAsDouble;
            _clock.Begin(0, Step, _begunAt);
        }

        /// <summary>Whether the source has begun: one that is off does not.</summary>
        public bool HasBegun => _source.isPlaying;

        /// <summary>Whether it was played to its end, or something else is played by now.</summary>
        public bool HasEnded
        {
            get
            {
                if (_source == null || _source.clip != _speech) return true;
                if (_source.isPlaying || _isPaused || AudioListener.pause) return false;
                // A source that somebody paused, or that the editor did, stays where it is; one that has ended is at its beginning again.
                int at = _source.timeSamples;
                bool hasPlayed = _hasMoved || Time.realtimeSinceStartupAsDouble > _begunAt + MostStartSeconds;
                return hasPlayed && (at == 0 || at >= _speech.samples);
            }
        }

        /// <summary>Seconds of sound between two places that the engine tells.</summary>
        double Step
        {
            get
            {
                AudioSettings.GetDSPBufferSize(out int buffer, out _);
                return (double)buffer / AudioSettings.outputSampleRate * Mathf.Abs(_source.pitch);
            }
        }

        /// <summary>Seconds in the speech that are heard now.</summary>
        public double Update(bool isPaused)
        {
            _isPaused = isPaused;
            if (_source == null || _source.clip != _speech) return _clock.Time;
            _hasMoved |= _source.timeSamples > 0;
            double rate = _source.isPlaying && !AudioListener.pause ? _source.pitch : 0;
            _clock.Update((double)_source.timeSamples / _speech.frequency, Step, rate, Time.realtimeSinceStartupAsDouble);
            return _clock.Time;
        }

        public void Seek(double seconds)
        {
            if (_source == null) return;
            _source.timeSamples = Mathf.Clamp((int)(seconds * _speech.frequency), 0, Mathf.Max(0, _speech.samples - 1));
            _clock.Begin(seconds, Step, Time.realtimeSinceStartupAsDouble);
        }

        public void SetLoop(bool loop)
        {
            if (_source != null) _source.loop = loop;
        }

        public void Pause()
        {
            _isPaused = true;
            if (_source != null) _source.Pause();
        }

        public void Resume()
        {
            _isPaused = false;
            if (_source != null) _source.UnPause();
        }

        public void Stop()
        {
            if (_source != null && _source.clip == _speech) _source.Stop();
        }
    }
}
