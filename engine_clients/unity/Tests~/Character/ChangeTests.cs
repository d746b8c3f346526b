using System;
using System.Collections.Generic;
using System.Threading;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>A game that pauses, seeks and loops the sound, changes its mind, and speaks twice.</summary>
    static class ChangeTests
    {
        const double Frame = 1 / 60.0;

        public static void Run(string address, string samples)
        {
            var character = new GameObject("Face").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            PlayerLoop.Step(Frame);
            var source = character.AudioSource;
            Interrupts(character, samples);
            PausesAndLoops(character, source, samples);
            Follows(character, samples);
            Faster(character, source, samples);
            Cancels(character, samples);
            Console.WriteLine("changes ok");
        }

        /// <summary>Two characters at one server, at different times of the same clip.</summary>
        public static void Two(string address, string samples, string avatar)
        {
            var connection = Sounds.At(address);
            var one = new Actor(avatar, "One").Object.AddComponent<PantoMatrixCharacter>();
            var other = new Actor(avatar, "Other", isHumanoid: false).Object.AddComponent<PantoMatrixCharacter>();
            one.Connection = other.Connection = connection;
            PlayerLoop.Step(Frame);
            var first = one.Speak(Sounds.Clip(samples, 1.5));
            for (int i = 0; i < 20; ++i) Wait();
            var second = other.Speak(Sounds.Clip(samples, 1));
            PlayerLoop.StepUntil(() => first.IsCompleted && second.IsCompleted, Frame);
            Check.That(first.Result.HasMotion && second.Result.HasMotion && one.Header.RequestId != other.Header.RequestId, "both speak");
            Check.That(other.Rig.Avatar == null && other.Header.Skeleton.Joints.Exists(joint => joint.Role == "left_elbow"), "names are known to the server");
            Console.WriteLine("two ok");
        }

        static void Interrupts(PantoMatrixCharacter character, string samples)
        {
            var told = new List<string>();
            Action<Speech> finished = speech => told.Add($"finished {speech.WasInterrupted}");
            Action interrupted = () => told.Add("interrupted");
            character.SpeechFinished += finished;
            character.Interrupted += interrupted;
            var first = character.Speak(Sounds.Clip(samples, 3));
            PlayerLoop.StepUntil(() => character.GetCurve("jawOpen") > 0.2, Frame);
            character.Interrupt();
            PlayerLoop.StepUntil(() => first.IsCompleted, Frame);
            Check.That(first.Result.WasInterrupted && !character.AudioSource.isPlaying, "the first one is cut off");
            PlayerLoop.StepUntil(() => character.GetCurve("jawOpen") < 0.05, Frame, 2);
            // Before the server has begun with it, and again at once.
            var second = character.Speak(Sounds.Clip(samples, 3));
            var third = character.Speak(Sounds.Clip(samples, 1));
            PlayerLoop.StepUntil(() => third.IsCompleted, Frame);
            Check.That(second.IsCompleted && second.Result.WasInterrupted && !second.Result.HasMotion, "the second one is cut off");
            Check.That(third.Result.HasMotion && !third.Result.WasInterrupted, "the third one is heard");
            Check.That(third.Result.Latency < 2.5, $"a latency of {third.Result.Latency}");
            Check.Equal(string.Join(", ", told.ToArray()), "interrupted, finished True, interrupted, finished False", "what was told");
            character.SpeechFinished -= finished;
            character.Interrupted -= interrupted;
        }

        static void PausesAndLoops(PantoMatrixCharacter character, AudioSource source, string samples)
        {
            source.loop = true;
            // Sound does not follow it, nor does who speaks.
            Time.timeScale = 0;
            var clip = Sounds.Clip(samples, 1.2);
            var done = character.Speak(clip);
            PlayerLoop.StepUntil(() => character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 0.5, Frame);
            source.Pause();
            for (int i = 0; i < 10; ++i) Wait();
            var pose = (float[])character.Pose.Clone();
            double heard = character.CurrentSpeech.HeardSeconds;
            for (int i = 0; i < 60; ++i) Wait();
            Check.Near(character.CurrentSpeech.HeardSeconds, heard, 1e-9, "what is heard while the sound is paused");
            Check.That(Same(pose, character.Pose), "the pose stands while the sound does");
            source.UnPause();
            // Round once: the same moments have the same poses.
            var poses = new SortedDictionary<double, float>();
            PlayerLoop.StepUntil(() =>
            {
                poses[character.CurrentSpeech.HeardSeconds] = character.GetCurve("jawOpen");
                return character.CurrentSpeech.HeardSeconds < 0.2;
            }, Frame);
            PlayerLoop.StepUntil(() => character.CurrentSpeech.HeardSeconds > 0.7, Frame);
            for (int i = 0; i < 20; ++i)
            {
                Wait();
                double at = character.CurrentSpeech.HeardSeconds;
                double near = 9;
                float value = 0;
                foreach (var one in poses)
                    if (Math.Abs(one.Key - at) < near)
                    {
                        near = Math.Abs(one.Key - at);
                        value = one.Value;
                    }
                Check.Near(character.GetCurve("jawOpen"), value, 0.02 + 8 * near, $"the mouth at {at}, the second time");
            }
            source.timeSamples = (int)(0.3 * Sounds.Rate);
            Wait();
            Wait();
            Check.Near(character.CurrentSpeech.HeardSeconds, 0.33, 0.05, "what is heard after a seek");
            // All sound is paused, as in a game's menu; then headphones are put in, which stops all sources.
            AudioListener.pause = true;
            Wait();
            heard = character.CurrentSpeech.HeardSeconds;
            for (int i = 0; i < 10; ++i) Wait();
            Check.Near(character.CurrentSpeech.HeardSeconds, heard, 1e-9, "what is heard while all sound is paused");
            AudioListener.pause = false;
            Wait();
            heard = character.CurrentSpeech.HeardSeconds;
            source.Stop();
            PlayerLoop.ChangeAudioDevice();
            for (int i = 0; i < 5; ++i) Wait();
            Check.Near(character.CurrentSpeech.HeardSeconds, heard + 5 * Frame, 0.06, "what is heard from another device");
            source.loop = false;
            PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
            Check.That(!done.Result.WasInterrupted, "it ends when it loops no more");
            Time.timeScale = 1;
        }

        static void Follows(PantoMatrixCharacter character, string samples)
        {
            var header = character.Header;
            character.CurveAdjustments = new[] { new CurveCorrection("jawOpen", gain: 0) };
            var done = character.Speak(Sounds.Clip(samples, 1.5));
            PlayerLoop.StepUntil(() => character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 0.7, Frame);
            float widest = 0;
            PlayerLoop.StepUntil(() =>
            {
                widest = Math.Max(widest, character.GetCurve("jawOpen"));
                return done.IsCompleted;
            }, Frame);
            Check.That(widest < 0.01, $"the mouth stays shut: {widest}");
            character.CurveAdjustments = null;
            character.Emotions = new[] { new EmotionLevel("no such feeling", 1) };
            PlayerLoop.StepUntil(() => PlayerLoop.Logged().Exists(one => one.Contains("not changed") && one.Contains("no such feeling")), Frame);
            character.Emotions = new[] { new EmotionLevel("joy", 1) };
            PlayerLoop.StepUntil(() => character.GetCurve("mouthSmileLeft") > 0.1, Frame);
            Check.That(ReferenceEquals(header, character.Header), "it is the same stream");
            character.Emotions = null;
            // A stream has it from its beginning.
            character.GestureAmplitude = 0.5f;
            PlayerLoop.StepUntil(() => character.Header != null && !ReferenceEquals(header, character.Header), Frame);
            // In the inspector.
            header = character.Header;
            character.Motion.GestureRate = 0.5f;
            PlayerLoop.Validate(character);
            PlayerLoop.StepUntil(() => character.Header != null && !ReferenceEquals(header, character.Header), Frame, 10);
        }

        /// <summary>One and a half times as fast as it was spoken: frames have to be there in time.</summary>
        static void Faster(PantoMatrixCharacter character, AudioSource source, string samples)
        {
            source.pitch = 1.5f;
            var done = character.Speak(Sounds.Clip(samples, 3));
            float widest = 0;
            PlayerLoop.StepUntil(() =>
            {
                if (character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 1.5) widest = Math.Max(widest, character.GetCurve("jawOpen"));
                return done.IsCompleted;
            }, Frame);
            Check.That(widest > 0.2, $"the mouth moves to the end: {widest}");
            source.pitch = 1;
        }

        static void Cancels(PantoMatrixCharacter character, string samples)
        {
            using (var cancel = new CancellationTokenSource())
            {
                var done = character.Speak(Sounds.Clip(samples, 3), cancelled: cancel.Token);
                PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
                cancel.Cancel();
                PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
                Check.That(done.IsCanceled && !character.IsSpeaking && !character.AudioSource.isPlaying, "it is cancelled");
            }
        }

        static bool Same(float[] one, float[] other)
        {
            for (int i = 0; i < one.Length; ++i)
                if (one[i] != other[i]) return false;
            return true;
        }

        static void Wait()
        {
            Thread.Sleep(16);
            PlayerLoop.Step(Frame);
        }
    }
}
