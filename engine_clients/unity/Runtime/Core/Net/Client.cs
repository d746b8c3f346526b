using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>A converted file, or frames if they were asked for.</summary>
    public sealed class Conversion
    {
        public ConvertHeader Header;
        public byte[] File = Array.Empty<byte>();
        public Motion Motion;
    }

    /// <summary>Calls that have one request: a clip's motion, a conversion, the catalog. They throw PantoMatrixException, and
    /// OperationCanceledException where the caller cancelled. Of several addresses the first is asked that answers and has room.</summary>
    public sealed class Client
    {
        readonly Connection _connection;

        public Client(Connection connection) => _connection = connection;

        /// <summary>Of a whole call.</summary>
        public TimeSpan Timeout = TimeSpan.FromMinutes(10);

        public async Task<GetCatalogResponse> Catalog(CancellationToken cancelled = default)
        {
            GetCatalogResponse catalog = null;
            await Ask(CatalogPaths.GetCatalog, new GetCatalogRequest(), data =>
            {
                catalog = Message.Parse(new GetCatalogResponse(), data);
                return true;
            }, cancelled).ConfigureAwait(false);
            return catalog;
        }

        /// <summary>The whole clip. progress: called with 0 to 1, by some thread; blocks: with the frames as they came, in order.</summary>
        public async Task<Motion> Generate(
            GenerateMotionRequest request, Action<double> progress = null, CancellationToken cancelled = default, Action<FrameBlock> blocks = null)
        {
            var motion = new Motion();
            await Ask(MotionPaths.GenerateMotion, request, data =>
            {
                var response = Message.Parse(new GenerateMotionResponse(), data);
                if (response.Header != null) motion.Begin(response.Header);
                if (response.Frames != null)
                {
                    motion.Append(response.Frames);
                    blocks?.Invoke(response.Frames);
                    progress?.Invoke(motion.Progress);
                }
                motion.Summary = response.Summary ?? motion.Summary;
                return response.Summary != null;
            }, cancelled).ConfigureAwait(false);
            motion.CheckWhole(motion.Summary.FrameCount);
            return motion;
        }

        public async Task<Conversion> Convert(ConvertRequest request, CancellationToken cancelled = default)
        {
            var conversion = new Conversion();
            var file = new MemoryStream();
            ConvertSummary summary = null;
            await Ask(ConvertPaths.Convert, request, data =>
            {
                var response = Message.Parse(new ConvertResponse(), data);
                conversion.Header = response.Header ?? conversion.Header;
                if (response.Chunk != null && response.Chunk.Data.Count > 0)
                    file.Write(response.Chunk.Data.Array, response.Chunk.Data.Offset, response.Chunk.Data.Count);
                if (response.MotionHeader != null) (conversion.Motion = new Motion()).Begin(response.MotionHeader);
                if (response.Frames != null) (conversion.Motion ?? new Motion()).Append(response.Frames);
                summary = response.Summary ?? summary;
                return summary != null;
            }, cancelled).ConfigureAwait(false);
            conversion.Motion?.CheckWhole(summary.FrameCount);
            if (file.Length < summary.ByteCount)
                throw new PantoMatrixException(ErrorCode.DataLoss, $"{file.Length} bytes came, {summary.ByteCount} were to come");
            conversion.File = file.ToArray();
            return conversion;
        }

        /// <summary>take: gets each response, and says whether it was the last one; without that the answer was cut off.</summary>
        async Task Ask(string path, Message request, Func<Bytes, bool> take, CancellationToken cancelled)
        {
            Bytes message = request.ToBytes();
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled))
            using (new Deadline(limit, Timeout))
                try
                {
                    for (int address = 0; ; ++address)
                    {
                        bool isLast = address == _connection.Addresses.Count - 1, came = false;
                        try
                        {
                            await Ask(address, path, message, data => { came = true; return take(data); }, limit.Token).ConfigureAwait(false);
                            return;
                        }
                        catch (PantoMatrixException error) when (error.IsPassing && !came && !isLast) { }
                    }
                }
                catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
                {
                    throw new PantoMatrixException(ErrorCode.DeadlineExceeded, $"no answer within {Timeout.TotalSeconds} s");
                }
        }

        async Task Ask(int address, string path, Bytes request, Func<Bytes, bool> take, CancellationToken cancelled)
        {
            using (var call = new Call(_connection, address, path))
            {
                await call.Open(cancelled).ConfigureAwait(false);
                await call.Send(request, cancelled).ConfigureAwait(false);
                bool isWhole = false;
                await call.Receive(response => isWhole = take(response), cancelled).ConfigureAwait(false);
                if (!isWhole) throw new PantoMatrixException(ErrorCode.DataLoss, "the answer was cut off");
                await call.Leave().ConfigureAwait(false);
            }
        }
    }
}
