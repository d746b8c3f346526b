using System;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>What one trips over at first: each is told with what to do, and nothing breaks.</summary>
    static class MistakeTests
    {
        const double Frame = 1 / 60.0;

        public static void Run(string samples)
        {
            var character = new GameObject("Cube").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At("localhost:1");
            Check.Contains(Check.Throws<ArgumentNullException>(() => character.Speak(null)).Message, "Cube");
            var clip = Sounds.Clip(samples, 0.2);
            PlayerLoop.SetImport(clip, AudioClipLoadType.CompressedInMemory, AudioDataLoadState.Loaded);
            Check.Contains(Check.Throws<ArgumentException>(() => character.Speak(clip)).Message, "Decompress On Load");
            Check.Throws<ArgumentException>(() => character.PushAudio(new float[10], 11, 16000, 1));
            Check.Throws<ArgumentException>(() => character.PushAudio(new float[10], 10, 16000, 3));
            Check.Throws<ArgumentException>(() => character.PushAudio(new float[10], 10, 100, 1));
            Check.Throws<ArgumentNullException>(() => character.ListenTo(null));
            Check.Throws<ArgumentException>(() => character.Connection.Addresses = new string[0]);
            // The inspector makes elements of zeros.
            character.Motion.CurveAdjustments.Add(default);
            character.Motion.PartStrengths.Add(default);
            character.Motion.Emotions.Add(default);
            PlayerLoop.Validate(character);
            var curve = character.Motion.CurveAdjustments[0];
            Check.That(curve.Gain == 1 && curve.Maximum == 1, "a new correction changes nothing");
            Check.That(character.Motion.PartStrengths[0].Gain == 1 && character.Motion.Emotions[0].Strength == 1, "a new part moves");
            character.CurveAdjustments = null;
            character.PartStrengths = null;
            character.Emotions = null;
            character.Interrupt();
            character.EndUtterance();
            character.Stop();
            Check.That(character.Pose == null && character.GetCurve("jawOpen") == 0 && character.CurrentSpeech == null, "nothing yet");

            // Preload Audio Data is off: it is loaded first.
            var unloaded = Sounds.Clip(samples, 0.2);
            PlayerLoop.SetImport(unloaded, AudioClipLoadType.DecompressOnLoad, AudioDataLoadState.Unloaded);
            var done = character.Speak(unloaded, new SpeakOptions { WaitSeconds = 0.1f });
            PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
            Check.That(!done.Result.WasInterrupted, "a clip that was not loaded");
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1 && logged[0].Contains("Humanoid") && logged[0].Contains("only the face"), "a cube has no hips: " + string.Join("; ", logged.ToArray()));

            character.gameObject.SetActive(false);
            Check.Contains(Check.Throws<InvalidOperationException>(() => character.Speak(Sounds.Clip(samples, 0.2))).Message, "not active");
            character.Interrupt();
            character.Stop();
            character.gameObject.SetActive(true);
            UnityEngine.Object.Destroy(character.AudioSource);
            PlayerLoop.Step(Frame);
            done = character.Speak(Sounds.Clip(samples, 0.2), new SpeakOptions { WaitSeconds = 0.1f });
            PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
            Check.That(character.AudioSource != null && !done.Result.WasInterrupted, "another AudioSource");
            character.Stop();
            Check.Equal(PantoMatrixConnection.Default.Addresses[0], "localhost:8080", "the default address");
            Console.WriteLine("mistakes ok");
        }
    }
}
