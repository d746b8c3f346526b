using System;
using System.Linq;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Looks for a server: the first one, another one where one was lost, or where one told the stream to move.</summary>
    sealed class GoingOn
    {
        /// <summary>A server that is there answers within this time; the first one may be far away.</summary>
        const double AttemptSeconds = 2, FirstAttemptSeconds = 10;

        /// <summary>Between rounds of all addresses; from the last on it stays.</summary>
        static readonly double[] Pauses = { 0, 0.1, 0.2, 0.4, 0.8, 1 };

        readonly Connection _connection;
        readonly Said _said;
        readonly double _giveUpSeconds;
        readonly Action _wake;
        readonly Random _random = new Random();
        LiveCall _next;
        PantoMatrixException _why;
        double _since = Clock.Now, _notBefore;
        int _from = -1, _version;

        /// <summary>A server that was just left, since there is no other, is not left again at once.</summary>
        const double StaysSeconds = 5;

        // Of a move: until when it may be done, from when on in mid-utterance, and from when on between utterances.
        double _moveUntil, _moveFrom, _quietMoveFrom, _movedAt = double.NegativeInfinity;
        bool _isMoving;

        public GoingOn(Connection connection, Said said, double giveUpSeconds, Action wake)
        {
            _connection = connection;
            _said = said;
            _giveUpSeconds = giveUpSeconds;
            _wake = wake;
        }

        /// <summary>How often a server was tried since frames came last.</summary>
        public int Attempts { get; private set; }

        public string AddressOf(LiveCall call) => _connection.Addresses[call.Address].Authority;

        public void Say(Entry entry) => _next?.Say(entry);

        public void CloseSide()
        {
            _isMoving = false;
            _next?.CloseSide();
        }

        public void Drop()
        {
            _next?.End();
            _next = null;
        }

        public void FramesCame()
        {
            if (!_isMoving) Attempts = 0;
            _why = null;
        }

        /// <summary>Throws where the stream ends with it.</summary>
        public void Lost(PantoMatrixException error, int address, double cameAt, MotionHeader header)
        {
            Drop();
            _isMoving = false;
            if (!error.IsLost || _giveUpSeconds <= 0 || !header.Features.Contains("resume")) throw error;
            if (_why == null)
            {
                _why = error;
                _since = Clock.Now;
                _from = address;
                Attempts = 0;
            }
            PauseOrGiveUp(error);
        }

        public void Move(Move move, int address)
        {
            if (_isMoving || _said.IsClosed) return;
            double now = Clock.Now;
            _isMoving = true;
            _moveUntil = now + move.WithinSeconds;
            _moveFrom = now + move.WithinSeconds / 2;
            _quietMoveFrom = now - _movedAt > StaysSeconds ? now : _moveFrom;
            _from = address;
            _notBefore = now;
            Attempts = 0;
        }

        /// <summary>A call that is ready to be gone on with, its header still to be taken; null as long as there is none.
        /// call: the one that the stream has, or null. header: the first call's, or null.</summary>
        public LiveCall Step(LiveCall call, MotionHeader header)
        {
            double now = Clock.Now;
            if (_isMoving && now > _moveUntil)
            {
                _isMoving = false;
                if (call != null) Drop();
            }
            if (call != null && !_isMoving) return null;
            if (_next == null)
            {
                if (now >= _notBefore && (call == null || (_said.IsQuiet && now >= _quietMoveFrom) || now > _moveFrom)) Dial();
                return null;
            }
            try
            {
                if (!IsReady(call, header)) return null;
            }
            catch (PantoMatrixException error)
            {
                Drop();
                ++Attempts;
                if (call == null) Refused(error, header);
                else if (error.IsFinal) _isMoving = false;
                else PauseOnly();
                return null;
            }
            var ready = _next;
            _next = null;
            if (_isMoving) _movedAt = now;
            _isMoving = false;
            ++Attempts;
            return ready;
        }

        void Dial()
        {
            int count = _connection.Addresses.Count;
            _version = _said.Version;
            _next = new LiveCall(_connection, (_from + 1 + Attempts) % count, _said.Opening(), _wake);
            if (_said.IsClosed) _next.CloseSide();
        }

        /// <summary>Throws where it will never be.</summary>
        bool IsReady(LiveCall call, MotionHeader header)
        {
            if (_next.TryPeek(out var first))
            {
                if (first.Header == null) throw new PantoMatrixException(ErrorCode.DataLoss, "something came before the header");
                if (header != null && !Fits(header, first.Header, _next.Opening.FirstFrame))
                    throw new PantoMatrixException(ErrorCode.Unavailable, AddressOf(_next) + " would go on with other frames");
                if (call == null) return true;
                // An utterance that began or ended meanwhile did so at its own time here and there.
                if (_said.Version != _version) throw new PantoMatrixException(ErrorCode.Aborted, "an utterance began or ended");
                return _next.HasFrames;
            }
            if (_next.HasEnded(out var error))
                throw error ?? new PantoMatrixException(ErrorCode.DataLoss, "the stream ended before its header");
            bool isFirst = header == null && _connection.Addresses.Count == 1;
            if (Clock.Now - _next.StartedAt > (isFirst ? FirstAttemptSeconds : AttemptSeconds))
                throw new PantoMatrixException(ErrorCode.Unavailable, "no answer from " + AddressOf(_next));
            return false;
        }

        void Refused(PantoMatrixException error, MotionHeader header)
        {
            bool wereAllAsked = Attempts >= _connection.Addresses.Count;
            if (error.IsFinal || (header == null && wereAllAsked && (_giveUpSeconds <= 0 || !(error.IsPassing || error.IsLost)))) throw error;
            PauseOrGiveUp(_why ?? error);
        }

        void PauseOrGiveUp(PantoMatrixException error)
        {
            PauseOnly();
            // One after the other they are all asked, however short the patience.
            if (Attempts >= _connection.Addresses.Count && _notBefore - _since > _giveUpSeconds) throw error;
        }

        void PauseOnly()
        {
            int count = _connection.Addresses.Count;
            double pause = Attempts % count != 0 ? 0 : Pauses[Math.Min(Attempts / count, Pauses.Length - 1)];
            _notBefore = Clock.Now + pause * (0.75 + 0.5 * _random.NextDouble());
        }

        static bool Fits(MotionHeader one, MotionHeader other, long firstFrame) =>
            other.FirstFrame == firstFrame && one.Fps == other.Fps && one.BytesPerFrame == other.BytesPerFrame
            && one.CurveNames.SequenceEqual(other.CurveNames) && Joints(one).SequenceEqual(Joints(other))
            && one.Channels.Select(Stored).SequenceEqual(other.Channels.Select(Stored));

        static string[] Joints(MotionHeader header) =>
            header.Skeleton == null ? Array.Empty<string>() : header.Skeleton.Joints.Select(joint => joint.Name).ToArray();

        static string Stored(Channel channel) => $"{channel.Kind} {channel.Width} {channel.Offset} {channel.Encoding}";
    }
}
