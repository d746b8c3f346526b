using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace PantoMatrix
{
    enum SpeechEventKind { Opened, GoneOn, Started, Finished, Interrupted, Failed, Cancelled }

    /// <summary>What is told of a speech, and to whom it was promised.</summary>
    struct SpeechEvent
    {
        public SpeechEventKind Kind;
        public Speech Speech;
        public TaskCompletionSource<Speech> Done;
        public Exception Error;
        public GoneOn GoneOn;
    }

    /// <summary>Who speaks: a clip, speech that is pushed, somebody who is listened to, or nobody. It keeps the stream that is needed
    /// for it, and moves the pose on with what is heard.</summary>
    sealed class CharacterSpeech
    {
        /// <summary>Of frames, before a sound that is played faster than it was spoken.</summary>
        const double AheadOfFastSeconds = 10;

        const float FasterThanSpoken = 1.01f;

        /// <summary>After a sound was paused, idling is so far behind that it is skipped.</summary>
        const double MostBehindSeconds = 1;

        /// <summary>The game stood still, and its sound as well, or it is jumped over.</summary>
        const double MostPushedStepSeconds = 0.25;

        /// <summary>Who is listened to is not told again to begin, so a server is looked for again by itself.</summary>
        const double RetrySeconds = 5;

        readonly DspClock _dsp = new DspClock();
        readonly PlaybackOptions _playing;
        readonly PushedUtterances _pushed = new PushedUtterances();
        readonly Queue<SpeechEvent> _events = new Queue<SpeechEvent>();
        ClipSpeech _clip;
        TaskCompletionSource<Speech> _clipDone;
        CancellationToken _cancelled;
        double _retryAt;
        float[] _mixed = Array.Empty<float>();
#if !UNITY_WEBGL || UNITY_EDITOR
        PushedSpeech _voice;
#else
        readonly PushedSentences _sentences = new PushedSentences();
        AudioSource _source;
#endif

        public CharacterSpeech(float delaySeconds)
        {
            _playing = new PlaybackOptions { DelaySeconds = delaySeconds };
            Playback = new Playback(_playing);
        }

        /// <summary>Makes a stream for a use of it.</summary>
        public Func<StreamUse, CharacterStream> MakeStream;

        /// <summary>Tells a developer what is wrong.</summary>
        public Action<string> Warn;

        public float DelaySeconds { set => _playing.DelaySeconds = value; }
        public Playback Playback { get; }
        public CharacterStream Stream { get; private set; }
        public ICharacterInput Input { get; private set; }
        public double Latency { get; private set; }

        /// <summary>What is said, or is about to be; null for nothing, and while somebody is listened to.</summary>
        public Speech Current => _clip != null ? _clip.Speech : _pushed.Current;

        /// <summary>Options have changed that only a new stream follows: it is made when nobody speaks.</summary>
        public bool WantsNewStream { private get; set; }

        public Task<Speech> Speak(
            AudioClip clip, AudioSource source, SpeakOptions options, double aheadSeconds, CancellationToken cancelled, double now)
        {
            StopListening();
            Interrupt();
            EndVoice();
            double ahead = source.pitch > FasterThanSpoken ? Math.Max(AheadOfFastSeconds, aheadSeconds) : aheadSeconds;
            Open(new StreamUse { RateHz = clip.frequency, AheadSeconds = ahead });
            _clipDone = new TaskCompletionSource<Speech>();
            _cancelled = cancelled;
            Say(clip, source, options, now);
            return _clipDone.Task;
        }

        /// <summary>Interleaved samples.</summary>
        public void Push(float[] samples, int count, int rateHz, int channels, AudioSource source, double aheadSeconds, double now)
        {
            int frames = count / channels;
            if (_mixed.Length < frames) _mixed = new float[frames];
            for (int frame = 0; frame < frames; ++frame)
            {
                float sum = 0;
                for (int channel = 0; channel < channels; ++channel) sum += samples[frame * channels + channel];
                _mixed[frame] = sum / channels;
            }
            StopListening();
#if !UNITY_WEBGL || UNITY_EDITOR
            if (_clip != null) Interrupt();
            Open(new StreamUse { RateHz = rateHz, IsPlayed = true, AheadSeconds = aheadSeconds });
            if (_voice == null)
            {
                _voice = new PushedSpeech(source, Stream.Delay);
                if (_voice.Doubt != null) Warn(_voice.Doubt);
            }
            Stream.IsHeard = true;
            _pushed.Pushed(now);
            Stream.Push(_mixed, 0, frames);
#else
            _source = source;
            Open(new StreamUse { RateHz = rateHz, AheadSeconds = aheadSeconds });
            _sentences.Push(_mixed, frames, rateHz);
#endif
        }

        public void EndUtterance()
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            _pushed.EndUtterance();
            if (_clip == null) Stream?.EndUtterance();
#else
            _sentences.EndUtterance();
#endif
        }

        public void Listen(ICharacterInput input)
        {
            StopListening();
            Interrupt();
            EndVoice();
            Input = input;
            _retryAt = double.NegativeInfinity;
        }

        public void StopListening()
        {
            if (Input == null) return;
            Input.Dispose();
            Input = null;
            Close();
        }

        /// <summary>A stream for idling, if there is none.</summary>
        public void Open(StreamUse use)
        {
            if (Stream != null && Fits(Stream, use)) return;
            Close();
            _playing.Late = use.IsLive ? LatePolicy.Drop : LatePolicy.Hold;
            WantsNewStream = false;
            var stream = Stream = MakeStream(use);
            stream.Began += header => _events.Enqueue(new SpeechEvent { Kind = SpeechEventKind.Opened });
            stream.GoneOn += gone => _events.Enqueue(new SpeechEvent { Kind = SpeechEventKind.GoneOn, GoneOn = gone });
            stream.UtteranceBegan += begin =>
            {
                if (_clip != null) _clip.Place(begin.BeginSeconds);
                else _pushed.Began(begin.BeginSeconds);
            };
            stream.UtteranceEnded += end =>
            {
                if (_clip == null) _pushed.Ended(end.EndFrame / stream.Header.Fps);
            };
        }

        /// <summary>What is said is cut off. False where nothing was.</summary>
        public bool Interrupt()
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            _sentences.Clear();
#endif
            bool isOver = _clip == null && _pushed.Current == null && !_pushed.IsWaiting;
            if (isOver) return false;
            Stream?.Interrupt();
            Tell(SpeechEventKind.Interrupted, Current);
            TellEnded(_pushed.Interrupt());
            if (_clip == null) return true;
            _clip.Stop();
            EndClip(SpeechEventKind.Finished);
            return true;
        }

        /// <summary>The stream ends. Sound that plays goes on.</summary>
        public void Close()
        {
            EndVoice();
            Stream?.Dispose();
            Stream = null;
            TellEnded(_pushed.Interrupt());
        }

        /// <summary>What has happened, in order: it is told when nothing else is going on, so that who is told may speak again.</summary>
        public bool TakeEvent(out SpeechEvent one)
        {
            bool isThere = _events.Count > 0;
            one = isThere ? _events.Dequeue() : default;
            return isThere;
        }

        public void SettingsChanged()
        {
            _dsp.Restart();
            if (_clip != null && !_clip.Restart())
            {
                Warn($"'{_clip.Speech.Clip.name}' was cut off: the sound's settings have changed, which loses clips that scripts made. Make it again.");
                Interrupt();
            }
            Input?.Restart();
#if !UNITY_WEBGL || UNITY_EDITOR
            _voice?.Restart();
#endif
        }

        /// <summary>Moves the pose on. False while there is none.</summary>
        public bool Update(double seconds, double now)
        {
            _dsp.Update(now);
            if (_clip != null && _cancelled.IsCancellationRequested) Cancel();
            Hear(now);
#if UNITY_WEBGL && !UNITY_EDITOR
            var sentence = _clip == null && Stream != null ? _sentences.Take() : null;
            if (sentence != null) Say(sentence, _source, new SpeakOptions(), now);
#endif
            Stream?.Poll();
            bool hasPose;
            if (_clip != null) hasPose = UpdateClip(seconds, now);
            else
            {
#if !UNITY_WEBGL || UNITY_EDITOR
                // What is not heard is not shown either.
                _voice?.Update();
                if (_voice != null) seconds = _voice.Stands ? 0 : Math.Min(seconds, MostPushedStepSeconds);
#endif
                hasPose = Stream != null && Playback.Advance(seconds);
                if (Playback.IsIdle && _playing.Late == LatePolicy.Hold && Playback.BufferedSeconds > _playing.DelaySeconds + MostBehindSeconds)
                    Playback.Follow(Playback.EndSeconds - _playing.DelaySeconds, seconds);
                UpdatePushed(now);
            }
#if !UNITY_WEBGL || UNITY_EDITOR
            if (_voice != null) Stream?.Delay?.Follow(Playback.Time, Playback.IsStalled || _voice.Stands, Clock.Now);
#endif
            if (WantsNewStream && Stream != null && Current == null && !_pushed.IsWaiting && Playback.IsIdle) Open(Stream.Use);
            return hasPose && Stream != null;
        }

        bool UpdateClip(double seconds, double now)
        {
            bool hadStarted = _clip.Speech.HasStarted, hasPose;
            try
            {
                hasPose = _clip.Update(seconds, now);
            }
            catch (Exception error)
            {
                _clip.Stop();
                Stream?.Interrupt();
                EndClip(SpeechEventKind.Failed, error);
                return false;
            }
            if (!hadStarted && _clip.Speech.HasStarted)
            {
                Latency = _clip.Speech.Latency;
                Tell(SpeechEventKind.Started, _clip.Speech);
            }
            if (_clip.Speech.IsOver) EndClip(SpeechEventKind.Finished);
            return hasPose;
        }

        void UpdatePushed(double now)
        {
            if (_pushed.HasBegun(Playback.Time, now))
            {
                Latency = _pushed.Current.Latency;
                Tell(SpeechEventKind.Started, _pushed.Current);
            }
            if (_pushed.Current != null && _pushed.Current.HasStarted) _pushed.Current.HeardSeconds = Playback.Time - _pushed.Current.BeginSeconds;
            TellEnded(_pushed.TakeEnded(Playback.Time));
        }

        void Say(AudioClip clip, AudioSource source, SpeakOptions options, double now) =>
            _clip = new ClipSpeech(new Speech { Clip = clip, AskedAt = now }, source, options, Stream, Playback, _dsp, _playing.DelaySeconds);

        void Hear(double now)
        {
            if (Input == null) return;
            Input.Update(now);
            if (Input.RateHz == 0) return;
            var samples = Input.Read(now, out int count);
            if (Stream == null || Stream.State == LiveState.Ended)
            {
                if (now < _retryAt) return;
                _retryAt = now + RetrySeconds;
            }
            Open(new StreamUse { RateHz = Input.RateHz, IsLive = true });
            if (count > 0) Stream.Push(samples, 0, count);
            if (Playback.Pose != null) Latency = Math.Max(0, Stream.PushedSeconds - Playback.Time);
        }

        void Cancel()
        {
            Stream?.Interrupt();
            Tell(SpeechEventKind.Interrupted, _clip.Speech);
            _clip.Stop();
            EndClip(SpeechEventKind.Cancelled);
        }

        void EndClip(SpeechEventKind kind, Exception error = null)
        {
            _events.Enqueue(new SpeechEvent { Kind = kind, Speech = _clip.Speech, Done = _clipDone, Error = error });
            _clip = null;
            _clipDone = null;
            _cancelled = default;
        }

        void Tell(SpeechEventKind kind, Speech speech) => _events.Enqueue(new SpeechEvent { Kind = kind, Speech = speech });

        void TellEnded(Speech speech)
        {
            if (speech != null) Tell(SpeechEventKind.Finished, speech);
        }

        void EndVoice()
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            _voice?.End();
            _voice = null;
            if (Stream != null) Stream.IsHeard = false;
#endif
        }

        bool Fits(CharacterStream stream, StreamUse use)
        {
            if (stream.State == LiveState.Ended || WantsNewStream || stream.Use.IsLive != use.IsLive) return false;
            if (use.IsLive || use.IsPlayed) return stream.Use.RateHz == use.RateHz && stream.Use.IsPlayed == use.IsPlayed;
            // A clip's samples are resampled.
            return stream.Use.AheadSeconds >= use.AheadSeconds;
        }
    }
}
