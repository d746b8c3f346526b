using System;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>What is heard, from an engine that tells it in steps of 1024 samples: at most half a display frame off, never back.</summary>
    static class ClockTests
    {
        public static void Run()
        {
            double worst = 0;
            foreach (double display in new[] { 24.0, 30, 59.94, 60, 72, 90, 144, 240 })
                foreach (float pitch in new[] { 0.5f, 1f, 1.3f, 2f }) worst = Math.Max(worst, Play(1 / display, pitch));
            Seek();
            Pause();
            Resamples();
            Console.WriteLine($"clocks ok, at most {worst:0.000} of a display frame off");
        }

        /// <summary>The largest error, in display frames.</summary>
        static double Play(double frame, float pitch)
        {
            var source = Begin(pitch);
            var clock = new SoundClock();
            double from = Time.realtimeSinceStartupAsDouble, worst = 0, before = 0;
            source.Play();
            for (int i = 0; i < 400; ++i)
            {
                // No display is exact.
                PlayerLoop.Step(frame * (1 + 0.2 * Math.Sin(i * 0.7)));
                bool hasJumped = Ask(clock, source);
                double truth = (Time.realtimeSinceStartupAsDouble - from) * pitch;
                if (i < 3) continue;
                Check.That(!hasJumped && clock.Time >= before, "the clock does not go back");
                before = clock.Time;
                worst = Math.Max(worst, Math.Abs(clock.Time - truth) / pitch / frame);
            }
            // Frames are up to a fifth longer than their mean.
            Check.That(worst <= 0.6, $"{worst} frames off at {1 / frame} frames a second and pitch {pitch}");
            return worst / 1.2;
        }

        static void Seek()
        {
            var source = Begin(1);
            var clock = new SoundClock();
            source.Play();
            for (int i = 0; i < 60; ++i)
            {
                PlayerLoop.Step(1 / 60.0);
                Ask(clock, source);
            }
            source.timeSamples = 96000;
            PlayerLoop.Step(1 / 60.0);
            Check.That(Ask(clock, source), "it jumps when it is sought");
            Check.Near(clock.Time, 2, 0.04, "the place that was sought");
            source.time = 0.5f;
            PlayerLoop.Step(1 / 60.0);
            Check.That(Ask(clock, source) && Math.Abs(clock.Time - 0.5) < 0.04, "it jumps back");
        }

        static void Pause()
        {
            var source = Begin(1);
            var clock = new SoundClock();
            double start = Time.realtimeSinceStartupAsDouble;
            source.Play();
            for (int i = 0; i < 60; ++i)
            {
                PlayerLoop.Step(1 / 60.0);
                Ask(clock, source);
            }
            source.Pause();
            double at = clock.Time;
            for (int i = 0; i < 60; ++i)
            {
                PlayerLoop.Step(1 / 60.0);
                Check.That(!Ask(clock, source) && clock.Time - at < 0.03, "it stands while the sound does");
            }
            source.UnPause();
            for (int i = 0; i < 60; ++i)
            {
                PlayerLoop.Step(1 / 60.0);
                Check.That(!Ask(clock, source), "it goes on where it stood");
            }
            Check.Near(clock.Time, Time.realtimeSinceStartupAsDouble - start - 1, 0.03, "the time after a pause");
        }

        /// <summary>In pieces it gives what it gives whole; a tone that both rates hold stays as it was.</summary>
        static void Resamples()
        {
            foreach (int to in new[] { 16000, 44100, 48000, 24000 })
            {
                const int From = 24000, Count = 4800;
                var tone = new float[Count];
                for (int i = 0; i < Count; ++i) tone[i] = (float)Math.Sin(2 * Math.PI * 1000 * i / From);
                var one = new Resampler(From, to);
                var whole = new float[one.Room(Count) + one.Room(0)];
                int made = one.Convert(tone, 0, Count, whole);
                made += one.Flush(whole, made);
                Check.Near(made, (double)Count * to / From, 1, "how much comes out");
                for (int i = 100; i < made - 100; ++i) Check.Near(whole[i], Math.Sin(2 * Math.PI * 1000 * i / to), 0.01, $"the tone at {to} Hz, {i}");
                var other = new Resampler(From, to);
                int at = 0;
                for (int from = 0, piece = 1; from < Count; from += piece, piece = 1 + piece * 3 % 331)
                {
                    piece = Math.Min(piece, Count - from);
                    var part = new float[other.Room(piece)];
                    int count = other.Convert(tone, from, piece, part);
                    for (int i = 0; i < count; ++i) Check.Near(part[i], whole[at++], 1e-5, "a sample in pieces");
                }
            }
        }

        static bool Ask(SoundClock clock, AudioSource source) => clock.Update(
            (double)source.timeSamples / source.clip.frequency, 1024.0 / 48000 * source.pitch, source.isPlaying ? source.pitch : 0,
            Time.realtimeSinceStartupAsDouble);

        static AudioSource Begin(float pitch)
        {
            PlayerLoop.Begin();
            var source = new GameObject("Sound").AddComponent<AudioSource>();
            source.clip = AudioClip.Create("minute", 60 * 48000, 1, 48000, false);
            source.pitch = pitch;
            return source;
        }
    }
}
