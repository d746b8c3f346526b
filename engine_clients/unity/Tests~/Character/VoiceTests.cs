using System;
using PantoMatrix.V1;
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
            Waits();
            Pauses(character, pushed);
            HearsOtherDevices(character, pushed, samples);
            IsSpatialized(character, pushed);
            Console.WriteLine("voices ok");
        }

        /// <summary>The game stands still: what comes next is not lost.</summary>
        static void Waits()
        {
            var delay = new SpeechDelay(new PcmFormat { Encoding = PcmEncoding.S16Le, SampleRateHz = 16000, Channels = 1 });
            var bytes = new byte[2 * 32000];
            for (int i = 1; i < bytes.Length; i += 2) bytes[i] = 0x40;
            delay.Feed(new AudioEcho { StartSeconds = 0, Samples = bytes });
            var read = new float[1600];
            delay.Follow(0, false, 0);
            delay.Read(read, 0, read.Length, 0.01);
            Check.Near(read[1599], 0.5, 0.01, "speech");
            for (int i = 0; i < 20; ++i) delay.Read(read, 0, read.Length, 5 + i * 0.1);
            Check.Equal(read[1599], 0, "speech while the game stands still");
            delay.Follow(0.2, false, 10);
            delay.Read(read, 0, read.Length, 10.01);
            Check.Near(read[1599], 0.5, 0.01, "speech when the game goes on");
        }

        static void Pauses(PantoMatrixCharacter character, float[] pushed)
        {
            var source = character.AudioSource;
            foreach (bool isListener in new[] { false, true })
            {
                bool isOver = false;
                character.SpeechFinished += speech => isOver = true;
                character.PushAudio(pushed, pushed.Length, Sounds.Rate, 1);
                character.EndUtterance();
                PlayerLoop.StepUntil(() => character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 0.3, Frame);
                if (isListener) AudioListener.pause = true;
                else source.Pause();
                PlayerLoop.Step(Frame);
                double heard = character.CurrentSpeech.HeardSeconds;
                for (int i = 0; i < 20; ++i) PlayerLoop.Step(Frame);
                Check.Near(character.CurrentSpeech.HeardSeconds, heard, 1e-9, $"what is heard while the sound is paused, all of it: {isListener}");
                if (isListener) AudioListener.pause = false;
                else source.UnPause();
                PlayerLoop.Heard.Clear();
                // A hitch of a second is not jumped over.
                PlayerLoop.Step(1);
                Check.That(character.CurrentSpeech.HeardSeconds < heard + 0.26, "what is heard after a hitch");
                PlayerLoop.StepUntil(() => isOver, Frame);
                Check.That(PlayerLoop.Heard.Exists(sample => Math.Abs(sample) > 0.05f), "the rest is heard");
            }
            // To be off holds nobody up, and it is heard again.
            character.PushAudio(pushed, pushed.Length, Sounds.Rate, 1);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            source.enabled = false;
            PlayerLoop.Step(Frame);
            PlayerLoop.StepUntil(() => character.CurrentSpeech.HeardSeconds > 0.5, Frame);
            source.enabled = true;
            PlayerLoop.StepUntil(() => source.isPlaying && character.CurrentSpeech.HeardSeconds > 0.7, Frame);
            character.Stop();
            PlayerLoop.Logged();
        }

        /// <summary>Its clips are lost.</summary>
        static void HearsOtherDevices(PantoMatrixCharacter character, float[] pushed, string samples)
        {
            character.PushAudio(pushed, pushed.Length, Sounds.Rate, 1);
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            PlayerLoop.ChangeAudioDevice(44100);
            PlayerLoop.Heard.Clear();
            PlayerLoop.StepUntil(() => PlayerLoop.Heard.Exists(sample => Math.Abs(sample) > 0.05f), Frame, 5);
            Check.Equal(character.AudioSource.clip.frequency, 44100, "the rate of what plays");
            character.Stop();
            var done = character.Speak(Sounds.Clip(samples, 3));
            PlayerLoop.StepUntil(() => character.IsSpeaking, Frame);
            PlayerLoop.ChangeAudioDevice(48000);
            PlayerLoop.StepUntil(() => done.IsCompleted, Frame, 5);
            Check.That(done.Result.WasInterrupted, "a clip that is lost is cut off");
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1 && logged[0].Contains("cut off"), string.Join("; ", logged.ToArray()));
            character.Stop();
        }

        static void IsSpatialized(PantoMatrixCharacter character, float[] pushed)
        {
            var source = character.AudioSource;
            source.spatialize = true;
            source.gameObject.AddComponent<AudioLowPassFilter>();
            for (int time = 0; time < 2; ++time)
            {
                character.PushAudio(pushed, pushed.Length, Sounds.Rate, 1);
                Check.That(source.spatializePostEffects, "it has its place after the voice");
                character.Stop();
                Check.That(!source.spatializePostEffects, "it is given back");
                PlayerLoop.Step(Frame);
            }
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1 && logged[0].Contains("mixer"), "it is said once: " + string.Join("; ", logged.ToArray()));
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
