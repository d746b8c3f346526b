using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A clip that is spoken: its samples go to the stream at once, the sound begins when its first frames are there, and
    /// the pose is that of what is heard: paused, sought, looped, faster or slower.</summary>
    sealed class ClipSpeech
    {
        /// <summary>A source starts on time if it is told so long before.</summary>
        const double SchedulingSeconds = 0.05;

        /// <summary>Idling goes on until the speech begins, if that is soon.</summary>
        const double MostLeadSeconds = 0.5;

        /// <summary>A source that plays nothing by then will not play.</summary>
        const double MostStartSeconds = 0.5;

        /// <summary>A source that is nearer to the clip's end when it stops has come to it, as far as a game can tell.</summary>
        const double MostEndSeconds = 0.1;

        const double MostLoopSeconds = 600;

        readonly AudioSource _source;
        readonly AudioClip _clip;
        readonly SpeakOptions _options;
        readonly CharacterStream _stream;
        readonly Playback _playback;
        readonly DspClock _dsp;
        readonly double _delaySeconds;
        readonly SoundClock _clock = new SoundClock();
        ClipSamples _samples;
        bool _isScheduled, _isHeard, _isPaused;
        double _start, _listenedAt;

        public ClipSpeech(
            Speech speech, AudioSource source, SpeakOptions options, CharacterStream stream, Playback playback, DspClock dsp, double delaySeconds)
        {
            Speech = speech;
            _source = source;
            _clip = speech.Clip;
            _options = options;
            _stream = stream;
            _playback = playback;
            _dsp = dsp;
            _delaySeconds = delaySeconds;
            Push();
        }

        public Speech Speech { get; }

        /// <summary>Where the clip begins on the stream's clock, once the server says it.</summary>
        public void Place(double beginSeconds)
        {
            if (!Speech.HasMotion) Speech.BeginSeconds = beginSeconds;
        }

        /// <summary>Moves the pose on; false while there is none.</summary>
        public bool Update(double seconds, double now)
        {
            Push();
            if (!_isScheduled && !Schedule(now)) return BeforeBegin(seconds);
            if (!_isHeard)
            {
                if (_dsp.Time < _start) return BeforeBegin(seconds);
                _isHeard = true;
                Speech.HasStarted = true;
                Speech.Latency = now - Speech.AskedAt;
                _clock.Begin((_dsp.Time - _start) * _source.pitch, _dsp.MostError, now);
                _listenedAt = now;
            }
            Listen(now);
            Speech.HeardSeconds = _clock.Time;
            return Speech.HasMotion ? _playback.Follow(Speech.BeginSeconds + _clock.Time, seconds) : _playback.Advance(seconds);
        }

        /// <summary>After the device has changed, which stops sources, begins dspTime again, and loses clips that scripts made: false
        /// where this is one.</summary>
        public bool Restart()
        {
            if (Speech.IsOver || _source == null || (_isScheduled && _source.clip != _clip)) return true;
            if (_samples != null && !_clip.GetData(new float[_clip.channels], 0)) return false;
            if (!_isScheduled) return true;
            double at = Speech.HeardSeconds, now = AudioSettings.dspTime;
            if (!_isHeard)
            {
                _start = now + SchedulingSeconds;
                _source.Stop();
                _source.PlayScheduled(_start);
                return true;
            }
            _start = now - at;
            if (_source.isPlaying || _source.timeSamples > 0) return true;
            _source.Play();
            _source.timeSamples = Math.Min(_clip.samples - 1, (int)(at * _clip.frequency));
            if (_isPaused) _source.Pause();
            return true;
        }

        /// <summary>Cuts it off.</summary>
        public void Stop()
        {
            if (_isScheduled && !Speech.IsOver && _source != null && _source.clip == _clip) _source.Stop();
            Speech.WasInterrupted |= !Speech.IsOver;
            Speech.IsOver = true;
        }

        void Push()
        {
            if (_samples == null)
            {
                // Preload Audio Data may be off, and then it takes a while.
                if (_clip.loadState == AudioDataLoadState.Unloaded) _clip.LoadAudioData();
                if (_clip.loadState == AudioDataLoadState.Loading) return;
                ClipSamples.Check(_clip);
                _samples = new ClipSamples(_clip, _stream);
            }
            if (_samples.IsDone) return;
            _samples.Push();
            if (_samples.IsDone) _stream.EndUtterance();
        }

        bool Schedule(double now)
        {
            if (_samples == null) return false;
            double needed = Math.Min(_delaySeconds, _clip.length);
            bool isReady = Speech.HasMotion && _playback.EndSeconds >= Speech.BeginSeconds + needed;
            if (!isReady && now - Speech.AskedAt < _options.WaitSeconds) return false;
            double lead = isReady ? Speech.BeginSeconds - _playback.Time : 0;
            if (_source.loop) _playback.Reserve(Math.Min(MostLoopSeconds, _clip.length + 10));
            _source.Stop();
            _source.clip = _clip;
            _start = _dsp.Time + Math.Max(SchedulingSeconds, lead > MostLeadSeconds ? 0 : lead);
            _source.PlayScheduled(_start);
            _isScheduled = true;
            return true;
        }

        /// <summary>Idling goes on, and waits where the speech begins.</summary>
        bool BeforeBegin(double seconds)
        {
            if (!Speech.HasMotion || _playback.Pose == null || _playback.Time > Speech.BeginSeconds) return _playback.Advance(seconds);
            return _playback.Follow(Math.Min(_playback.Time + seconds, Speech.BeginSeconds), seconds);
        }

        void Listen(double now)
        {
            if (_source == null || _source.clip != _clip)
            {
                // Somebody else plays something with it.
                Speech.WasInterrupted = true;
                Speech.IsOver = true;
                return;
            }
            int at = _source.timeSamples;
            bool isPlaying = _source.isPlaying;
            // A source that is paused stays where it is, one that has ended is at its beginning again.
            bool isAtBeginning = at == 0 || at >= _clip.samples;
            bool hasPlayed = _clock.Time > 0.1 * Math.Min(1, _clip.length) || _dsp.Time > _start + MostStartSeconds;
            double latest = _clock.Time + (now - _listenedAt) * _source.pitch;
            _listenedAt = now;
            if (!isPlaying && isAtBeginning && hasPlayed)
            {
                Speech.WasInterrupted = latest < _clip.length - MostEndSeconds;
                Speech.IsOver = true;
                return;
            }
            _isPaused = !isPlaying && !isAtBeginning;
            double pitch = _source.pitch;
            _clock.Update((double)at / _clip.frequency, _dsp.StepSeconds * Math.Abs(pitch), isPlaying && !AudioListener.pause ? pitch : 0, now);
        }
    }
}
