using System;
using System.Threading;
using PantoMatrix.V1;

namespace PantoMatrix
{
    public enum LiveState { Connecting, Streaming, GoingOn, Ended }

    public sealed class LiveOptions
    {
        /// <summary>Audio that may wait to be sent; more is refused by PushAudio.</summary>
        public double AudioBufferSeconds = 2;

        /// <summary>Events that may wait to be polled. Frames and audio that come beyond are dropped, as when a game is paused.</summary>
        public int EventCapacity = 512;

        /// <summary>How long without a frame a server is looked for; 0: a stream that is lost ends.</summary>
        public double ReconnectSeconds = 60;
    }

    /// <summary>Live speech in, frames out. PushAudio, EndUtterance, Interrupt, Change and Close belong to one thread (the audio's),
    /// Poll to one other (the game's). None of them waits, and neither pushing audio nor polling allocates. Where its server, its
    /// connection or its network is lost, the stream continues by itself: frames come in order, without gaps and once.</summary>
    public sealed class LiveStream : IDisposable
    {
        const byte Audio = 1, Text = 2, EndOfUtterance = 3, StopTalking = 4, Options = 5, End = 6;
        const double LongestChunkSeconds = 0.5;
        const int RoomForCommands = 1 << 16;
        readonly RecordRing _requests;
        readonly EventQueue _events;
        readonly StreamLoop _loop;
        readonly double[] _played = new double[1];
        readonly byte[] _chunk;
        readonly StreamMotionRequest _audio = new StreamMotionRequest { Audio = new AudioChunk() };
        int _interruptsWaiting;
        long _droppedAudioBytes;

        public LiveStream(Connection connection, StreamStart start, LiveOptions options = null)
        {
            options = options ?? new LiveOptions();
            var format = start.Format ?? new PcmFormat();
            int sample = (format.Encoding == PcmEncoding.F32Le ? 4 : 2) * Math.Max(1, format.Channels);
            int bytesPerSecond = sample * Math.Max(4000, format.SampleRateHz);
            _requests = new RecordRing(2 * RoomForCommands + (int)(options.AudioBufferSeconds * bytesPerSecond));
            _events = new EventQueue(options.EventCapacity + StreamLoop.KeptForOthers);
            _chunk = new byte[sample * (int)(LongestChunkSeconds * bytesPerSecond / sample)];
            _loop = new StreamLoop(connection, start, options.ReconnectSeconds, _events, bytesPerSecond, TakeRequests);
            _loop.Start();
        }

        public LiveState State => _loop.State;
        public long DroppedAudioBytes => Interlocked.Read(ref _droppedAudioBytes);
        public long DroppedFrames => _loop.DroppedFrames;

        /// <summary>Interleaved samples in the start's format, which is floats. False, and none taken, if the buffer is full.</summary>
        public bool PushAudio(float[] samples, int from, int count) => PushAudio(samples, 4 * from, 4 * count, 4 * samples.Length);

        /// <summary>Interleaved samples in the start's format, which is 16-bit integers.</summary>
        public bool PushAudio(short[] samples, int from, int count) => PushAudio(samples, 2 * from, 2 * count, 2 * samples.Length);

        /// <summary>What is said in the utterance, as far as it is known, in seconds since it began; lips follow it. It has most
        /// effect where it comes before its sound. A Refusal comes where it cannot be followed.</summary>
        public bool PushText(TimedText said)
        {
            byte[] message = said.ToBytes();
            return _requests.Push(Text, message, 0, message.Length);
        }

        /// <summary>The sentence is over: its frames are settled, the mouth closes.</summary>
        public bool EndUtterance() => _requests.Push(EndOfUtterance, null, 0, 0);

        /// <summary>Stop talking at once; audio that waits to be sent is dropped, what is pushed from now on is not. playedSeconds:
        /// what was shown, Playback.Time; what was sent beyond it comes again with the mouth shut. Without it that stays.</summary>
        public bool Interrupt(double? playedSeconds = null)
        {
            Interlocked.Increment(ref _interruptsWaiting);
            _played[0] = playedSeconds ?? 0;
            if (_requests.Push(StopTalking, _played, 0, playedSeconds.HasValue ? 8 : 0)) return true;
            Interlocked.Decrement(ref _interruptsWaiting);
            return false;
        }

        /// <summary>What is set in it changes, in mid-sentence too; the rest stays. A Refusal comes where it cannot be done.</summary>
        public bool Change(StreamOptions options)
        {
            byte[] message = options.ToBytes();
            return _requests.Push(Options, message, 0, message.Length);
        }

        /// <summary>No more audio follows: the last frames come, a summary, then Ended.</summary>
        public bool Close() => _requests.Push(End, null, 0, 0);

        /// <summary>The next event, if there is one: `into` gets its content, and gives its memory.</summary>
        public bool Poll(LiveEvent into) => _events.Pop(into);

        /// <summary>Ends the stream now; nothing follows.</summary>
        public void Dispose() => _loop.Stop();

        bool PushAudio(Array samples, int atByte, int bytes, int all)
        {
            if (atByte < 0 || bytes < 0 || bytes > all - atByte) throw new ArgumentOutOfRangeException(nameof(samples));
            if (bytes == 0 || _requests.Push(Audio, samples, atByte, bytes, RoomForCommands)) return true;
            Interlocked.Add(ref _droppedAudioBytes, bytes);
            return false;
        }

        /// <summary>The next request that waits, in the loop's thread; null if there is none. Audio counts until the next call.
        /// isEnd: the caller closed its side.</summary>
        StreamMotionRequest TakeRequests(out bool isEnd)
        {
            isEnd = false;
            for (byte kind; (kind = _requests.Peek(out int count)) != 0;)
            {
                bool isStale = Volatile.Read(ref _interruptsWaiting) > 0;
                if (kind == Audio)
                {
                    _audio.Audio.Samples = TakeAudio();
                    if (!isStale) return _audio;
                    Interlocked.Add(ref _droppedAudioBytes, _audio.Audio.Samples.Count);
                    continue;
                }
                var content = new byte[count];
                _requests.Pop(content, 0, count);
                switch (kind)
                {
                    case Text when !isStale:
                        return new StreamMotionRequest { Audio = new AudioChunk { TimedText = Message.Parse(new TimedText(), content) } };
                    case EndOfUtterance when !isStale: return new StreamMotionRequest { EndOfUtterance = new EndOfUtterance() };
                    case StopTalking:
                        Interlocked.Decrement(ref _interruptsWaiting);
                        double? played = count > 0 ? BitConverter.ToDouble(content, 0) : (double?)null;
                        return new StreamMotionRequest { Interrupt = new Interrupt { PlayedSeconds = played } };
                    case Options: return new StreamMotionRequest { Options = Message.Parse(new StreamOptions(), content) };
                    case End:
                        isEnd = true;
                        return null;
                }
            }
            return null;
        }

        /// <summary>All that waits, up to half a second; one record that is larger comes whole.</summary>
        Bytes TakeAudio()
        {
            int filled = 0;
            while (_requests.Peek(out int count) == Audio)
            {
                if (filled == 0 && count > _chunk.Length)
                {
                    var large = new byte[count];
                    _requests.Pop(large, 0, count);
                    return large;
                }
                if (filled + count > _chunk.Length) break;
                _requests.Pop(_chunk, filled, count);
                filled += count;
            }
            return new Bytes(_chunk, 0, filled);
        }
    }
}
