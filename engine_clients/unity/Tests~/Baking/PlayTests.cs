using System;
using System.IO;
using StandIn;
using UnityEngine;

namespace PantoMatrix.Tests
{
    static class PlayTests
    {
        const double FrameSeconds = 1.0 / 60;

        /// <summary>file: a .pmclip of another body. With speech and without, to its end, half, looped, without garbage.</summary>
        public static void Run(string file, string avatar)
        {
            PlayerLoop.Begin();
            new GameObject("Ears").AddComponent<AudioListener>();
            var actor = new Actor(avatar);
            var clip = PantoMatrixClip.FromFile(File.ReadAllBytes(file));
            var player = actor.Object.AddComponent<PantoMatrixPlayer>();
            int started = 0, finished = 0, jaw = clip.Layout.Weights + clip.Header.CurveNames.IndexOf("jawOpen");
            var row = new float[clip.Layout.Floats];
            player.Started += one => ++started;
            player.Finished += one => ++finished;
            Follows(player, clip, actor, 1);
            Check.Equal(finished, 1, "times it ended");
            PlayerLoop.Step(FrameSeconds);
            Check.Equal(actor.Face.GetBlendShapeWeight(0), 0, "the mouth after the end");

            int samples = (int)(clip.Duration * Sounds.Rate);
            clip.Speech = AudioClip.Create("speech", samples, 1, Sounds.Rate, false);
            var source = actor.Object.AddComponent<AudioSource>();
            player.Weight = 0.5f;
            Follows(player, clip, actor, 0.5f);
            Check.Equal(source.clip, clip.Speech, "what is heard");
            Check.Equal(started + " " + finished, "2 2", "times it began and ended");

            // Paused by somebody else.
            player.Play();
            for (int i = 0; i < 20; ++i) PlayerLoop.Step(FrameSeconds);
            source.Pause();
            for (int i = 0; i < 20; ++i) PlayerLoop.Step(FrameSeconds);
            Check.That(player.IsPlaying && finished == 2, "it waits while its sound is paused");
            source.UnPause();
            PlayerLoop.Step(FrameSeconds);
            started = 2;

            player.Loop = true;
            player.Weight = 1;
            player.Play();
            for (double seconds = 0; seconds < 1.2 * clip.Duration; seconds += FrameSeconds) PlayerLoop.Step(FrameSeconds);
            Check.That(player.IsPlaying && player.Time < 0.5 * clip.Duration, $"it began again, {player.Time}");
            player.Time = 1;
            PlayerLoop.Step(FrameSeconds);
            Check.Near(player.Time, 1, 0.1, "time after seeking");
            player.Pause();
            PlayerLoop.Step(FrameSeconds);
            double held = player.Time;
            for (int i = 0; i < 10; ++i) PlayerLoop.Step(FrameSeconds);
            Check.Near(player.Time, held, 0.03, "time while it pauses");
            player.Resume();
            NothingIsAllocated(player);
            player.Stop();
            Check.That(!source.isPlaying && actor.Face.GetBlendShapeWeight(0) == 0, "silent, and at rest");

            // What Timeline shows in a game is seen in LateUpdate.
            clip.Sample(2, row);
            player.Show(new[] { new ClipMoment(clip, 2) });
            Check.Equal(actor.Face.GetBlendShapeWeight(0), 0, "the mouth before the frame");
            PlayerLoop.Step(FrameSeconds);
            Check.Near(actor.Face.GetBlendShapeWeight(0) / 100, row[jaw], 1e-3, "the mouth in the frame");
            source.enabled = false;
            player.Show(null);
            player.Loop = false;
            Follows(player, clip, actor, 1);
            Check.Equal(string.Join("; ", PlayerLoop.Logged()), "Warning: Can not play a disabled audio source", "what was logged");

            var bare = new GameObject("Bare").AddComponent<PantoMatrixPlayer>();
            Check.That(Check.Throws<InvalidOperationException>(bare.Play).Message.Contains("no clip"), "it says so");
            bare.Play(clip);
            PlayerLoop.Step(FrameSeconds);
            PlayerLoop.Step(FrameSeconds);
            var logged = PlayerLoop.Logged();
            Check.That(logged.Count == 1 && logged[0].Contains("Hips or Pelvis"), string.Join("; ", logged));
        }

