using System;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>The AudioSource that plays what is pushed: it is given back and taken again, paused, and heard from other devices.</summary>
    static class VoiceTests
    {
        const double Frame = 1 / 60.0;

        public static void Run(string address, string samples)
        {
            var character = new GameObject("Face").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            PlayerLoop.Step(Frame);
            PlayerLoop.Records = true;
            var pushed = Sounds.Read(samples, 2);
            void Push(int rate) => character.PushAudio(pushed, pushed.Length, rate, 1);

            Push(Sounds.Rate);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            // In one frame: the old voice is there until its end.
            character.Stop();
            Push(Sounds.Rate);
            HearsNoOnes("after Stop and PushAudio in one frame");
            Push(24000);
            HearsNoOnes("after a push at another rate");
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            character.Stop();
            PlayerLoop.Step(Frame);
            HearsNoOnes("after the end");
            Console.WriteLine("voices ok");
        }

        /// <summary>Ones are what the source plays where nothing takes their place.</summary>
        static void HearsNoOnes(string when)
        {
            PlayerLoop.Heard.Clear();
            for (int i = 0; i < 20; ++i) PlayerLoop.Step(Frame);
            Check.That(PlayerLoop.Heard.Count > 0, "sound goes on");
            Check.That(!PlayerLoop.Heard.Exists(sample => sample == 1), when);
        }
    }
}
