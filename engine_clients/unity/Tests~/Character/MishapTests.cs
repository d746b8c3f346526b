using System;
using System.Linq;
using StandIn;
using UnityEngine;
using Object = UnityEngine.Object;

namespace PantoMatrix.Tests
{
    /// <summary>What games do to a character while it speaks: nothing of it may last.</summary>
    static class MishapTests
    {
        const double Frame = 1 / 60.0;

        public static void Run(string address, string samples, string avatar)
        {
            var actor = new Actor(avatar);
            var character = actor.Object.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            PlayerLoop.Step(Frame);
            ChangesAreMany(character, samples);
            SoundIsDestroyed(character, samples);
            MeshIsTaken(character, actor, samples);
            NoNumbers(character, actor, samples);
            PlayerLoop.Logged();
            FaceIsStill(address, samples);
            SourceIsStopped(address, samples);
            BodyIsRefused(address, samples);
            AnimatorsOfOthers(avatar);
            Console.WriteLine("mishaps ok");
        }

        static void ChangesAreMany(PantoMatrixCharacter character, string samples)
        {
            var said = character.Speak(Sounds.Clip(samples, 3));
            int frame = 0;
            PlayerLoop.StepUntil(() =>
            {
                if (++frame % 3 == 0) character.Emotions = new[] { new EmotionLevel(frame % 2 == 0 ? "joy" : "anger", 0.5f) };
                return said.IsCompleted;
            });
            IsHeardWithMotion(character, samples, "after many changes");
            character.Emotions = null;
        }

        static void SoundIsDestroyed(PantoMatrixCharacter character, string samples)
        {
            var said = character.Speak(Sounds.Clip(samples, 1));
            Object.DestroyImmediate(character.AudioSource);
            PlayerLoop.StepUntil(() => said.IsCompleted);
            Check.That(said.IsFaulted || said.Result.WasInterrupted, "a speech whose source is gone ends, and not as if it was heard");
            IsHeardWithMotion(character, samples, "with a new source");
        }

        static void MeshIsTaken(PantoMatrixCharacter character, Actor actor, string samples)
        {
            var mesh = actor.Face.sharedMesh;
            var said = character.Speak(Sounds.Clip(samples, 1));
            PlayerLoop.StepUntil(() => character.IsSpeaking);
            actor.Face.sharedMesh = new Mesh { vertices = new Vector3[1] };
            PlayerLoop.StepUntil(() => said.IsCompleted);
            actor.Face.sharedMesh = mesh;
            character.Rebuild();
            IsHeardWithMotion(character, samples, "after its mesh was exchanged");
        }

        static void NoNumbers(PantoMatrixCharacter character, Actor actor, string samples)
        {
            character.Weight = float.NaN;
            character.GestureAmplitude = float.NaN;
            character.Motion.PartStrengths = null;
            character.Emotions = new[] { new EmotionLevel("joy", 0.2f) };
            IsHeardWithMotion(character, samples, "with what is no number");
            character.Weight = 1;
            IsHeardWithMotion(character, samples, "with numbers again");
            var place = actor.Human("Hips").position;
            Check.That(!float.IsNaN(place.x + place.y + place.z), "the hips have a place");
        }

        static void FaceIsStill(string address, string samples)
        {
            var mesh = new Mesh { vertices = new Vector3[1] };
            mesh.AddBlendShapeFrame("Wrinkle 17", 100, new Vector3[1], null, null);
            var head = new GameObject("Head");
            head.AddComponent<SkinnedMeshRenderer>().sharedMesh = mesh;
            var character = head.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            IsHeardWithMotion(character, samples, "with a face that no map knows");
            Check.Equal(PlayerLoop.Logged().Count(line => line.Contains("stays still")), 1, "warnings of a face that stays still");
        }

        static void SourceIsStopped(string address, string samples)
        {
            var character = new GameObject("Stopped").AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.ApplyBody = false;
            var said = character.Speak(Sounds.Clip(samples, 2));
            PlayerLoop.StepUntil(() => character.IsSpeaking && character.CurrentSpeech.HeardSeconds > 1);
            character.AudioSource.Stop();
            PlayerLoop.StepUntil(() => said.IsCompleted);
            Check.That(said.Result.WasInterrupted, "a speech whose source is stopped was not heard to its end");
            IsHeardWithMotion(character, samples, "after its source was stopped");
        }

        /// <summary>A pet that the server knows no arms of speaks all the same.</summary>
        static void BodyIsRefused(string address, string samples)
        {
            var mesh = new Mesh { vertices = new Vector3[1] };
            foreach (string shape in new[] { "jawOpen", "mouthClose", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight" })
                mesh.AddBlendShapeFrame(shape, 100, new Vector3[1], null, null);
            var pet = new GameObject("Pet");
            pet.AddComponent<SkinnedMeshRenderer>().sharedMesh = mesh;
            Actor.Child(Actor.Child(Actor.Child(pet.transform, "Hips"), "Tail1"), "Tail2").localPosition = Vector3.up;
            var character = pet.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At(address);
            character.Idle();
            PlayerLoop.StepUntil(() => character.State == LiveState.Ended);
            Check.Equal(PlayerLoop.Logged().Count(line => line.Contains("only the face moves")), 1, "warnings of a body that is refused");
            IsHeardWithMotion(character, samples, "by its face alone");
            Check.That(character.Rig == null && character.Layout.Curves > 0, "the face alone");
        }

        static void AnimatorsOfOthers(string avatar)
        {
            var lift = new GameObject("Lift").AddComponent<Animator>();
            var seat = Actor.Child(lift.transform, "Seat").gameObject;
            var actor = new Actor(avatar, isNested: false);
            actor.Object.transform.SetParent(seat.transform, false);
            var character = seat.AddComponent<PantoMatrixCharacter>();
            character.Connection = Sounds.At("localhost:1");
            character.Idle();
            Check.Equal(character.Rig?.Joints[0], actor.Human("Hips"), "the body of the character below, not of the lift above");
            character.Stop();
        }

        static void IsHeardWithMotion(PantoMatrixCharacter character, string samples, string when)
        {
            var said = character.Speak(Sounds.Clip(samples, 1));
            PlayerLoop.StepUntil(() => said.IsCompleted);
            Check.That(said.Result.HasMotion && !said.Result.WasInterrupted, "a speech is heard with motion " + when);
        }
    }
}
