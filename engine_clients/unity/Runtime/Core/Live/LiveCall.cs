using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>One StreamMotion call. It runs by itself; all its functions belong to the stream's own loop, and none waits.</summary>
    sealed class LiveCall
    {
        readonly Call _call;
        readonly Action _wake;
        readonly CancellationTokenSource _stop = new CancellationTokenSource();
        readonly ConcurrentQueue<Bytes> _toSend = new ConcurrentQueue<Bytes>();
        readonly SemaphoreSlim _waiting = new SemaphoreSlim(0);
        readonly ConcurrentQueue<StreamMotionResponse> _came = new ConcurrentQueue<StreamMotionResponse>();
        readonly WireWriter _writer = new WireWriter();
        readonly Dictionary<long, Entry> _options = new Dictionary<long, Entry>();
        long _told;
        int _unsent;
        volatile PantoMatrixException _error;
        volatile bool _hasEnded, _hasFrames;

        /// <summary>wake: called when something has come, by any thread.</summary>
        public LiveCall(Connection connection, int address, Opening opening, Action wake)
        {
            Address = address;
            Opening = opening;
            StartedAt = Clock.Now;
            _wake = wake;
            _call = new Call(connection, address, MotionPaths.StreamMotion);
            Send(new StreamMotionRequest { Start = opening.Start });
            foreach (var entry in opening.Again) Say(entry);
            _ = Run();
        }

        public int Address { get; }
        public Opening Opening { get; }
        public double StartedAt { get; }
        public int UnsentBytes => Volatile.Read(ref _unsent);
        public bool HasFrames => _hasFrames;

        public void Say(Entry entry)
        {
            if (entry.Refused) return;
            if (entry.Message.Options != null) _options[_told] = entry;
            Send(entry.Message);
        }

        /// <summary>Nothing more will be said.</summary>
        public void CloseSide() => Send((Bytes)default);

        /// <summary>The options that were the message of this number.</summary>
        public Entry About(Refusal refusal) => _options.TryGetValue(refusal.RequestIndex, out var entry) ? entry : null;

        public bool TryPeek(out StreamMotionResponse response) => _came.TryPeek(out response);

        public bool TryTake(out StreamMotionResponse response) => _came.TryDequeue(out response);

        /// <summary>Whether nothing more comes. error: why, null where the server ended it well.</summary>
        public bool HasEnded(out PantoMatrixException error)
        {
            bool hasEnded = _hasEnded;
            error = _error;
            return hasEnded && _came.IsEmpty;
        }

        /// <summary>Ends it now.</summary>
        public void End() => _stop.Cancel();

        /// <summary>Ends it once it has said goodbye.</summary>
        public async Task Leave()
        {
            await _call.Leave().ConfigureAwait(false);
            End();
        }

        void Send(Message message)
        {
            ++_told;
            _writer.Clear();
            message.WriteTo(_writer);
            Send(_writer.ToArray());
        }

        void Send(Bytes message)
        {
            Interlocked.Add(ref _unsent, message.Count);
            _toSend.Enqueue(message);
            _waiting.Release();
        }

        async Task Run()
        {
            try
            {
                using (_stop.Token.Register(_call.Dispose))
                {
                    await _call.Open(_stop.Token).ConfigureAwait(false);
                    _ = SendAll();
                    while (await _call.Receive(_stop.Token).ConfigureAwait(false) is Bytes data)
                    {
                        var response = Message.Parse(new StreamMotionResponse(), data);
                        _came.Enqueue(response);
                        _hasFrames |= response.Frames != null;
                        _wake();
                    }
                }
            }
            catch (PantoMatrixException error)
            {
                _error = error;
            }
            catch (OperationCanceledException) { }
            catch (Exception error)
            {
                _error = new PantoMatrixException(ErrorCode.Internal, error.Message, inner: error);
            }
            _hasEnded = true;
            _stop.Cancel();
            _call.Dispose();
            _wake();
        }

        /// <summary>What goes wrong is told by what comes.</summary>
        async Task SendAll()
        {
            try
            {
                for (; ; )
                {
                    await _waiting.WaitAsync(_stop.Token).ConfigureAwait(false);
                    if (!_toSend.TryDequeue(out var message)) continue;
                    await _call.Send(message, _stop.Token).ConfigureAwait(false);
                    Interlocked.Add(ref _unsent, -message.Count);
                }
            }
            catch (Exception error) when (error is PantoMatrixException || error is OperationCanceledException) { }
        }
    }
}
