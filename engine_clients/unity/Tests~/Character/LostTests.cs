using System;
using System.Collections.Generic;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>Servers that go away, that were never there, and characters that do.</summary>
    static class LostTests
    {
        const double Frame = 1 / 60.0;

        /// <summary>The first server is killed by who reads "now".</summary>
        public static void Run(string first, string second, string samples)
        {
            var character = Face(Sounds.At(first, second));
            var told = new List<string>();
            character.GoneOn += gone => told.Add(gone.Address);
            character.Failed += error => told.Add(error.Message);
            // Long enough that its frames have not all come by then, however slow the frames of this game are.
            var done = character.Speak(Sounds.Clip(samples, 8));
            PlayerLoop.StepUntil(() => character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 0.5, Frame);
            Console.WriteLine("now");
            float widest = 0;
            PlayerLoop.StepUntil(() =>
            {
                if (character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 3) widest = Math.Max(widest, character.GetCurve("jawOpen"));
                return done.IsCompleted;
            }, Frame);
            Check.Equal(string.Join(", ", told.ToArray()), second, "what was told");
            Check.That(widest > 0.2 && done.Result.HasMotion && !done.Result.WasInterrupted, $"the mouth goes on: {widest}");
            Console.WriteLine("lost ok");
        }

        /// <summary>Nobody is there: the clip is heard without motion, and it is said once what to do.</summary>
        public static void Alone(string samples)
        {
            var connection = Sounds.At("localhost:1");
            connection.ReconnectSeconds = 0;
            var character = Face(connection);
            var failed = new List<PantoMatrixException>();
            character.Failed += failed.Add;
            for (int time = 0; time < 2; ++time)
            {
                var done = character.Speak(Sounds.Clip(samples, 0.5), new SpeakOptions { WaitSeconds = 0.2f });
                PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
                Check.That(!done.Result.HasMotion && !done.Result.WasInterrupted && done.Result.HeardSeconds > 0.4, "it is heard");
            }
            Check.Equal(failed.Count, 2, "failures");
            Check.Equal(failed[0].Code, ErrorCode.Unavailable, "the code");
            // Who listens tries again, but not in each frame.
            character.ListenToMicrophone();
            PlayerLoop.StepUntil(() => failed.Count > 2, Frame);
            for (int i = 0; i < 60; ++i)
            {
                System.Threading.Thread.Sleep(5);
                PlayerLoop.Step(Frame);
            }
            Check.Equal(failed.Count, 3, "failures while listening");
            character.Stop();
            PlayerLoop.Step(Frame);
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1, "it is said once: " + string.Join("; ", logged.ToArray()));
            Check.Contains(logged[0], "localhost:1");
            Check.Equal(character.State, LiveState.Ended, "the state");
            Console.WriteLine("alone ok");
        }

        /// <summary>Ways to end: nothing may be left at the server after any. Between them it is looked at: a line is read.</summary>
        public static void Ends(string address, string samples)
        {
            var ways = new Dictionary<string, Action<PantoMatrixCharacter>>
            {
                ["stop"] = character => character.Stop(),
                ["disable"] = character => character.enabled = false,
                ["inactive"] = character => character.gameObject.SetActive(false),
                ["destroy"] = character => UnityEngine.Object.Destroy(character.gameObject),
                ["pause"] = character =>
                {
                    PlayerLoop.Platform = RuntimePlatform.Android;
                    PlayerLoop.Pause(true);
                },
                ["quit"] = character => PlayerLoop.Quit(),
            };
            foreach (var way in ways)
            {
                var character = Face(Sounds.At(address));
                var done = character.Speak(Sounds.Clip(samples, 3));
                PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
                Console.WriteLine("open");
                Console.ReadLine();
                way.Value(character);
                for (int i = 0; i < 3; ++i) PlayerLoop.Step(Frame);
                Check.That(done.IsCompleted && done.Result.WasInterrupted, $"who waits is told: {way.Key}");
                Console.WriteLine(way.Key);
                Console.ReadLine();
                PlayerLoop.Platform = RuntimePlatform.WindowsPlayer;
            }
            Console.WriteLine("ends ok");
        }

        static PantoMatrixCharacter Face(PantoMatrixConnection connection)
        {
            var character = new GameObject("Face").AddComponent<PantoMatrixCharacter>();
            character.Connection = connection;
            character.ApplyBody = false;
            PlayerLoop.Step(Frame);
            return character;
        }
    }
}
