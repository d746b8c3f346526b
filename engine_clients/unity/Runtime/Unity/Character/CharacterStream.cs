using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>How a stream is fed and heard.</summary>
    struct StreamUse
    {
        public int RateHz;

        /// <summary>The speech is played as its motion is shown; else it is heard elsewhere.</summary>
        public bool IsPlayed;

        /// <summary>Somebody speaks here and now: late frames are left out, and nothing is held back.</summary>
        public bool IsLive;

        /// <summary>How far frames may be ahead of their sound.</summary>
        public double AheadSeconds;
    }

    /// <summary>A live stream and the poses that come of it. The main thread's.</summary>
    sealed class CharacterStream : IDisposable
    {
        const double UsualBufferSeconds = 30, LiveBufferSeconds = 2;
        const int MostSamples = 1 << 14;
        readonly LiveStream _live;
        readonly LiveEvent _event = new LiveEvent();
        readonly Playback _playback;
        readonly V1.PcmFormat _format;
        readonly List<float> _waiting = new List<float>();
        short[] _samples = new short[1024];
        bool _endsAfterWaiting, _isDisposed;
        int _interrupts, _lastEnd = int.MinValue;

        /// <summary>rig: null for the face alone.</summary>
        public CharacterStream(PantoMatrixConnection connection, MotionSettings settings, CharacterRig rig, StreamUse use, Playback playback)
        {
            Use = use;
            _playback = playback;
            _format = new V1.PcmFormat { Encoding = V1.PcmEncoding.S16Le, SampleRateHz = use.RateHz, Channels = 1 };
            var start = new V1.StreamStart
            {
                Options = settings.ToOptions(rig),
                Format = _format,
                FrameEncoding = settings.FrameEncoding,
                LookAheadSeconds = settings.LookAheadSeconds > 0 ? settings.LookAheadSeconds : (double?)null,
                EchoAudio = use.IsPlayed,
                MaxAheadSeconds = use.IsLive ? 0 : use.AheadSeconds,
            };
            if (use.IsPlayed) Delay = new SpeechDelay(_format);
            _live = new LiveStream(connection.Connection, start, new LiveOptions
            {
                AudioBufferSeconds = use.IsLive ? LiveBufferSeconds : UsualBufferSeconds, ReconnectSeconds = connection.ReconnectSeconds,
            });
        }

        public event Action<V1.MotionHeader> Began;
        public event Action<V1.UtteranceBegin> UtteranceBegan;
        public event Action<V1.UtteranceEnd> UtteranceEnded;
        public event Action<V1.Refusal> Refused;
        public event Action<GoneOn> GoneOn;

        public StreamUse Use { get; }

        /// <summary>Of speech that is pushed; else null.</summary>
        public SpeechDelay Delay { get; }

        /// <summary>Whether somebody plays what Delay gives.</summary>
        public bool IsHeard;

        public V1.MotionHeader Header { get; private set; }
        public LiveState State => _live.State;
        public PantoMatrixException Error { get; private set; }

        /// <summary>Seconds of audio that were pushed.</summary>
        public double PushedSeconds { get; private set; }

        /// <summary>Whether all that was pushed is on its way; else more waits here.</summary>
        public bool TakesMore => _waiting.Count == 0;

        /// <summary>One channel. What finds no room waits here until it does.</summary>
        public void Push(float[] samples, int from, int count)
        {
            int taken = TakesMore ? PushSome(samples, from, count) : 0;
            for (int i = taken; i < count; ++i) _waiting.Add(samples[from + i]);
        }

        public void EndUtterance()
        {
            if (TakesMore) _live.EndUtterance();
            else _endsAfterWaiting = true;
        }

        /// <summary>Drops what was pushed and is not said yet.</summary>
        public void Interrupt()
        {
            _waiting.Clear();
            _endsAfterWaiting = false;
            double? played = _playback.Pose != null ? _playback.Time : (double?)null;
            Delay?.Cut(_playback.Time);
            if (_live.Interrupt(played)) ++_interrupts;
        }

        public void Change(V1.StreamOptions change) => _live.Change(change);

        /// <summary>Takes what has come.</summary>
        public void Poll()
        {
            PushWaiting();
            while (!_isDisposed && _live.Poll(_event))
            {
                switch (_event.Kind)
                {
                    case LiveEventKind.Audio:
                        // Before the interrupt is answered it is still what was interrupted.
                        if (IsHeard && _interrupts == 0) Delay?.Feed(_event.Audio);
                        break;
                    case LiveEventKind.Header:
                        _playback.Feed(_event);
                        Header = _event.Header;
                        Began?.Invoke(Header);
                        break;
                    case LiveEventKind.Frames:
                        _playback.Feed(_event);
                        break;
                    case LiveEventKind.UtteranceBegin:
                        if (_interrupts == 0) UtteranceBegan?.Invoke(_event.UtteranceBegin);
                        break;
                    case LiveEventKind.UtteranceEnd:
                        _playback.Feed(_event);
                        Take(_event.UtteranceEnd);
                        break;
                    case LiveEventKind.Refusal:
                        Refused?.Invoke(_event.Refusal);
                        break;
                    case LiveEventKind.GoneOn:
                        GoneOn?.Invoke(_event.GoneOn);
                        break;
                    case LiveEventKind.Ended:
                        Error = _event.Error;
                        break;
                }
            }
        }

        public void Dispose()
        {
            _isDisposed = true;
            _live.Dispose();
        }

        /// <summary>How many were taken.</summary>
        int PushSome(float[] samples, int from, int count)
        {
            for (int done = 0; done < count;)
            {
                int some = Math.Min(MostSamples, count - done);
                if (_samples.Length < some) _samples = new short[some];
                for (int i = 0; i < some; ++i) _samples[i] = (short)Mathf.RoundToInt(Mathf.Clamp(samples[from + done + i], -1, 1) * 32767);
                if (!_live.PushAudio(_samples, 0, some)) return done;
                done += some;
                PushedSeconds += (double)some / Use.RateHz;
            }
            return count;
        }

        void PushWaiting()
        {
            if (TakesMore) return;
            var waiting = _waiting.ToArray();
            int taken = PushSome(waiting, 0, waiting.Length);
            _waiting.RemoveRange(0, taken);
            if (!TakesMore || !_endsAfterWaiting) return;
            _endsAfterWaiting = false;
            _live.EndUtterance();
        }

        /// <summary>An interrupt is answered by the end of what it cut off, or by an end that was told before.</summary>
        void Take(V1.UtteranceEnd end)
        {
            bool isAnswer = end.Interrupted || end.Utterance <= _lastEnd || end.Utterance < 0;
            _lastEnd = Math.Max(_lastEnd, end.Utterance);
            if (isAnswer && _interrupts > 0) --_interrupts;
            else UtteranceEnded?.Invoke(end);
        }
    }
}
