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
        /// <summary>A refusal comes long before so many more changes were said.</summary>
        const int MostOptionsKept = 256;

        readonly Call _call;
        readonly Action _wake;
        readonly CancellationTokenSource _stop = new CancellationTokenSource();
        readonly ByteArrays _arrays = new ByteArrays();
        readonly ConcurrentQueue<Bytes> _toSend = new ConcurrentQueue<Bytes>(), _came = new ConcurrentQueue<Bytes>();
        readonly WireWriter _writer = new WireWriter();
        readonly Responses _responses = new Responses();
        readonly Queue<KeyValuePair<long, Entry>> _options = new Queue<KeyValuePair<long, Entry>>();
        StreamMotionResponse _first;
        Bytes _taken;
        long _told;
        int _unsent, _isSending = 1;
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
            if (entry.Message.Options != null) _options.Enqueue(new KeyValuePair<long, Entry>(_told, entry));
            if (_options.Count > MostOptionsKept) _options.Dequeue();
            Send(entry.Message);
        }

        /// <summary>Nothing more will be said.</summary>
        public void CloseSide() => Send((Bytes)default);

        /// <summary>The options that were the message of this number.</summary>
        public Entry About(Refusal refusal)
        {
            foreach (var one in _options)
                if (one.Key == refusal.RequestIndex) return one.Value;
            return null;
        }

        /// <summary>The first response, as long as it was not taken.</summary>
        public bool TryPeek(out StreamMotionResponse response)
        {
            if (_first == null) TryTake(out _first);
            response = _first;
            return response != null;
        }

        /// <summary>The next response. What it has of frames and audio counts until the next call.</summary>
        public bool TryTake(out StreamMotionResponse response)
        {
            response = _first;
            _first = null;
            if (response != null) return true;
            _arrays.Return(_taken);
            _taken = default;
            if (!_came.TryDequeue(out var data)) return false;
            response = _responses.Read(data);
            _taken = data;
            return true;
        }

        /// <summary>Whether nothing more comes. error: why, null where the server ended it well.</summary>
        public bool HasEnded(out PantoMatrixException error)
        {
            bool hasEnded = _hasEnded;
            error = _error;
            return hasEnded && _first == null && _came.IsEmpty;
        }

        /// <summary>Ends it now.</summary>
        public void End()
        {
            try
            {
                _stop.Cancel();
            }
            catch (AggregateException)
            {
                // Of what was told to stop, and nobody waits for it. It comes of threads that are aborted in its midst, too, as where
                // Unity loads its scripts again.
            }
        }

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
            Send(_arrays.Copy(_writer.Written));
        }

        void Send(Bytes message)
        {
            Interlocked.Add(ref _unsent, message.Count);
            _toSend.Enqueue(message);
            SendAll();
        }

        async Task Run()
        {
            try
            {
                using (_stop.Token.Register(_call.Dispose))
                {
                    await _call.Open(_stop.Token).ConfigureAwait(false);
                    Volatile.Write(ref _isSending, 0);
                    SendAll();
                    await _call.Receive(Came, _stop.Token).ConfigureAwait(false);
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
            End();
            _call.Dispose();
            _wake();
        }

        void Came(Bytes data)
        {
            if (data.Count == 0) throw new PantoMatrixException(ErrorCode.DataLoss, "an empty response came");
            bool hasFrames = Responses.IsFrames(data);
            _came.Enqueue(_arrays.Copy(data));
            _hasFrames |= hasFrames;
            _wake();
        }

        /// <summary>Unless it is being done.</summary>
        void SendAll()
        {
            if (!_toSend.IsEmpty && Interlocked.Exchange(ref _isSending, 1) == 0) _ = SendWhatWaits();
        }

        /// <summary>What goes wrong is told by what comes.</summary>
        async Task SendWhatWaits()
        {
            try
            {
                // Without a token, which costs memory: what is under way ends with the socket.
                for (; _toSend.TryDequeue(out var message); _arrays.Return(message))
                {
                    await _call.Send(message, CancellationToken.None).ConfigureAwait(false);
                    Interlocked.Add(ref _unsent, -message.Count);
                }
                Volatile.Write(ref _isSending, 0);
            }
            catch (Exception error) when (error is PantoMatrixException || error is OperationCanceledException)
            {
                return;
            }
            SendAll();
        }
    }
}
