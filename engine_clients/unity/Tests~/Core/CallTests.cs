using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Calls with one request, to a real server.</summary>
    static class CallTests
    {
        /// <summary>out: where the frames go, as 32-bit floats.</summary>
        public static void Run(string address, string speech, string output)
        {
            var client = new Client(new Connection(address));
            var catalog = client.Catalog().Result;
            Check.That(catalog.Features.Contains("resume"), "the catalog has features");
            var request = new GenerateMotionRequest
            {
                Options = new MotionOptions { Skeleton = "smplx", CoordinateSystem = "unity" },
                Audio = new Audio { Encoded = new EncodedAudio { Data = File.ReadAllBytes(speech) } },
            };
            double progress = 0;
            var motion = client.Generate(request, value => progress = value).Result;
            Check.Equal(progress, 1, "the progress");
            var bytes = new byte[4 * motion.Frames.FrameCount * motion.Layout.Floats];
            Buffer.BlockCopy(motion.Frames.Data, 0, bytes, 0, bytes.Length);
            File.WriteAllBytes(output, bytes);
            request.FrameEncoding = FrameEncoding.Compact;
            var compact = client.Generate(request).Result;
            Check.That(compact.Header.BytesPerFrame < motion.Header.BytesPerFrame / 2, "compact frames are small");
            int jaw = motion.Layout.Weights + motion.Header.CurveNames.IndexOf("jawOpen");
            for (int i = jaw; i < motion.Frames.FrameCount * motion.Layout.Floats; i += motion.Layout.Floats)
                Check.Near(compact.Frames.Data[i], motion.Frames.Data[i], 0.004, "jawOpen");
            Others(client, address, motion);
            Console.WriteLine($"{catalog.Models.Count} models, {catalog.Skeletons.Count} skeletons");
            Console.WriteLine($"{motion.Frames.FrameCount} frames, {motion.Layout.Joints} joints, {motion.Layout.Curves} curves");
        }

        static void Others(Client client, string address, Motion motion)
        {
            var wrong = new GenerateMotionRequest { Options = new MotionOptions { Skeleton = "nobody" }, Audio = Silence(1) };
            var error = Check.Throws<PantoMatrixException>(() => client.Generate(wrong).GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.NotFound, "the code");
            Check.Equal(error.Reason, "UNKNOWN_NAME", "the reason");
            Check.Equal(error.RequestId.Length > 8, true, "that there is a request id");
            error = Check.Throws<PantoMatrixException>(() => new Client(new Connection("127.0.0.1:1")).Catalog().GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.Unavailable, "the code where nobody is");
            Check.That(new Client(new Connection(new[] { "127.0.0.1:1", address })).Catalog().Result.Models.Count > 0, "the second address answers");
            var stopped = new CancellationTokenSource();
            var call = client.Generate(wrong, null, stopped.Token);
            stopped.Cancel();
            try
            {
                call.GetAwaiter().GetResult();
                Check.That(false, "a cancelled call ends");
            }
            catch (OperationCanceledException) { }
            catch (PantoMatrixException late) when (late.Code == ErrorCode.NotFound) { }
            client.Timeout = TimeSpan.FromMilliseconds(20);
            var minute = new GenerateMotionRequest { Audio = Silence(60) };
            error = Check.Throws<PantoMatrixException>(() => client.Generate(minute).GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.DeadlineExceeded, "the code of a call that takes too long");
            client.Timeout = TimeSpan.FromMinutes(1);
            string bvh = "HIERARCHY\nROOT hips\n{\nOFFSET 0 0 0\nCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n"
                + "JOINT spine\n{\nOFFSET 0 10 0\nCHANNELS 3 Zrotation Xrotation Yrotation\nEnd Site\n{\nOFFSET 0 10 0\n}\n}\n}\n"
                + "MOTION\nFrames: 2\nFrame Time: 0.5\n0 90 0 0 0 0 0 0 0\n0 90 0 0 0 0 0 90 0\n";
            var file = new ConvertRequest { Data = System.Text.Encoding.ASCII.GetBytes(bvh), SourceFormat = "bvh", File = new FileOutput { Format = "glb" } };
            var converted = client.Convert(file).Result;
            Check.Equal(System.Text.Encoding.ASCII.GetString(converted.File, 0, 4), "glTF", "the file's first bytes");
            file.Frames = new FrameOutput();
            converted = client.Convert(file).Result;
            Check.Equal(converted.Motion.Frames.FrameCount, 2, "converted frames");
        }

        public static void Refused(string address, string token)
        {
            var error = Check.Throws<PantoMatrixException>(() => new Client(new Connection(address, "wrong")).Catalog().GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.Unauthenticated, "the code of a wrong token");
            Check.That(new Client(new Connection(address, token)).Catalog().Result.Models.Count > 0, "the right token is taken");
            LiveTests.WrongToken(address);
            Console.WriteLine("token ok");
        }

        /// <summary>A server whose certificate no system trusts. hash: of it, in hexadecimal digits.</summary>
        public static void OwnCertificate(string address, string hash)
        {
            var error = Check.Throws<PantoMatrixException>(() => new Client(new Connection("wss://" + address)).Catalog().GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.Unavailable, "the code where a certificate is not trusted");
            System.Net.Security.RemoteCertificateValidationCallback isPinned = (_, certificate, chain, errors) =>
                certificate.GetCertHashString() == hash;
            SocketFactory pinned = (url, token) =>
            {
                var socket = new ClientSocket(url, token);
                socket.Options.RemoteCertificateValidationCallback = isPinned;
                return socket;
            };
            // Mono's WebSocket asks nobody: there the system has to trust it.
            if (Type.GetType("Mono.Runtime") == null)
                Check.That(new Client(new Connection("wss://" + address, "", pinned)).Catalog().Result.Models.Count > 0, "the pinned one is");
            hash = "another";
            error = Check.Throws<PantoMatrixException>(() => new Client(new Connection("wss://" + address, "", pinned)).Catalog().GetAwaiter().GetResult());
            Check.Equal(error.Code, ErrorCode.Unavailable, "the code where the pinned one is another");
            Console.WriteLine("certificate ok");
        }

        static Audio Silence(int seconds) => new Audio
        {
            Pcm = new PcmAudio
            {
                Format = new PcmFormat { Encoding = PcmEncoding.S16Le, SampleRateHz = 16000 }, Samples = new byte[32000 * seconds],
            },
        };
    }
}
