using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>What tests/vectors has: bytes, and what they mean.</summary>
    static class VectorTests
    {
        public static void Run(string folder)
        {
            var request = Same<GenerateMotionRequest>(File.ReadAllBytes(Path.Combine(folder, "generate_request.bin")));
            Check.Equal(request.Options.Seed, (1UL << 63) + 5, "the seed");
            Check.Equal(request.Options.CurveAdjustments[0].Gain, (float?)0, "a gain that is 0");
            Check.Equal(request.Options.CurveAdjustments[0].Offset, null, "an offset that is not set");
            Check.Equal(request.Audio.SourceCase, Audio.SourceOneofCase.Pcm, "the audio");
            var requests = Messages(folder, "stream_requests").Select(Same<StreamMotionRequest>).ToList();
            Check.Equal(requests[3].Interrupt.PlayedSeconds, null, "seconds that are not set");
            Check.Equal(requests[4].Interrupt.PlayedSeconds, (double?)0, "seconds that are 0");
            Check.Equal(requests[0].Start.Labels["character"], "Käthe", "a label");
            foreach (string name in new[] { "stream_responses", "compact_responses" })
                Frames(folder, Messages(folder, name).Select(Same<StreamMotionResponse>).ToList(), name[0] == 'c' ? 4e-3 : 0);
            StatusText(folder);
            Empty();
            Console.WriteLine("vectors ok");
        }

        static void Frames(string folder, List<StreamMotionResponse> responses, double tolerance)
        {
            var motion = new Motion();
            foreach (var response in responses)
            {
                if (response.Header != null)
                {
                    motion.Layout = new FrameLayout(response.Header);
                    motion.Header = response.Header;
                }
                if (response.Frames != null) motion.Frames.Append(response.Frames, motion.Layout);
            }
            Check.Equal(string.Join(" ", responses.Select(one => one.MessageCase)), "Header Frames Frames Frames UtteranceEnd Refusal Audio Summary", "messages");
            Check.Equal(responses[5].Refusal.Reason, ErrorReason.UnknownName, "the reason");
            Check.Equal((int)motion.Header.Channels[2].Kind, 99, "a kind that is not known");
            Check.That(motion.Frames.Idle, "the last block is idle");
            var numbers = Numbers(File.ReadAllText(Path.Combine(folder, "frames.json")), "frames");
            Check.Equal(motion.Frames.FrameCount * motion.Layout.Floats, numbers.Count, "numbers of frames");
            for (int at = 0; at < numbers.Count; at += motion.Layout.Floats)
                Near(motion.Frames.Data, at, numbers, at, tolerance, $"the frame at number {at}");
            if (tolerance > 0) return;
            string samples = File.ReadAllText(Path.Combine(folder, "samples.json"));
            var times = Numbers(samples, "times");
            var poses = Numbers(samples, "poses");
            var pose = new float[motion.Layout.Floats];
            for (int i = 0; i < times.Count; ++i)
            {
                motion.Sample(times[i], pose);
                Near(pose, 0, poses, i * pose.Length, 1e-6, $"the pose at {times[i]} s");
            }
        }

        /// <summary>q and -q are the same rotation.</summary>
        static void Near(float[] found, int at, List<double> expected, int from, double tolerance, string what)
        {
            for (int i = 0; i < 17; ++i)
            {
                int q = (i - 3) / 4 * 4 + 3;
                bool isTurned = i >= 3 && i < 15 && Enumerable.Range(q, 4).Sum(j => found[at + j] * expected[from + j]) < 0;
                Check.Near(isTurned ? -found[at + i] : found[at + i], expected[from + i], tolerance, what);
            }
        }

        static void StatusText(string folder)
        {
            string file = File.ReadAllText(Path.Combine(folder, "status.json"));
            string text = Json(file, "text");
            var error = Status.Of(4003, "", text);
            Check.Equal(error.Code, ErrorCode.InvalidArgument, "the code");
            Check.Equal(error.Message, Json(file, "message"), "the message");
            Check.Equal(error.RequestId, "0123456789abcdef", "the request id");
            Check.Equal(error.Field, "options.fps", "the field");
            Check.Equal(error.Reason, "INVALID_OPTION", "the reason");
            Check.Equal(Status.Of(4005, "gone", null).Code, ErrorCode.NotFound, "without a text");
            Check.Equal(Status.Of(1006, "", null).Code, ErrorCode.Unavailable, "a connection that broke");
            Check.Equal(Status.Of(1009, "", null).Reason, "OVER_LIMIT", "too large");
            Check.Equal(Status.Of(4003, "", "{\"code\": ").Code, ErrorCode.Unknown, "half a text");
        }

        static void Empty()
        {
            Check.Equal(new MotionOptions().ToBytes().Length, 0, "bytes of an empty message");
            Check.Equal(new StreamMotionRequest { EndOfUtterance = new EndOfUtterance() }.ToBytes().Length, 2, "bytes of an empty choice");
            var joint = new Joint { Name = "root", Parent = -1 };
            Check.Equal(Message.Parse(new Joint(), joint.ToBytes()).Parent, (int?)-1, "a number below 0");
            var zero = new Vector3 { X = -0f };
            Check.Equal(zero.ToBytes().Length, 5, "bytes of -0, which is not 0");
            var either = new MotionOptions { Skeleton = "smplx" };
            either.CustomSkeleton = new Skeleton();
            Check.Equal(either.Skeleton, null, "the other of a choice");
            // Numbers of a list may come alone, and those of another version are skipped.
            var channel = Message.Parse(new Channel(), new byte[] { 6 << 3, 5, 6 << 3 | 2, 2, 6, 7, 60 << 3 & 127 | 128, 3, 1 });
            Check.Equal(string.Join(" ", channel.Joints), "5 6 7", "joints");
        }

        static T Same<T>(Bytes bytes) where T : Message, new()
        {
            var message = Message.Parse(new T(), bytes);
            Check.That(message.ToBytes().SequenceEqual(bytes.ToArray()), "the same bytes of " + typeof(T).Name);
            return message;
        }

        static T Same<T>(byte[] bytes) where T : Message, new() => Same<T>((Bytes)bytes);

        public static List<Bytes> Messages(string folder, string name)
        {
            byte[] file = File.ReadAllBytes(Path.Combine(folder, name + ".bin"));
            var messages = new List<Bytes>();
            for (int at = 0; at < file.Length;)
            {
                int length = 0, shift = 0;
                for (; ; shift += 7)
                {
                    length |= (file[at] & 127) << shift;
                    if (file[at++] < 128) break;
                }
                messages.Add(new Bytes(file, at, length));
                at += length;
            }
            return messages;
        }

        /// <summary>All numbers of a list, however deep.</summary>
        static List<double> Numbers(string json, string name)
        {
            int at = json.IndexOf("\"" + name + "\":", StringComparison.Ordinal) + name.Length + 3, depth = 0;
            int from = at;
            for (; ; ++at)
                if (json[at] == '[') ++depth;
                else if (json[at] == ']' && --depth == 0) break;
            return json.Substring(from, at - from).Split("[], \n".ToCharArray(), StringSplitOptions.RemoveEmptyEntries)
                .Select(word => double.Parse(word)).ToList();
        }

        static string Json(string json, string name)
        {
            var found = System.Text.RegularExpressions.Regex.Match(json, "\"" + name + "\": \"((?:[^\"\\\\]|\\\\.)*)\"");
            return System.Text.RegularExpressions.Regex.Unescape(found.Groups[1].Value.Replace("\\\"", "\""));
        }
    }
}
