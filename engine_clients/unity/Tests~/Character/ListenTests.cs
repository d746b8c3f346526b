using System;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    /// <summary>An AudioSource that plays anyway, then a microphone that goes away and comes back.</summary>
    static class ListenTests
    {
        const double Frame = 1 / 60.0;

        public static void Run(string address, string samples)
        {
            var character = new GameObject("Face").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            PlayerLoop.Step(Frame);

            var radio = new GameObject("Radio").AddComponent<AudioSource>();
            radio.clip = Sounds.Clip(samples, 4);
            radio.Play();
            character.ListenTo(radio);
            PlayerLoop.Records = true;
            PlayerLoop.StepUntil(() => character.GetCurve("jawOpen") > 0.2, Frame, 10);
            Check.That(character.Latency > 0.05 && character.Latency < 2.5, $"a latency of {character.Latency}");
            double latency = character.Latency;
            Check.That(PlayerLoop.Heard.Exists(sample => Math.Abs(sample) > 0.05f), "what is listened to is heard");
            PlayerLoop.Records = false;
            PlayerLoop.ChangeAudioDevice();
            for (int i = 0; i < 5; ++i) PlayerLoop.Step(Frame);
            character.Stop();
            PlayerLoop.Step(Frame);
            Check.Equal(radio.gameObject.GetComponents<MonoBehaviour>().Length, 0, "what is left on the AudioSource");

            float[] speech = Sounds.Read(samples, 11);
            int said = 0;
            character.ListenToMicrophone("Microphone");
            void Say()
            {
                var part = new float[267];
                for (int i = 0; i < part.Length; ++i) part[i] = speech[said++ % speech.Length];
                PlayerLoop.Speak(part);
            }
            Hear(character, Say);
            PlayerLoop.Microphones = new string[0];
            character.ListenToMicrophone("Microphone");
            PlayerLoop.StepUntil(() => PlayerLoop.Logged().Exists(one => one.Contains("there is no microphone")), Frame);
            PlayerLoop.Microphones = new[] { "Other" };
            Hear(character, Say);
            PlayerLoop.Microphones = new[] { "Other", "Microphone" };
            Hear(character, Say);
            // To open it changes the sound's settings, on phones and of wireless headphones.
            bool isChanged = false;
            PlayerLoop.MicrophoneStarted = () => isChanged = true;
            int starts = PlayerLoop.MicrophoneStarts;
            character.ListenToMicrophone("Microphone");
            for (int i = 0; i < 300; ++i)
            {
                Say();
                PlayerLoop.Step(Frame);
                if (isChanged) PlayerLoop.ChangeAudioDevice();
                isChanged = false;
                System.Threading.Thread.Sleep(5);
            }
            PlayerLoop.MicrophoneStarted = null;
            Check.Equal(PlayerLoop.MicrophoneStarts - starts, 1, "times it was opened");
            // Speech takes the place of the microphone.
            var done = character.Speak(Sounds.Clip(samples, 0.5));
            PlayerLoop.StepUntil(() => done.IsCompleted, Frame);
            Check.That(done.Result.HasMotion && !done.Result.WasInterrupted, "a clip after the microphone");
            Check.That(!Microphone.IsRecording("Microphone"), "the microphone is let go of");
            Console.WriteLine($"listens ok, {latency:0.000} s behind");
        }

        static void Hear(PantoMatrixCharacter character, Action say)
        {
            for (int i = 0; i < 5; ++i) PlayerLoop.Step(Frame);
            PlayerLoop.StepUntil(() =>
            {
                say();
                return character.State == LiveState.Streaming && character.GetCurve("jawOpen") > 0.2;
            }, Frame);
        }
    }
}
