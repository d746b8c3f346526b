using System;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>The next request of the caller's; null if none waits.</summary>
    delegate StreamMotionRequest RequestSource(out bool isEnd);

    /// <summary>Carries a stream: says what the caller says to the server it is at, turns what comes into events, and goes on
    /// elsewhere. One task runs it; nothing in it is shared but the queues.</summary>
    sealed class StreamLoop
    {
        /// <summary>A request waits at most so long, for pushing wakes nobody.</summary>
        const int NapMilliseconds = 10;

        const double MostUnsentSeconds = 1;

        /// <summary>Of real time: so fast a server computes what is said again.</summary>
        const double AgainShare = 0.25;

        readonly Said _said;
        readonly EventQueue _events;
        readonly RequestSource _takeRequests;
        readonly int _mostUnsentBytes;
        readonly GoingOn _goingOn;
        readonly Silence _silence = new Silence();
        volatile TaskCompletionSource<bool> _waking = NewWaking();
        MotionHeader _header;
        FrameLayout _layout;
        LiveCall _call;
        double _cameAt = Clock.Now;
        volatile bool _isStopped, _isOver;
        int _state;
        long _droppedFrames;

        public StreamLoop(
            Connection connection, StreamStart start, double reconnectSeconds, EventQueue events, int bytesPerSecond, RequestSource takeRequests)
        {
            _said = new Said(start);
            _events = events;
            _takeRequests = takeRequests;
            _mostUnsentBytes = (int)(MostUnsentSeconds * bytesPerSecond);
            _goingOn = new GoingOn(connection, _said, reconnectSeconds, Wake);
        }

        public LiveState State => (LiveState)Volatile.Read(ref _state);
        public long DroppedFrames => Interlocked.Read(ref _droppedFrames);

        public void Stop()
        {
            _isStopped = true;
            Wake();
        }

        public async Task Run()
        {
            PantoMatrixException error = null;
            var nap = Task.Delay(NapMilliseconds);
            try
            {
                for (; ; )
                {
                    if (_waking.Task.IsCompleted) _waking = NewWaking();
                    if (_isStopped || _isOver) break;
                    Step();
                    if (_isOver) break;
                    if (nap.IsCompleted) nap = Task.Delay(NapMilliseconds);
                    await Task.WhenAny(_waking.Task, nap).ConfigureAwait(false);
                }
            }
            catch (PantoMatrixException final)
            {
                error = final;
            }
            catch (Exception fault)
            {
                error = new PantoMatrixException(ErrorCode.Internal, fault.Message, inner: fault);
            }
            _goingOn.Drop();
            if (_isOver && _call != null) await _call.Leave().ConfigureAwait(false);
            else _call?.End();
            Volatile.Write(ref _state, (int)LiveState.Ended);
            while (!_isStopped && !Give(LiveEventKind.Ended, error)) await Task.Delay(NapMilliseconds).ConfigureAwait(false);
        }

        void Wake() => _waking.TrySetResult(true);

        static TaskCompletionSource<bool> NewWaking() =>
            new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

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
                    if (echo != null) Give(LiveEventKind.Audio, echo);
                    break;
                case StreamMotionResponse.MessageOneofCase.Refusal:
                    if (_said.TakeRefusal(_call.About(response.Refusal))) Give(LiveEventKind.Refusal, response.Refusal);
                    break;
                case StreamMotionResponse.MessageOneofCase.Move:
                    _goingOn.Move(response.Move, _call.Address);
                    break;
                case StreamMotionResponse.MessageOneofCase.Summary:
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
            var slot = _events.Next;
            if (slot == null)
            {
                Interlocked.Add(ref _droppedFrames, rest.FrameCount);
                return;
            }
            var frames = slot.SetFrames();
            frames.Clear(rest.FirstFrame);
            frames.Append(rest, _layout);
            _events.Push();
        }

        /// <summary>False where there is no room.</summary>
        bool Give(LiveEventKind kind, object content)
        {
            var slot = _events.Next;
            if (slot == null) return false;
            slot.Set(kind, content);
            _events.Push();
            return true;
        }
    }
}