        static void Follows(PantoMatrixPlayer player, PantoMatrixClip clip, Actor actor, float weight)
        {
            var row = new float[clip.Layout.Floats];
            int jaw = clip.Layout.Weights + clip.Header.CurveNames.IndexOf("jawOpen"), frames = 0;
            player.Play(clip);
            float widest = 0;
            double last = 0, wall = 0;
            for (; player.IsPlaying && wall < clip.Duration + 1; wall += FrameSeconds, ++frames)
            {
                PlayerLoop.Step(FrameSeconds);
                if (!player.IsPlaying) break;
                Check.That(player.Time >= last, "never back");
                Check.Near(player.Time, wall, 0.06, "time");
                last = player.Time;
                clip.Sample(player.Time, row);
                Check.Near(actor.Face.GetBlendShapeWeight(0) / 100, weight * row[jaw], 1e-3, $"jawOpen at {player.Time}");
                widest = Math.Max(widest, row[jaw]);
            }
            Check.That(widest > 0.2f && frames > 30, $"it speaks: {widest} in {frames} frames");
            Check.Near(wall, clip.Duration, 0.1, "the end");
        }

        static void NothingIsAllocated(PantoMatrixPlayer player)
        {
            for (int i = 0; i < 60; ++i) PlayerLoop.Step(FrameSeconds);
            // Mono has no such method, or counts nothing.
            var measure = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread");
            if (measure == null) return;
            var count = (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), measure);
            long before = count();
            for (int i = 0; i < 100; ++i) PlayerLoop.Step(FrameSeconds);
            Check.Equal(count() - before, 0, "bytes that 100 frames allocated");
        }

        /// <summary>Each role of another body turns as far from its rest pose as it does there, seen from the root.</summary>
        public static void OtherBody(string file, string avatar)
        {
            var actor = new Actor(avatar);
            var clip = PantoMatrixClip.FromFile(File.ReadAllBytes(file));
            var player = actor.Object.AddComponent<PantoMatrixPlayer>();
            var joints = clip.Header.Skeleton.Joints;
            var row = new float[clip.Layout.Floats];
            var own = player.Rig.Skeleton.Joints;
            double seconds = clip.Duration / 2;
            clip.Sample(seconds, row);
            player.Show(new[] { new ClipMoment(clip, seconds) });
            Quaternion Turn(int joint, bool isRest)
            {
                var local = isRest
                    ? new Quaternion(joints[joint].RestRotation.X, joints[joint].RestRotation.Y, joints[joint].RestRotation.Z, joints[joint].RestRotation.W)
                    : new Quaternion(row[3 + 4 * joint], row[4 + 4 * joint], row[5 + 4 * joint], row[6 + 4 * joint]);
                int parent = joints[joint].Parent ?? -1;
                return parent < 0 ? local : Turn(parent, isRest) * local;
            }
            Quaternion Rest(int joint)
            {
                var turn = own[joint].RestRotation;
                var local = new Quaternion(turn.X, turn.Y, turn.Z, turn.W);
                int parent = own[joint].Parent ?? -1;
                return parent < 0 ? local : Rest(parent) * local;
            }
            int seen = 0;
            foreach (string role in new[] { "pelvis", "head", "left_shoulder", "left_elbow", "right_wrist", "left_hip", "right_knee", "left_index2" })
            {
                int theirs = joints.FindIndex(one => one.Role == role), ours = own.FindIndex(one => one.Role == role);
                if (theirs < 0 || ours < 0) continue;
                var found = Quaternion.Inverse(actor.Object.transform.rotation) * player.Rig.Joints[ours].rotation * Quaternion.Inverse(Rest(ours));
                Check.Near(BakeTests.Apart(found, Turn(theirs, false) * Quaternion.Inverse(Turn(theirs, true))), 0, 0.1, role);
                ++seen;
            }
            Check.That(seen >= 7, $"{seen} roles");
            player.Show(null);
        }
    }
}
