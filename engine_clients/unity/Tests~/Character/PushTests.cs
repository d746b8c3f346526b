using System;
using System.Collections.Generic;
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
                character.PushAudio(part, part.Length, Rate, 2);
            }
            character.EndUtterance();
            int begun = -1;
            float widest = 0;
            PlayerLoop.StepUntil(() =>
            {
                if (begun < 0 && character.IsSpeaking) begun = PlayerLoop.Heard.Count;
                if (character.IsSpeaking) widest = Math.Max(widest, actor.Face.GetBlendShapeWeight(0));
                return told.Count > 1;
            }, Frame);
            for (int i = 0; i < 15; ++i) PlayerLoop.Step(Frame);
            Check.Equal(string.Join(", ", told.ToArray()), "speaks True, finished False", "what was told");
            Check.That(widest > 20, $"the mouth opens, to {widest}");
            double late = Compare(pushed, begun);
            told.Clear();

            character.PushAudio(pushed, pushed.Length, Rate, 2);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            for (int i = 0; i < 20; ++i) PlayerLoop.StepUntil(() => true, Frame);
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
            character.Stop();
            Check.That(source.clip == own && !source.loop, "the AudioSource is as it was");
            for (int i = 0; i < 3; ++i) PlayerLoop.Step(Frame);
            Console.WriteLine($"pushed ok, heard {late * 1000:0.0} ms off its pose");
        }

        static void Wait()
        {
            System.Threading.Thread.Sleep(16);
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

        /// <summary>Where what was pushed is in what was heard, in seconds from where its first pose was shown. All of it has to be
        /// there, at half the volume.</summary>
        static double Compare(float[] pushed, int begun)
        {
            var resampler = new Resampler(Rate, 48000);
            var mono = new float[pushed.Length / 2];
            for (int i = 0; i < mono.Length; ++i) mono[i] = pushed[2 * i];
            var wanted = new float[resampler.Room(mono.Length) + 64];
            int count = resampler.Convert(mono, 0, mono.Length, wanted);
            double best = double.NegativeInfinity;
            int bestAt = 0;
            for (int shift = -9600; shift <= 9600; shift += 6)
            {
                double sum = 0;
                for (int i = 0; i < count; i += 12)
                {
                    int at = begun + shift + i;
                    if (at >= 0 && at < PlayerLoop.Heard.Count) sum += wanted[i] * PlayerLoop.Heard[at];
                }
                if (sum <= best) continue;
                best = sum;
                bestAt = shift;
            }
            double own = 0, heard = 0;
            for (int i = 0; i < count; i += 12)
            {
                own += wanted[i] * wanted[i];
                int at = begun + bestAt + i;
                if (at >= 0 && at < PlayerLoop.Heard.Count) heard += PlayerLoop.Heard[at] * PlayerLoop.Heard[at];
            }
            double likeness = best / Math.Sqrt(own * heard);
            Check.That(likeness > 0.8, $"what is heard is what was pushed: {likeness}");
            Check.That(Math.Sqrt(heard / own) > 0.4 && Math.Sqrt(heard / own) < 0.6, "it is heard at the AudioSource's volume");
            return bestAt / 48000.0;
        }
    }
}
