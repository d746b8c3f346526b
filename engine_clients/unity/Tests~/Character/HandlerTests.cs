using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>Who is told of something does anything in answer: speaks again, ends the character, exchanges it. And scripts that
    /// ask before the character was enabled.</summary>
    static class HandlerTests
    {
        const double Frame = 1 / 60.0;

        sealed class Early : MonoBehaviour
        {
            public AudioClip Clip;
            public Task<Speech> Done;

            void OnEnable() => Done = GetComponent<PantoMatrixCharacter>().Speak(Clip);
        }

        public static void Run(string address, string samples)
        {
            SpeaksEarly(address, samples);
            SpeaksAgainWhileItEnds(address, samples, character => character.enabled = false);
            SpeaksAgainWhileItEnds(address, samples, character => UnityEngine.Object.Destroy(character.gameObject));
            foreach (var act in new Action<PantoMatrixCharacter>[]
            {
                character => character.gameObject.SetActive(false),
                character => UnityEngine.Object.DestroyImmediate(character.gameObject),
                character => character.Stop(),
                character => character.Rebuild(),
                character =>
                {
                    character.enabled = false;
                    character.enabled = true;
                },
            }) Answers(address, samples, act);
            // Before its header a stream is for joints that are others now.
            var rebuilt = Face(address);
            rebuilt.Idle();
            rebuilt.Rebuild();
            PlayerLoop.StepUntil(() => rebuilt.Header != null && rebuilt.Pose != null, Frame);
            rebuilt.Stop();
            Console.WriteLine("handlers ok");
        }

        static void SpeaksEarly(string address, string samples)
        {
            var one = new GameObject("Early");
            one.SetActive(false);
            var early = one.AddComponent<Early>();
            early.Clip = Sounds.Clip(samples, 0.5);
            var character = one.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            one.AddComponent<AudioSource>();
            one.SetActive(true);
            Check.That(early.Done != null, "a script that was enabled before the character may speak");
            PlayerLoop.StepUntil(() => early.Done.IsCompleted, Frame);
            Check.That(early.Done.Result.HasMotion, "it is said");
            UnityEngine.Object.DestroyImmediate(one);
        }

        static void SpeaksAgainWhileItEnds(string address, string samples, Action<PantoMatrixCharacter> end)
        {
            var character = Face(address);
            var clip = Sounds.Clip(samples, 3);
            var first = character.Speak(clip);
            Task<Speech> second = null;
            Exception refused = null;
            first.ContinueWith(task =>
            {
                try
                {
                    second = character.Speak(clip);
                }
                catch (Exception error)
                {
                    refused = error;
                }
            }, TaskContinuationOptions.ExecuteSynchronously);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            end(character);
            for (int i = 0; i < 3; ++i) PlayerLoop.Step(Frame);
            Check.That(second == null && refused is InvalidOperationException, $"to speak is refused while it ends: {refused?.Message}");
            Check.Contains(refused.Message, "not active");
        }

        /// <summary>Whatever is told.</summary>
        static void Answers(string address, string samples, Action<PantoMatrixCharacter> act)
        {
            var tellers = new List<Action<PantoMatrixCharacter, Action>>
            {
                (character, then) => character.Started += then,
                (character, then) => character.StateChanged += state => then(),
                (character, then) => character.SpeechStarted += speech => then(),
                (character, then) => character.SpeechFinished += speech => then(),
                (character, then) => character.Interrupted += then,
                (character, then) =>
                {
                    character.Connection = Sounds.At("localhost:1");
                    character.Connection.ReconnectSeconds = 0;
                    character.Failed += error => then();
                },
            };
            foreach (bool isPushed in new[] { false, true })
                foreach (var teller in tellers)
                {
                    var character = Face(address);
                    bool isTold = false;
                    teller(character, () =>
                    {
                        if (isTold) return;
                        isTold = true;
                        act(character);
                    });
                    if (isPushed)
                    {
                        var pushed = Sounds.Read(samples, 0.5);
                        character.PushAudio(pushed, pushed.Length, Sounds.Rate, 1);
                        character.EndUtterance();
                    }
                    else character.Speak(Sounds.Clip(samples, 0.5));
                    bool hasInterrupted = false;
                    PlayerLoop.StepUntil(() =>
                    {
                        if (tellers.IndexOf(teller) == 4 && character != null && character.IsSpeaking && !hasInterrupted)
                        {
                            hasInterrupted = true;
                            character.Interrupt();
                        }
                        return isTold;
                    }, Frame, 20);
                    for (int i = 0; i < 3; ++i) PlayerLoop.Step(Frame);
                    var logged = PlayerLoop.Logged();
                    Check.That(!logged.Exists(one => one.StartsWith("Exception")), string.Join("; ", logged.ToArray()));
                    if (character != null) UnityEngine.Object.DestroyImmediate(character.gameObject);
                }
        }

        static PantoMatrixCharacter Face(string address)
        {
            var character = new GameObject("Face").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            PlayerLoop.Step(Frame);
            return character;
        }
    }
}
