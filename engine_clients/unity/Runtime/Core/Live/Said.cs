using System;
using System.Collections.Generic;
using System.Linq;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>What was said once.</summary>
    sealed class Entry
    {
        byte[] _samples = Array.Empty<byte>();

        public StreamMotionRequest Message;

        /// <summary>The frame that was next when it was said.</summary>
        public long Frame;

        /// <summary>For options with AtSeconds: when they count, on the stream's clock.</summary>
        public double? Seconds;

        /// <summary>Of options: the server took them, or did not.</summary>
        public bool Taken, Refused;

        public int AudioBytes => Message.Audio == null ? 0 : Message.Audio.Samples.Count;

        /// <summary>Samples; text comes apart.</summary>
        public bool IsAudio => AudioBytes > 0;

        public bool IsText => Message.Audio?.TimedText != null;

        /// <summary>What an utterance_end answers.</summary>
        public bool IsMark => Message.EndOfUtterance != null || Message.Interrupt != null;

        /// <summary>Becomes audio, with a copy of these samples.</summary>
        public void SetAudio(Bytes samples)
        {
            if (_samples.Length < samples.Count) _samples = new byte[Math.Max(samples.Count, 2 * _samples.Length)];
            Buffer.BlockCopy(samples.Array, samples.Offset, _samples, 0, samples.Count);
            Message = Message ?? new StreamMotionRequest { Audio = new AudioChunk() };
            Message.Audio.Samples = new Bytes(_samples, 0, samples.Count);
        }
    }

    /// <summary>How a stream is opened that goes on: the start, and what is said after it.</summary>
    sealed class Opening
    {
        public StreamStart Start;
        public List<Entry> Again;

        /// <summary>What the header has to say.</summary>
        public long FirstFrame;

        /// <summary>How much audio is said again.</summary>
        public double AudioSeconds;
    }

    /// <summary>What another server needs to go on with a stream: what was said since the utterance under way began, and where the
    /// frames are. It also says which of what comes is new. Nothing here reads or writes.</summary>
    sealed class Said
    {
        /// <summary>So much of an utterance is said again, before the next frame.</summary>
        const double KeptAudioSeconds = 30;

        /// <summary>Frames depend on so much more than the header says, for audio is heard in pieces.</summary>
        const double PieceSeconds = 0.1;

        readonly StreamStart _start;
        readonly double _bytesPerSecond;
        readonly int _bytesPerSample;
        MotionHeader _header;
        RecentFrames _recent;
        readonly List<Entry> _log = new List<Entry>(), _timed = new List<Entry>();

        // Of the utterance under way, which the log has no more; and where it began, from which their times count.
        readonly List<Entry> _texts = new List<Entry>();
        double _textFrom;
        readonly Stack<Entry> _audioToUse = new Stack<Entry>();
        long _audioBytes;

        // How many of the log are answered by an utterance_end.
        int _marks;

        // Where the log's audio begins, in mid-utterance.
        double _audioSeconds;
        double _echoedUntil = double.NegativeInfinity;
        UtteranceBegin _begun;
        UtteranceEnd _lastEnd;
        int _nextUtterance;

        public Said(StreamStart start)
        {
            _start = Copy(start);
            _nextUtterance = start.Resume?.Utterance ?? 0;
            var format = start.Format ?? new PcmFormat();
            _bytesPerSample = (format.Encoding == PcmEncoding.F32Le ? 4 : 2) * Math.Max(1, format.Channels);
            _bytesPerSecond = (double)_bytesPerSample * Math.Max(1, format.SampleRateHz);
        }

        /// <summary>The index of the next frame.</summary>
        public long NextFrame { get; private set; }

        /// <summary>Changes with every utterance's beginning and end.</summary>
        public int Version { get; private set; }

        /// <summary>Whether the caller has closed its side.</summary>
        public bool IsClosed { get; set; }

        public bool IsSpeaking => _begun != null;

        /// <summary>Whether nobody speaks, and nothing waits to be said.</summary>
        public bool IsQuiet => _begun == null && _audioBytes == 0;

        double Fps => _header.Fps;
        double Seconds => _header == null ? 0 : NextFrame / Fps;

        /// <summary>The first header: with it begins what frames are.</summary>
        public void Begin(MotionHeader header, FrameLayout layout)
        {
            _header = header;
            _recent = new RecentFrames(layout);
            NextFrame = header.FirstFrame;
        }

        /// <summary>To be sent to every call that is open. Of audio it keeps a copy.</summary>
        public Entry Say(StreamMotionRequest message)
        {
            Entry entry;
            if (message.Audio != null && message.Audio.Samples.Count > 0)
            {
                entry = _audioToUse.Count > 0 ? _audioToUse.Pop() : new Entry();
                entry.SetAudio(message.Audio.Samples);
            }
            else entry = new Entry { Message = message };
            entry.Frame = NextFrame;
            if (message.Options != null && message.Options.AtSeconds.HasValue)
            {
                // Said again it must not count from an earlier frame on.
                message.Options.AtSeconds = Math.Max(message.Options.AtSeconds.Value, Seconds);
                entry.Seconds = message.Options.AtSeconds;
                Settle();
                _timed.Add(entry);
                return entry;
            }
            _audioBytes += entry.AudioBytes;
            _marks += entry.IsMark ? 1 : 0;
            _log.Add(entry);
            return entry;
        }

        /// <summary>Whether frames, or an answer, have to come without more audio.</summary>
        public bool IsDue()
        {
            if (IsClosed || _marks > 0) return true;
            double audio = _audioBytes / _bytesPerSecond;
            double owed = _begun != null ? _audioSeconds + audio - Seconds : audio;
            return owed > _header.LookAheadSeconds + PieceSeconds + 1 / Fps;
        }

        /// <summary>How to go on. The state stays as it is.</summary>
        public Opening Opening()
        {
            var start = Copy(_start);
            var options = start.Options ?? (start.Options = new MotionOptions());
            double from = _begun != null ? _audioSeconds : Seconds;
            var timed = _timed.Where(entry => !IsPast(entry, from)).ToList();
            foreach (var entry in _timed.Where(entry => IsPast(entry, from))) Merge(options, entry);
            var merged = _log.TakeWhile(entry => !entry.IsAudio)
                .Where(entry => entry.Message.Options != null && WasTaken(entry)).ToList();
            foreach (var entry in merged) Merge(options, entry);
            var opening = new Opening
            {
                Start = start,
                Again = timed.Concat(_texts).Concat(_log.Where(entry => !merged.Contains(entry))).ToList(),
                FirstFrame = start.Resume?.FirstFrame ?? 0,
                AudioSeconds = _audioBytes / _bytesPerSecond,
            };
            if (_recent == null || _recent.IsEmpty) return opening;
            options.Seed = _header.Seed;
            opening.FirstFrame = FirstToCome();
            start.Resume = new Resume
            {
                FirstFrame = opening.FirstFrame,
                LastFrame = _recent.Row(opening.FirstFrame - 1),
                Utterance = _begun?.Utterance ?? _nextUtterance,
            };
            if (_begun == null) return opening;
            start.Resume.AudioSeconds = _audioSeconds;
            start.Resume.UtteranceSeconds = _textFrom;
            return opening;
        }

        /// <summary>What of a block has not come yet; null where all has. Throws where frames are missing.</summary>
        public FrameBlock Take(FrameBlock block)
        {
            if (block.FirstFrame > NextFrame)
                throw new PantoMatrixException(ErrorCode.DataLoss, $"frame {block.FirstFrame} came, expected {NextFrame}");
            long skipped = Math.Max(0, NextFrame - block.FirstFrame);
            if (skipped >= block.FrameCount) return null;
            var rest = skipped == 0 ? block : Rest(block, (int)skipped);
            NextFrame = block.FirstFrame + block.FrameCount;
            _recent.Add(rest);
            if (_begun != null) ForgetAudio();
            return rest;
        }

        /// <summary>Whether it is new.</summary>
        public bool Take(UtteranceBegin begin)
        {
            bool isNew = _begun == null || _begun.Utterance != begin.Utterance;
            if (isNew || _recent.IsEmpty) _audioSeconds = _textFrom = begin.BeginSeconds;
            foreach (var entry in _log.TakeWhile(entry => !entry.IsAudio)) entry.Taken = true;
            if (!isNew) return false;
            _begun = begin;
            ++Version;
            return true;
        }

        public void Take(UtteranceEnd end)
        {
            bool isSame = _lastEnd != null && _lastEnd.EndFrame == end.EndFrame && _lastEnd.Interrupted == end.Interrupted;
            bool isRepeated = end.Utterance < _nextUtterance && _begun == null && (isSame || !end.Interrupted);
            int count = Answered(end, isRepeated);
            foreach (var entry in _log.Take(count).Where(entry => entry.Message.Options != null)) Keep(entry);
            Forget(count);
            _texts.Clear();
            _audioBytes = _log.Sum(entry => (long)entry.AudioBytes);
            _marks = _log.Count(entry => entry.IsMark);
            if (!isRepeated)
            {
                _begun = null;
                _lastEnd = end;
                _nextUtterance = end.Utterance + 1;
                _echoedUntil = double.NegativeInfinity;
                ++Version;
                if (end.Interrupted && end.EndFrame < NextFrame)
                {
                    NextFrame = end.EndFrame;
                    _recent.TakeBack(NextFrame);
                }
            }
            Settle();
        }

        /// <summary>What of it is new; null where nothing is.</summary>
        public AudioEcho Take(AudioEcho echo)
        {
            double until = echo.StartSeconds + echo.Samples.Count / _bytesPerSecond;
            if (until <= _echoedUntil + 0.5 * _bytesPerSample / _bytesPerSecond) return null;
            double seconds = Math.Max(0, _echoedUntil - echo.StartSeconds);
            int skipped = _bytesPerSample * (int)Math.Round(seconds * _bytesPerSecond / _bytesPerSample);
            _echoedUntil = until;
            if (skipped <= 0) return echo;
            return new AudioEcho
            {
                StartSeconds = echo.StartSeconds + skipped / _bytesPerSecond,
                Samples = echo.Samples.Part(skipped, echo.Samples.Count - skipped),
            };
        }

        /// <summary>A refusal of it came. Whether that is new.</summary>
        public bool TakeRefusal(Entry refused)
        {
            if (refused == null) return true;
            if (refused.Refused) return false;
            refused.Refused = true;
            _log.Remove(refused);
            _timed.Remove(refused);
            return true;
        }

        /// <summary>How much of the log an end answers.</summary>
        int Answered(UtteranceEnd end, bool isRepeated)
        {
            int firstAudio = _log.FindIndex(entry => entry.IsAudio);
            if (isRepeated)
            {
                // An interrupt may have taken others of them back, and nothing else is lost with it.
                int before = firstAudio < 0 ? _log.Count : firstAudio;
                return before == 0 ? 0 : 1 + _log.FindLastIndex(before - 1, before, entry => entry.IsMark);
            }
            int at = end.Interrupted ? _log.FindIndex(entry => entry.Message.Interrupt != null) : -1;
            if (at < 0) at = _log.FindIndex(firstAudio + 1, entry => entry.Message.EndOfUtterance != null);
            if (at < 0 && IsClosed) at = _log.Count - 1;
            return at + 1;
        }

        void ForgetAudio()
        {
            double oldest = Seconds - KeptAudioSeconds;
            int count = 0;
            for (; count < _log.Count; ++count)
            {
                var entry = _log[count];
                if (entry.IsText) _texts.Add(entry);
                else if (entry.IsAudio)
                {
                    if (_audioSeconds + entry.AudioBytes / _bytesPerSecond > oldest) break;
                    _audioSeconds += entry.AudioBytes / _bytesPerSecond;
                    _audioBytes -= entry.AudioBytes;
                }
                else if (entry.Message.Options == null || _audioSeconds > oldest) break;
                else Keep(entry);
            }
            Forget(count);
        }

        /// <summary>The first of the log.</summary>
        void Forget(int count)
        {
            for (int i = 0; i < count; ++i)
                if (_log[i].AudioBytes > 0) _audioToUse.Push(_log[i]);
            _log.RemoveRange(0, count);
        }

        /// <summary>Options that the server has followed are the stream's from then on.</summary>
        void Keep(Entry entry) => Merge(_start.Options ?? (_start.Options = new MotionOptions()), entry);

        void Settle()
        {
            double from = _begun != null ? _audioSeconds : Seconds;
            foreach (var entry in _timed.Where(entry => IsPast(entry, from))) Keep(entry);
            _timed.RemoveAll(entry => IsPast(entry, from));
        }

        bool IsPast(Entry entry, double from) => entry.Seconds < from && WasTaken(entry);

        /// <summary>A refusal would have come within a second.</summary>
        bool WasTaken(Entry entry) => entry.Taken || (_header != null && NextFrame >= entry.Frame + Fps);

        /// <summary>The next frame, or where an interrupt that was not answered takes frames back.</summary>
        long FirstToCome()
        {
            var interrupt = _log.Select(entry => entry.Message.Interrupt).FirstOrDefault(one => one?.PlayedSeconds != null);
            if (interrupt == null) return NextFrame;
            long played = (long)Math.Ceiling(interrupt.PlayedSeconds.Value * Fps - 1e-6);
            return Math.Max(Math.Min(played, NextFrame), _recent.First + 1);
        }

        static FrameBlock Rest(FrameBlock block, int from)
        {
            int at = block.Data.Count / block.FrameCount * from;
            return new FrameBlock
            {
                FirstFrame = block.FirstFrame + from, FrameCount = block.FrameCount - from, Idle = block.Idle,
                Data = block.Data.Part(at, block.Data.Count - at),
            };
        }

        static StreamStart Copy(StreamStart start) => Message.Parse(new StreamStart(), start.ToBytes());

        static void Merge(MotionOptions options, Entry entry)
        {
            var change = entry.Message.Options;
            options.Speaker = change.Speaker ?? options.Speaker;
            options.Expression = change.Expression ?? options.Expression;
            if (change.PartStrengths != null) options.PartStrengths = change.PartStrengths.Entries;
            if (change.CurveAdjustments != null) options.CurveAdjustments = change.CurveAdjustments.Entries;
            if (change.Emotions != null) options.Emotions = change.Emotions.Entries;
        }
    }
}
