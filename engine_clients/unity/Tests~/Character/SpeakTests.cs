using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Threading.Tasks;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>A clip is spoken. What is written, frame by frame, is for Python to check: the row, where the joints are, the
    /// weights, and which second is heard.</summary>
    static class SpeakTests
    {
        const double Frame = 1 / 60.0, Seconds = 2.5;

        public static void Run(string address, string samples, string avatar, string outFile, string weightsFile)
        {
            var actor = new Actor(avatar);
            var character = actor.Object.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.Motion.LookAheadSeconds = 0.316f;
            character.Mask[BodyRegion.LeftFingers] = 0;
            character.UpdateMode = UpdateMode.Manual;
            var told = new List<string>();
            character.Started += () => told.Add("started");
            character.SpeechStarted += speech => told.Add("speaks");
            character.SpeechFinished += speech => told.Add($"finished {speech.WasInterrupted}");
            character.StateChanged += state => told.Add(state.ToString());
            character.SpeechStarted += speech => throw new Exception("a user's handler");
            PlayerLoop.Step(Frame);
            var headBefore = actor.Human("Head").localRotation;
            var hipsBefore = actor.Human("Hips").localPosition;
            long fingerBefore = PlayerLoop.WritesTo(actor.Human("Left Index Proximal")), spineBefore = PlayerLoop.WritesTo(actor.Joints["mixamorig:Spine1"]);
            var source = character.AudioSource;
            var done = character.Speak(Sounds.Clip(samples, Seconds));
            var rows = new BinaryWriter(File.Create(outFile));
            var weights = new StreamWriter(weightsFile);
            var allocated = AllocatedBytes();
            long bytes = 0, ticks = 0;
            double worst = 0, before = 0;
            int spokenFrames = 0;
            PlayerLoop.StepUntil(() =>
            {
                long at = allocated();
                character.UpdatePose((float)Frame);
                at = allocated() - at;
                var speech = character.CurrentSpeech;
                if (speech == null || !speech.HasMotion || !source.isPlaying || source.timeSamples == 0) return done.IsCompleted;
                if (++spokenFrames < 30) return done.IsCompleted;
                bytes += at;
                ++ticks;
                // The engine counts in blocks; both of its counts are of the same moment.
                double start = AudioSettings.dspTime - (double)source.timeSamples / Sounds.Rate;
                double truth = Time.realtimeSinceStartupAsDouble - start;
                worst = Math.Max(worst, Math.Abs(speech.HeardSeconds - truth));
                Check.That(speech.HeardSeconds >= before, "what is heard does not go back");
                before = speech.HeardSeconds;
                Write(rows, character, actor);
                weights.WriteLine(FormattableString.Invariant($"{speech.HeardSeconds:r} {actor.Face.GetBlendShapeWeight(0) / 100:r} {character.GetCurve("jawOpen"):r}"));
                return done.IsCompleted;
            }, Frame);
            weights.Dispose();
            rows.Dispose();
            Check.Equal(string.Join(" ", told.ToArray()), "Connecting started Streaming speaks finished False", "what was told");
            Check.Equal(done.Result.WasInterrupted, false, "whether it was interrupted");
            Check.That(ticks > 60, "frames of speech");
            Check.That(worst <= Frame / 2, $"{worst} s between pose and sound");
            Check.Equal(PlayerLoop.WritesTo(actor.Human("Left Index Proximal")), fingerBefore, "writes to a masked joint");
            Check.Equal(PlayerLoop.WritesTo(actor.Joints["mixamorig:Spine1"]), spineBefore, "writes to a joint that is no humanoid's");
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1 && logged[0].Contains("a user's handler"), "the handler's exception is logged: " + string.Join(";", logged.ToArray()));
            using (var names = new StreamWriter(outFile + ".skeleton"))
                foreach (var joint in character.Header.Skeleton.Joints)
                {
                    var at = joint.RestTranslation;
                    names.WriteLine(FormattableString.Invariant($"{joint.Name}\t{joint.Parent ?? -1}\t{at.X:r}\t{at.Y:r}\t{at.Z:r}\t{joint.Role}"));
                }
            Check.That(allocated() == 0 || bytes == 0, $"{bytes} bytes in {ticks} frames");
            StopsAndFades(character, actor);
            Check.That(headBefore.Equals(actor.Human("Head").localRotation) && hipsBefore.Equals(actor.Human("Hips").localPosition), "all is where it was");
            Console.WriteLine($"latency {done.Result.Latency:0.000} off {worst * 1000:0.00} ms, {(allocated() == 0 ? "not counted" : bytes.ToString())} bytes");
        }

        static void StopsAndFades(PantoMatrixCharacter character, Actor actor)
        {
            character.Stop();
            for (int i = 0; i < 40; ++i)
            {
                PlayerLoop.Step(Frame);
                character.UpdatePose((float)Frame);
            }
            Check.Equal(character.State, LiveState.Ended, "the state after Stop");
            long writes = PlayerLoop.WritesTo(actor.Human("Head"));
            PlayerLoop.Step(Frame);
            character.UpdatePose((float)Frame);
            Check.Equal(PlayerLoop.WritesTo(actor.Human("Head")), writes, "writes after it has faded out");
        }

        static void Write(BinaryWriter into, PantoMatrixCharacter character, Actor actor)
        {
            foreach (float number in character.Pose) into.Write(number);
            foreach (var joint in character.Rig.Joints)
            {
                var place = joint.position;
                into.Write(place.x);
                into.Write(place.y);
                into.Write(place.z);
            }
            var root = actor.Object.transform.localToWorldMatrix;
            for (int i = 0; i < 16; ++i) into.Write(root[i / 4, i % 4]);
        }

        /// <summary>Of this thread; always 0 where the runtime does not count.</summary>
        public static Func<long> AllocatedBytes()
        {
            var count = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread", BindingFlags.Public | BindingFlags.Static);
            if (count == null) return () => 0;
            var counted = (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), count);
            long before = counted();
            GC.KeepAlive(new byte[100000]);
            return counted() - before >= 100000 ? counted : () => 0;
        }
    }
}
