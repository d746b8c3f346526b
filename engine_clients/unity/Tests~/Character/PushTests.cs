using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>Speech that a program makes in bursts, at another rate and in stereo: heard whole, in time with its poses.</summary>
    static class PushTests
    {
        const double Frame = 1 / 60.0;
        const int Rate = 24000;

        public static void Run(string address, string samples, string avatar)
        {
            var actor = new Actor(avatar);
            var character = actor.Object.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            var source = character.AudioSource;
            var own = AudioClip.Create("own", 100, 1, 16000, false);
            source.clip = own;
            source.volume = 0.5f;
            var told = new List<string>();
            character.SpeechStarted += speech => told.Add($"speaks {speech.Clip == null}");
            character.SpeechFinished += speech => told.Add($"finished {speech.WasInterrupted}");
            character.Interrupted += () => told.Add("interrupted");
            PlayerLoop.Step(Frame);
            float[] pushed = Stereo(Sounds.Read(samples, 2));
            PlayerLoop.Records = true;
            PlayerLoop.Heard.Clear();
            for (int at = 0; at < pushed.Length; at += 24000)
            {
                var part = new float[Math.Min(24000, pushed.Length - at)];
                Array.Copy(pushed, at, part, 0, part.Length);
                // A synthesizer calls back in a thread of its own.
                Task.Run(() => character.PushAudio(part, part.Length, Rate, 2)).Wait();
            }
            Task.Run(character.EndUtterance).Wait();
            var shown = new List<Shown>();
            float widest = 0;
            PlayUntil(() =>
            {
                if (character.IsSpeaking)
                {
                    widest = Math.Max(widest, actor.Face.GetBlendShapeWeight(0));
                    shown.Add(new Shown { Seconds = character.CurrentSpeech.HeardSeconds, Heard = PlayerLoop.Heard.Count });
                }
                return told.Count > 1;
            });
            for (int i = 0; i < 15; ++i) PlayerLoop.Step(Frame);
            Check.Equal(string.Join(", ", told.ToArray()), "speaks True, finished False", "what was told");
            Check.That(widest > 20, $"the mouth opens, to {widest}");
            double late = Compare(pushed, shown);
            told.Clear();

            character.PushAudio(pushed, pushed.Length, Rate, 2);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            character.UpdateMode = UpdateMode.Manual;
            var allocated = SpeakTests.AllocatedBytes();
            // Where these frames are held up, more comes at once than there was room for: then it is tried again.
            long bytes = 1;
            for (int attempt = 0; attempt < 4 && bytes > 0; ++attempt)
            {
                bytes = 0;
                for (int i = 0; i < 25; ++i)
                {
                    Wait();
                    long before = allocated();
                    character.UpdatePose((float)Frame);
                    if (i >= 5) bytes += allocated() - before;
                }
            }
            Check.Equal(bytes, 0, "bytes in 20 frames");
            character.UpdateMode = UpdateMode.LateUpdate;
            character.Interrupt();
            PlayerLoop.StepUntil(() => told.Count >= 3, Frame);
            Check.Equal(string.Join(", ", told.ToArray()), "speaks True, interrupted, finished True", "what was told");
            for (int i = 0; i < 12; ++i) Wait();
            int silent = PlayerLoop.Heard.Count;
            for (int i = 0; i < 30; ++i) Wait();
            float loudest = 0;
            for (int i = silent; i < PlayerLoop.Heard.Count; ++i) loudest = Math.Max(loudest, Math.Abs(PlayerLoop.Heard[i]));
            Check.Equal(loudest, 0, "what is heard after an interrupt");
            Check.That(actor.Face.GetBlendShapeWeight(0) < 8, "the mouth is shut");
            told.Clear();
            // Two sentences at once: the server begins with the second while the first is still heard.
            for (int sentence = 0; sentence < 2; ++sentence)
            {
                character.PushAudio(pushed, pushed.Length / 3 / 2 * 2, Rate, 2);
                character.EndUtterance();
            }
            PlayerLoop.StepUntil(() => told.Count >= 4, Frame);
            Check.Equal(string.Join(", ", told.ToArray()), "speaks True, finished False, speaks True, finished False", "what was told");
            character.Stop();
            Check.That(source.clip == own && !source.loop, "the AudioSource is as it was");
            for (int i = 0; i < 3; ++i) PlayerLoop.Step(Frame);
            Console.WriteLine($"pushed ok, heard {late * 1000:0.0} ms off its pose");
        }

        /// <summary>Frames with pauses, which a busy machine makes longer. Sound goes by the real clock: the frame of no length tells it
        /// that the game has not gone on meanwhile.</summary>
        static void PlayUntil(Func<bool> isSo)
        {
            var clock = Stopwatch.StartNew();
            while (!isSo())
            {
                Check.That(clock.Elapsed.TotalSeconds < 60, "speech ends");
                Thread.Sleep(16);
                PlayerLoop.Step(0);
                PlayerLoop.Step(Frame);
            }
        }

        static void Wait()
        {
            Thread.Sleep(16);
            PlayerLoop.Step(Frame);
        }

        /// <summary>16 kHz -> 24 kHz in two channels.</summary>
        static float[] Stereo(float[] samples)
        {
            var resampler = new Resampler(Sounds.Rate, Rate);
            var made = new float[resampler.Room(samples.Length) + 64];
            int count = resampler.Convert(samples, 0, samples.Length, made);
            var stereo = new float[2 * count];
            for (int i = 0; i < count; ++i) stereo[2 * i] = stereo[2 * i + 1] = made[i];
            return stereo;
        }

        /// <summary>A pose: of which second of the speech, and how many samples had been heard by then.</summary>
        struct Shown
        {
            public double Seconds;
            public int Heard;
        }

        /// <summary>Seconds from where a pose was shown to where its sound was heard. All of what was pushed has to be there,
        /// at half the volume; to stay with the pose it runs up to a percent slower or faster, and where the pose waited for the
        /// server, so did the sound.</summary>
        static double Compare(float[] pushed, List<Shown> shown)
        {
            var resampler = new Resampler(Rate, 48000);
            var mono = new float[pushed.Length / 2];
            for (int i = 0; i < mono.Length; ++i) mono[i] = pushed[2 * i];
            var wanted = new float[resampler.Room(mono.Length) + 64];
            int count = resampler.Convert(mono, 0, mono.Length, wanted);
            const int Window = 2400, SoundBlock = 1024;
            var shifts = new List<double>();
            var likenesses = new List<double>();
            var volumes = new List<double>();
            int loud = 0;
            for (int from = 0; from + Window < count; from += Window)
            {
                double own = Energy(wanted, from, Window);
                if (own < 4) continue;
                ++loud;
                int at = HeardAt(shown, from / 48000.0), end = HeardAt(shown, (from + Window) / 48000.0);
                bool hasWaited = Math.Abs(end - at - Window) > 3 * SoundBlock / 2;
                if (hasWaited) continue;
                double shift = Best(wanted, from, Window, at - from, out double likeness, out double heard) / 48000.0;
                likenesses.Add(likeness);
                if (likeness < 0.8) continue;
                shifts.Add(shift);
                volumes.Add(Math.Sqrt(heard / own));
            }
            Check.That(loud >= 15, $"{loud} loud windows");
            Check.That(likenesses.Count >= loud / 2, $"of {loud} loud windows {likenesses.Count} were shown without a wait");
            likenesses.Sort();
            double least = likenesses[likenesses.Count / 10], median = likenesses[likenesses.Count / 2];
            Check.That(least > 0.4 && median > 0.8, $"what is heard is what was pushed: {least}, {median}");
            volumes.Sort();
            Check.Near(volumes[volumes.Count / 2], 0.5, 0.05, "the volume");
            // A voiced window is nearly the same a pitch period later, so single ones say little.
            shifts.Sort();
            double late = shifts[shifts.Count / 2];
            Check.That(Math.Abs(late) < 0.06, $"the sound is {late} s off its pose");
            return late;
        }

        static int HeardAt(List<Shown> shown, double seconds)
        {
            int next = Math.Max(1, shown.FindIndex(one => one.Seconds > seconds));
            Shown one = shown[next - 1], other = shown[next];
            return one.Heard + (int)((other.Heard - one.Heard) * (seconds - one.Seconds) / Math.Max(1e-9, other.Seconds - one.Seconds));
        }

        static int Best(float[] wanted, int from, int window, int begun, out double likeness, out double heard)
        {
            double best = double.NegativeInfinity, bestHeard = 1;
            int bestShift = 0;
            for (int shift = -4800; shift <= 4800; shift += 3)
            {
                int at = begun + from + shift;
                if (at < 0 || at + window > PlayerLoop.Heard.Count) continue;
                double product = 0, energy = 1e-9;
                for (int i = 0; i < window; i += 4)
                {
                    product += wanted[from + i] * PlayerLoop.Heard[at + i];
                    energy += PlayerLoop.Heard[at + i] * PlayerLoop.Heard[at + i];
                }
                if (product / Math.Sqrt(energy) <= best) continue;
                best = product / Math.Sqrt(energy);
                bestHeard = 4 * energy;
                bestShift = shift;
            }
            heard = bestHeard;
            likeness = best / Math.Sqrt(Energy(wanted, from, window) / 4);
            return bestShift;
        }

        static double Energy(float[] samples, int from, int count)
        {
            double sum = 0;
            for (int i = 0; i < count; ++i) sum += samples[from + i] * samples[from + i];
            return sum;
        }
    }
}
