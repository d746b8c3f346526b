using System;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>What happens when the next frame is not there in time. The last pose stays in both cases.</summary>
    public enum LatePolicy
    {
        /// <summary>The clock waits: nothing is left out, all later frames come later. For speech that the game plays itself and
        /// can hold as well (IsStalled).</summary>
        Hold,

        /// <summary>The clock keeps running: frames that come too late are left out, and what has piled up is skipped. For
        /// microphones.</summary>
        Drop,
    }

    public sealed class PlaybackOptions
    {
        public LatePolicy Late = LatePolicy.Hold;

        /// <summary>How much is gathered before the clock starts: the jitter that is evened out.</summary>
        public double DelaySeconds = 0.1;

        /// <summary>How long a pose takes to go over into another where frames do not follow each other: after an interrupt, a gap.</summary>
        public double BlendSeconds = 0.2;

        /// <summary>Frames kept; the oldest make room. Speech that is sent faster than it is spoken has to find room here.</summary>
        public double CapacitySeconds = 60;
    }

    /// <summary>A jitter buffer and a clock: poses at whatever moments a game draws. Belongs to one thread. After the header nothing
    /// is allocated.</summary>
    public sealed class Playback
    {
        /// <summary>More than this beyond the delay is no jitter: the game stood still.</summary>
        const double MostExcessSeconds = 1;

        /// <summary>Clocks differ by some 100 ppm; a percent of speed is not seen and catches up with far more.</summary>
        const double MostSpeedChange = 0.01, SpeedChangeASecond = 0.05, DepthMemorySeconds = 2;

        /// <summary>A clock that is followed may differ so much from this one before that is a jump.</summary>
        const double MostStepSeconds = 0.1;

        readonly PlaybackOptions _options;
        double _fps, _blendLeft, _capacitySeconds;
        int _capacity;

        // Frames _first to _end - 1 are there, frame k in row k % _capacity.
        long _first, _end;
        float[] _rows, _pose, _blendFrom;
        bool[] _idleRows;
        bool _hasPose, _isPlaying, _isLate;

        // Slowly varying mean of BufferedSeconds, from which the drift between two clocks is told.
        double _depth;

        public Playback(PlaybackOptions options = null)
        {
            _options = options ?? new PlaybackOptions();
            _capacitySeconds = _options.CapacitySeconds;
        }

        /// <summary>Of a row of the pose; null before the header.</summary>
        public FrameLayout Layout { get; private set; }

        /// <summary>Layout.Floats numbers, laid out as a frame; null before the first.</summary>
        public float[] Pose => _hasPose ? _pose : null;

        /// <summary>The time of the pose on the stream's clock, on which frame k is at k / fps; sound is in sync where it is there too.</summary>
        public double Time { get; private set; }

        /// <summary>Whether nobody speaks in the pose's frame.</summary>
        public bool IsIdle { get; private set; } = true;

        /// <summary>Whether the clock waits for frames.</summary>
        public bool IsStalled => !_isPlaying;

        /// <summary>How much there is beyond the clock.</summary>
        public double BufferedSeconds => _end > _first ? Math.Max(0, SecondsOf(_end - 1) - Time) : 0;

        /// <summary>Time of the last frame that is there; below 0 before the first.</summary>
        public double EndSeconds => _end > _first ? SecondsOf(_end - 1) : -1;

        /// <summary>How often the next frame was not there in time.</summary>
        public long Underruns { get; private set; }

        /// <summary>Takes headers, frames and interrupted utterances' ends; other events are none of its business.</summary>
        public void Feed(LiveEvent one)
        {
            if (one.Header != null) Begin(one.Header);
            if (one.Frames != null) Push(one.Frames);
            var end = one.UtteranceEnd;
            // What lies before an interrupted end was not sent again: it is skipped, but for the rest of the frame that is shown.
            if (end != null && end.Interrupted && SecondsOf(end.EndFrame - 1) > Time) Jump(SecondsOf(end.EndFrame));
        }

        public void Begin(MotionHeader header)
        {
            var layout = new FrameLayout(header);
            if (Layout == null || layout.Joints != Layout.Joints || layout.Curves != Layout.Curves) _hasPose = false;
            Layout = layout;
            _fps = header.Fps;
            _capacity = (int)Math.Max(2, Math.Round(_capacitySeconds * _fps));
            _rows = new float[checked(_capacity * layout.Floats)];
            _idleRows = new bool[_capacity];
            Array.Resize(ref _pose, layout.Floats);
            Array.Resize(ref _blendFrom, layout.Floats);
            _first = _end = header.FirstFrame;
            _isPlaying = _isLate = false;
            Jump(SecondsOf(_first));
        }

        /// <summary>Frames that begin before the end of what is there take its place from there on; the clock never goes back.</summary>
        public void Push(Frames frames)
        {
            if (_capacity == 0) return;
            if (frames.FirstFrame != _end)
            {
                // Either some were dropped on the way, and what is there can no longer be interpolated to; or what was not played
                // comes again, and the pose goes over to it.
                if (frames.FirstFrame < _first || frames.FirstFrame > _end) _first = frames.FirstFrame;
                _end = frames.FirstFrame;
                if (Time < SecondsOf(_first) || Time > SecondsOf(_end - 1)) Jump(Math.Max(Time, SecondsOf(_first)));
            }
            for (int i = 0; i < frames.FrameCount; ++i, ++_end)
            {
                Array.Copy(frames.Data, i * Layout.Floats, _rows, Row(_end), Layout.Floats);
                _idleRows[_end % _capacity] = frames.Idle;
            }
            _first = Math.Max(_first, _end - _capacity);
        }

        /// <summary>Moves the clock on and computes the pose. False as long as there is none. seconds: since the last call.</summary>
        public bool Advance(double seconds)
        {
            if (_end == _first) return _hasPose;
            if (Time < SecondsOf(_first)) Jump(SecondsOf(_first));
            if (!_isPlaying && BufferedSeconds >= _options.DelaySeconds)
            {
                _isPlaying = true;
                _depth = BufferedSeconds;
            }
            else if (_isPlaying) FollowTheStream(seconds);
            if (!_isPlaying && !_hasPose) return false;
            _blendLeft = Math.Max(0, _blendLeft - seconds);
            Sample();
            return true;
        }

        /// <summary>Like Advance, but the clock is somebody else's, as that of a sound which the game plays: it may stand still, jump
        /// and go back. Where there is no frame yet for its time, the last pose stays.</summary>
        public bool Follow(double time, double seconds)
        {
            if (_end == _first) return _hasPose;
            bool isLate = time > SecondsOf(_end - 1);
            if (isLate && !_isLate) ++Underruns;
            if ((_isLate && !isLate) || Math.Abs(time - Time - seconds) > MostStepSeconds + seconds) Jump(time);
            Time = time;
            _isLate = isLate;
            _isPlaying = true;
            _depth = BufferedSeconds;
            _blendLeft = Math.Max(0, _blendLeft - seconds);
            Sample();
            return true;
        }

        /// <summary>Makes room for frames of so many seconds: those of a sound that is sought or begins again are needed twice.</summary>
        public void Reserve(double seconds)
        {
            if (seconds <= _capacitySeconds) return;
            _capacitySeconds = seconds;
            if (_capacity == 0) return;
            int capacity = (int)Math.Round(seconds * _fps);
            var rows = new float[checked(capacity * Layout.Floats)];
            var idleRows = new bool[capacity];
            for (long frame = _first; frame < _end; ++frame)
            {
                Array.Copy(_rows, Row(frame), rows, (int)(frame % capacity) * Layout.Floats, Layout.Floats);
                idleRows[frame % capacity] = _idleRows[frame % _capacity];
            }
            _capacity = capacity;
            _rows = rows;
            _idleRows = idleRows;
        }

        double SecondsOf(long frame) => frame / _fps;

        int Row(long frame) => (int)(frame % _capacity) * Layout.Floats;

        void Jump(double time)
        {
            Time = time;
            if (!_hasPose) return;
            Array.Copy(_pose, _blendFrom, _pose.Length);
            _blendLeft = _options.BlendSeconds;
        }

        void FollowTheStream(double seconds)
        {
            double newest = SecondsOf(_end - 1);
            if (_options.Late == LatePolicy.Hold)
            {
                if (Time + seconds > newest)
                {
                    ++Underruns;
                    _isPlaying = false;
                }
                Time = Math.Max(Time, Math.Min(Time + seconds, newest));
                return;
            }
            double ahead = newest - Time;
            _depth += (ahead - _depth) * Math.Min(1, seconds / DepthMemorySeconds);
            double change = (_depth - _options.DelaySeconds) * SpeedChangeASecond;
            Time += seconds * (1 + Math.Max(-MostSpeedChange, Math.Min(MostSpeedChange, change)));
            if (Time > newest)
            {
                Underruns += _isLate ? 0 : 1;
                _isLate = true;
            }
            else if (_isLate)
            {
                _isLate = false;
                Jump(Time);
            }
            else if (ahead > _options.DelaySeconds + MostExcessSeconds)
            {
                Jump(newest - _options.DelaySeconds);
                _depth = _options.DelaySeconds;
            }
        }

        void Sample()
        {
            double at = Math.Min(Time * _fps, _end - 1);
            long before = Math.Max(_first, Math.Min((long)Math.Floor(at), _end - 1)), after = Math.Min(before + 1, _end - 1);
            float fraction = (float)Math.Max(0, Math.Min(1, at - before));
            Blending.Interpolate(Layout, _rows, Row(before), _rows, Row(after), fraction, _pose);
            if (_blendLeft > 0)
            {
                float left = (float)(_blendLeft / _options.BlendSeconds);
                Blending.Interpolate(Layout, _pose, 0, _blendFrom, 0, left * left * (3 - 2 * left), _pose);
            }
            IsIdle = _idleRows[before % _capacity];
            _hasPose = true;
        }
    }
}
