using System;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The next request of the caller's; null if none waits.</summary>
    delegate StreamMotionRequest RequestSource(out bool isEnd);

    /// <summary>Carries a stream: says what the caller says to the server it is at, turns what comes into events, and goes on
    /// elsewhere. It does so in turns; nothing in it is shared but the queues.</summary>
    sealed class StreamLoop
    {
        const double MostUnsentSeconds = 1;

        /// <summary>Of the room for events: what is not frames or audio is rare, and must not be lost.</summary>
        public const int KeptForOthers = 32;

        /// <summary>Of real time: so fast a server computes what is said again.</summary>
        const double AgainShare = 0.25;

        readonly Said _said;
        readonly EventQueue _events;
        readonly RequestSource _takeRequests;
        readonly int _mostUnsentBytes;
        readonly GoingOn _goingOn;
        readonly Silence _silence = new Silence();
        readonly Turns _turns;
        MotionHeader _header;
        FrameLayout _layout;
        LiveCall _call;
        double _cameAt = Clock.Now;
        volatile bool _isStopped;
        bool _isOver, _hasEnded;
        PantoMatrixException _error;
        Task _leaving;
        int _state;
        Dropped _dropped;
        long _droppedFrames;

        public StreamLoop(
            Connection connection, StreamStart start, double reconnectSeconds, EventQueue events, int bytesPerSecond, RequestSource takeRequests)
        {
            _said = new Said(start);
            _events = events;
            _takeRequests = takeRequests;
            _mostUnsentBytes = (int)(MostUnsentSeconds * bytesPerSecond);
            _turns = new Turns(Turn);
            _goingOn = new GoingOn(connection, _said, reconnectSeconds, _turns.Wake);
        }

        public LiveState State => (LiveState)Volatile.Read(ref _state);
        public long DroppedFrames => Interlocked.Read(ref _droppedFrames);

        public void Start() => _turns.Start();

        public void Stop()
        {
            _isStopped = true;
            _turns.Wake();
        }

        /// <summary>False where nothing is left to be done.</summary>
        bool Turn()
        {
            if (!_hasEnded)
            {
                try
                {
                    if (!_isStopped) Step();
                }
                catch (Exception error)
                {
                    _error = error as PantoMatrixException ?? new PantoMatrixException(ErrorCode.Internal, error.Message, inner: error);
                }
                if (!_isStopped && !_isOver && _error == null) return true;
                End();
            }
            if (!_leaving.IsCompleted && !_isStopped) return true;
            Volatile.Write(ref _state, (int)LiveState.Ended);
            return !_isStopped && !Give(LiveEventKind.Ended, _error);
        }

        void End()
        {
            _hasEnded = true;
            TellDropped();
            _goingOn.Drop();
            _leaving = _isOver && _call != null ? _call.Leave() : Task.CompletedTask;
            if (!_isOver) _call?.End();
        }

        void Step()
        {
            TakeRequests();
            Arrive(_goingOn.Step(_call, _header));
            try
            {
                TakeResponses();
                if (_call == null || !_silence.IsTooLong(_said, _header.LookAheadSeconds, _header.Fps)) return;
                throw new PantoMatrixException(ErrorCode.Unavailable, "nothing came from the server");
            }
            catch (PantoMatrixException error) when (_call != null)
            {
                _call.End();
                _goingOn.Lost(error, _call.Address, _cameAt, _header);
                _call = null;
                Volatile.Write(ref _state, (int)LiveState.GoingOn);
            }
        }

        void TakeRequests()
        {
            while (!_said.IsClosed && (_call == null || _call.UnsentBytes < _mostUnsentBytes))
            {
                var request = _takeRequests(out bool isEnd);
                if (isEnd)
                {
                    _said.IsClosed = true;
                    _call?.CloseSide();
                    _goingOn.CloseSide();
                }
                if (request == null) return;
                var entry = _said.Say(request);
                _call?.Say(entry);
                _goingOn.Say(entry);
            }
        }

        /// <summary>At the first server, or at another one.</summary>
        void Arrive(LiveCall call)
        {
            if (call == null) return;
            call.TryTake(out var first);
            if (_header == null)
            {
                _layout = new FrameLayout(first.Header);
                _header = first.Header;
                _said.Begin(_header, _layout);
                Give(LiveEventKind.Header, _header);
            }
            else
            {
                double lost = _call == null ? Clock.Now - _cameAt : 0;
                var gone = new GoneOn { Address = _goingOn.AddressOf(call), FirstFrame = _said.NextFrame, LostSeconds = lost };
                Give(LiveEventKind.GoneOn, gone);
            }
            _call?.End();
            _call = call;
            Volatile.Write(ref _state, (int)LiveState.Streaming);
            Heard();
        }

        void Heard()
        {
            _cameAt = Clock.Now;
            // What is said again is computed again, and where that was too slow it is waited for longer.
            _silence.Break(_goingOn.Attempts > 0 ? _call.Opening.AudioSeconds * Math.Min(1, AgainShare * _goingOn.Attempts) : 0);
        }

        void TakeResponses()
        {
            while (_call != null && !_isOver && _call.TryTake(out var response))
            {
                Take(response);
                Heard();
            }
            if (_call == null || _isOver || !_call.HasEnded(out var error)) return;
            throw error ?? new PantoMatrixException(ErrorCode.DataLoss, "the stream ended before its summary", _header.RequestId);
        }

        void Take(StreamMotionResponse response)
        {
            switch (response.MessageCase)
            {
                case StreamMotionResponse.MessageOneofCase.Frames:
                    GiveFrames(response.Frames);
                    break;
                case StreamMotionResponse.MessageOneofCase.UtteranceBegin:
                    if (_said.Take(response.UtteranceBegin)) Give(LiveEventKind.UtteranceBegin, response.UtteranceBegin);
                    break;
                case StreamMotionResponse.MessageOneofCase.UtteranceEnd:
                    _said.Take(response.UtteranceEnd);
                    Give(LiveEventKind.UtteranceEnd, response.UtteranceEnd);
                    break;
                case StreamMotionResponse.MessageOneofCase.Audio:
                    var echo = _said.Take(response.Audio);
                    if (echo != null) GiveAudio(echo);
                    break;
                case StreamMotionResponse.MessageOneofCase.Refusal:
                    if (_said.TakeRefusal(_call.About(response.Refusal))) Give(LiveEventKind.Refusal, response.Refusal);
                    break;
                case StreamMotionResponse.MessageOneofCase.Move:
                    _goingOn.Move(response.Move, _call.Address);
                    break;
                case StreamMotionResponse.MessageOneofCase.Summary:
                    TellDropped();
                    Give(LiveEventKind.Summary, response.Summary);
                    _isOver = true;
                    break;
            }
        }

        void GiveFrames(FrameBlock block)
        {
            if (block.FrameCount < 1 || block.Data.Count != (long)block.FrameCount * _layout.BytesPerFrame)
                throw new PantoMatrixException(
                    ErrorCode.DataLoss,
                    $"a block of {block.FrameCount} frames has {block.Data.Count} bytes, a frame has {_layout.BytesPerFrame}");
            var rest = _said.Take(block);
            _goingOn.FramesCame();
            if (rest == null) return;
            var slot = _events.Next(KeptForOthers);
            if (slot == null)
            {
                Interlocked.Add(ref _droppedFrames, rest.FrameCount);
                _dropped = _dropped ?? new Dropped { FirstFrame = rest.FirstFrame };
                _dropped.FrameCount += rest.FrameCount;
                return;
            }
            TellDropped();
            slot = _events.Next();
            var frames = slot.SetFrames();
            frames.Clear(rest.FirstFrame);
            frames.Append(rest, _layout);
            _events.Push();
        }

        void TellDropped()
        {
            if (_dropped != null && Give(LiveEventKind.Dropped, _dropped)) _dropped = null;
        }

        void GiveAudio(AudioEcho echo)
        {
            var slot = _events.Next(KeptForOthers);
            if (slot == null) return;
            slot.SetAudio(echo);
            _events.Push();
        }

        /// <summary>False where there is no room.</summary>
        bool Give(LiveEventKind kind, object content)
        {
            var slot = _events.Next();
            if (slot == null) return false;
            slot.Set(kind, content);
            _events.Push();
            return true;
        }
    }
}
