using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The caller's own speech, heard when the face shows it: what the stream echoes, read by the clock of a Playback.
    /// Restart, Feed, Cut and Follow belong to one thread (the game's), Read to one other (the sound's). None waits.</summary>
    public sealed class SpeechDelay
    {
        sealed class Block
        {
            public long Epoch, Start;
            public int Count;
            public float[] Samples = Array.Empty<float>();
        }

        struct Moment
        {
            public long Epoch, CutStart, CutEnd;
            public double Time, At;
            public bool IsSounding;
        }

        /// <summary>Chunks that may be ahead of the clock: a minute of 15 ms.</summary>
        const int MostBlocks = 4096, MostMoments = 256;

        /// <summary>Made at once, with room for so much each: servers send a tenth of a second at a time, and some ahead.</summary>
        const int FirstBlocks = 32;

        const double BlockSeconds = 0.125;

        /// <summary>A game's ticks and the sound card's blocks each come some 20 ms apart; what is further off is no jitter.</summary>
        const double MostErrorSeconds = 0.1;

        /// <summary>A game that says nothing for so long stands still, and what is said waits for it.</summary>
        const double MostAgeSeconds = 0.5;

        const double CorrectionASecond = 0.5, MostPitchChange = 0.01, FadeSeconds = 0.005;
        readonly bool _areFloats;
        readonly int _channels, _fade;
        readonly SpscQueue<Block> _blocks = new SpscQueue<Block>(MostBlocks);

        /// <summary>Those that were heard, for what comes next.</summary>
        readonly SpscQueue<Block> _heard = new SpscQueue<Block>(MostBlocks);
        readonly SpscQueue<Moment> _moments = new SpscQueue<Moment>(MostMoments);

        // The game's.
        long _fedEpoch, _fedEnd, _cutStart, _cutEnd;
        Block _fed;

        // The sound's. Between the samples at _whole (_left) and _whole + 1 (_right), by _fraction.
        Moment _moment;
        Block _block;
        bool _hasBlock, _isSounding;
        long _epoch, _whole;
        double _fraction;
        float _left, _right, _last, _fadeFrom;
        int _fadeLeft;

        /// <summary>format: the stream's.</summary>
        public SpeechDelay(PcmFormat format)
        {
            _areFloats = format.Encoding == PcmEncoding.F32Le;
            SampleRateHz = Math.Max(1, format.SampleRateHz);
            _channels = Math.Max(1, format.Channels);
            _fade = Math.Max(1, (int)(FadeSeconds * SampleRateHz));
            for (int i = 0; i < FirstBlocks; ++i)
            {
                var block = new Block { Samples = new float[(int)(BlockSeconds * SampleRateHz)] };
                _heard.Push(ref block);
            }
        }

        public int SampleRateHz { get; }

        /// <summary>Another stream: its clock begins at 0 again.</summary>
        public void Restart()
        {
            ++_fedEpoch;
            _fedEnd = _cutStart = _cutEnd = 0;
        }

        public void Feed(AudioEcho echo)
        {
            if (_fed == null && !_heard.Pop(ref _fed)) _fed = new Block();
            _fed.Epoch = _fedEpoch;
            _fed.Start = (long)Math.Round(echo.StartSeconds * SampleRateHz);
            MixDown(echo.Samples, _fed);
            _fedEnd = Math.Max(_fedEnd, _fed.Start + _fed.Count);
            _blocks.Push(ref _fed);
        }

        /// <summary>What was fed of this second of the stream's clock and later is not heard: it was interrupted. From the next
        /// Follow on.</summary>
        public void Cut(double seconds)
        {
            // One is enough: by a cut that does not touch the last one the clock has passed that.
            long start = (long)Math.Round(seconds * SampleRateHz);
            _cutStart = start <= _cutEnd ? Math.Min(start, _cutStart) : start;
            _cutEnd = _fedEnd;
        }

        /// <summary>After each Playback.Advance. now: Clock.Now.</summary>
        public void Follow(double time, bool isStalled, double now)
        {
            var moment = new Moment { Epoch = _fedEpoch, Time = time, IsSounding = !isStalled, At = now, CutStart = _cutStart, CutEnd = _cutEnd };
            _moments.Push(ref moment);
        }

        /// <summary>Writes mono samples at the stream's rate. Silence where there is no speech or the clock stands. To stay with the
        /// clock it runs up to a percent faster or slower; what is further off than a tenth of a second is jumped over, with a short
        /// fade. now: Clock.Now.</summary>
        public void Read(float[] samples, int from, int count, double now)
        {
            bool isCut = false;
            for (var newer = default(Moment); _moments.Pop(ref newer); _moment = newer)
                isCut |= newer.CutStart != _moment.CutStart || newer.CutEnd != _moment.CutEnd;
            double speed = 1;
            bool isSounding = _moment.IsSounding && now - _moment.At < MostAgeSeconds;
            if (isSounding)
            {
                double target = (_moment.Time + now - _moment.At) * SampleRateHz;
                double error = (target - _whole - _fraction) / SampleRateHz;
                if (_epoch != _moment.Epoch || Math.Abs(error) > MostErrorSeconds) MoveTo(target);
                else speed += Math.Max(-MostPitchChange, Math.Min(MostPitchChange, error * CorrectionASecond));
            }
            if (isSounding != _isSounding || isCut)
            {
                _isSounding = isSounding;
                Fade();
            }
            for (int i = from; i < from + count; ++i)
            {
                float value = 0;
                if (_isSounding)
                {
                    value = _left + (float)_fraction * (_right - _left);
                    for (_fraction += speed; _fraction >= 1; _fraction -= 1)
                    {
                        _left = _right;
                        _right = SampleAt(++_whole + 1);
                    }
                }
                if (_fadeLeft > 0) value += (_fadeFrom - value) * _fadeLeft-- / _fade;
                samples[i] = _last = value;
            }
        }

        void Fade()
        {
            _fadeFrom = _last;
            _fadeLeft = _fade;
        }

        void MoveTo(double position)
        {
            _epoch = _moment.Epoch;
            _whole = (long)Math.Floor(position);
            _fraction = position - Math.Floor(position);
            _left = SampleAt(_whole);
            _right = SampleAt(_whole + 1);
            Fade();
        }

        /// <summary>Indices come in rising order within an epoch, but for small steps back that stay in the same block or are silent.</summary>
        float SampleAt(long index)
        {
            if (index >= _moment.CutStart && index < _moment.CutEnd && _epoch == _moment.Epoch) return 0;
            for (; ; )
            {
                if (_hasBlock && _block.Epoch == _epoch)
                {
                    if (index < _block.Start) return 0;
                    if (index < _block.Start + _block.Count) return _block.Samples[index - _block.Start];
                }
                else if (_hasBlock && _block.Epoch > _epoch) return 0;
                Block next = null;
                _hasBlock = _blocks.Pop(ref next);
                if (!_hasBlock) return 0;
                if (_block != null) _heard.Push(ref _block);
                _block = next;
            }
        }

        void MixDown(Bytes bytes, Block block)
        {
            int width = _areFloats ? 4 : 2;
            block.Count = bytes.Count / (width * _channels);
            if (block.Samples.Length < block.Count) block.Samples = new float[block.Count];
            float scale = (_areFloats ? 1 : 1 / 32768f) / _channels;
            for (int i = 0, at = bytes.Offset; i < block.Count; ++i)
            {
                float sum = 0;
                for (int channel = 0; channel < _channels; ++channel, at += width)
                    sum += _areFloats ? Floats.Read(bytes.Array, at) : (short)(bytes.Array[at] | bytes.Array[at + 1] << 8);
                block.Samples[i] = sum * scale;
            }
        }
    }
}
