using System;
using System.Collections.Generic;
using System.IO;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace PantoMatrix.Tests
{
    /// <summary>Two clips that overlap, scrubbed in the editor's edit mode.</summary>
    static class TimelineTests
    {
        sealed class Collector : IPropertyCollector
        {
            public readonly HashSet<(GameObject, Type, string)> Names = new HashSet<(GameObject, Type, string)>();

            public void PushActiveGameObject(GameObject gameObject) { }
            public void PopActiveGameObject() { }
            public void AddFromClip(AnimationClip clip) { }
            public void AddFromClips(IEnumerable<AnimationClip> clips) { }
            public void AddFromName<T>(string name) where T : Component => throw new NotSupportedException();
            public void AddFromName(string name) => throw new NotSupportedException();
            public void AddFromClip(GameObject obj, AnimationClip clip) { }
            public void AddFromClips(GameObject obj, IEnumerable<AnimationClip> clips) { }
            public void AddFromName<T>(GameObject obj, string name) where T : Component => Names.Add((obj, typeof(T), name));
            public void AddFromName(GameObject obj, string name) => throw new NotSupportedException();
            public void AddFromComponent(GameObject obj, Component component) => throw new NotSupportedException();
            public void AddObjectProperties(UnityEngine.Object obj, AnimationClip clip) { }
        }

        public static void Run(string file, string avatar)
        {
            var actor = new Actor(avatar);
            byte[] data = File.ReadAllBytes(file);
            PantoMatrixClip first = PantoMatrixClip.FromFile(data), second = PantoMatrixClip.FromFile(data);
            var player = actor.Object.AddComponent<PantoMatrixPlayer>();
            var timeline = ScriptableObject.CreateInstance<TimelineAsset>();
            var track = timeline.CreateTrack<PantoMatrixTrack>();
            TimelineClip a = Add(track, first, 0, 3, 0), b = Add(track, second, 2, 2, 1);
            a.blendOutDuration = b.blendInDuration = 1;
            var director = new GameObject("Director").AddComponent<PlayableDirector>();
            director.playableAsset = timeline;
            director.SetGenericBinding(track, player);

            var names = new Collector();
            timeline.GatherProperties(director, names);
            var joints = actor.Object.GetComponentsInChildren<Transform>(true);
            var turns = Array.ConvertAll(joints, one => one.localRotation);
            var places = Array.ConvertAll(joints, one => one.localPosition);

            var row = new float[first.Layout.Floats];
            var other = new float[first.Layout.Floats];
            int jaw = first.Layout.Weights + first.Header.CurveNames.IndexOf("jawOpen"), blends = 0;
            foreach (double now in new[] { 0.5, 2.5, 2.25, 3.5, 1.9, 2.9, 0.0, 2.5 })
            {
                director.time = now;
                director.Evaluate();
                float weight = now < 2 ? 0 : now < 3 ? (float)(now - 2) : 1;
                first.Sample(now, row);
                second.Sample(now - 2 + 1, other);
                Check.Near(
                    actor.Face.GetBlendShapeWeight(0) / 100, row[jaw] + (other[jaw] - row[jaw]) * weight, 1e-3, $"jawOpen at {now}");
                var head = player.Rig.Joints[player.Rig.Skeleton.Joints.FindIndex(one => one.Role == "head")];
                var wrist = player.Rig.Joints[player.Rig.Skeleton.Joints.FindIndex(one => one.Role == "left_wrist")];
                var found = new[] { head.localRotation, wrist.localRotation };
                var hips = player.Rig.Joints[0].localPosition;
                player.Show(new[] { new ClipMoment(first, now) });
                var of = new[] { head.localRotation, wrist.localRotation };
                var hipsOf = player.Rig.Joints[0].localPosition;
                player.Show(new[] { new ClipMoment(second, now - 2 + 1) });
                var with = new[] { head.localRotation, wrist.localRotation };
                for (int i = 0; i < 2; ++i)
                    Check.Near(BakeTests.Apart(found[i], Quaternion.Slerp(of[i], with[i], weight)), 0, 0.01, $"joint {i} at {now}");
                Check.Near((hips - Vector3.Lerp(hipsOf, player.Rig.Joints[0].localPosition, weight)).magnitude, 0, 1e-4, $"the hips at {now}");
                if (weight > 0 && weight < 1) ++blends;
            }
            Check.Equal(blends, 4, "blends");
            for (int i = 0; i < joints.Length; ++i)
            {
                if (BakeTests.Apart(joints[i].localRotation, turns[i]) > 1e-3)
                    Check.That(names.Names.Contains((joints[i].gameObject, typeof(Transform), "m_LocalRotation")), $"a preview knows that {joints[i].name} turns");
                if (joints[i].localPosition != places[i])
                    Check.That(names.Names.Contains((joints[i].gameObject, typeof(Transform), "m_LocalPosition")), $"a preview knows that {joints[i].name} moves");
            }
            Check.That(names.Names.Contains((actor.Face.gameObject, typeof(SkinnedMeshRenderer), "blendShape.jawOpen")), "a preview knows the mouth");

            // Half of a clip over what was there.
            player.Show(new[] { new ClipMoment(first, 0.5) });
            float whole = actor.Face.GetBlendShapeWeight(0);
            player.Show(new[] { new ClipMoment(first, 0.5, 0.25f), new ClipMoment(second, 0.5, 0.25f) });
            Check.Near(actor.Face.GetBlendShapeWeight(0), whole / 2, 0.05, "half a mouth");
            // Shown again it is the same: what was written is not taken for what was there.
            player.Weight = 0.5f;
            var half = new[] { new ClipMoment(first, 1.5) };
            player.Show(half);
            var once = Array.ConvertAll(joints, one => one.localRotation);
            for (int i = 0; i < 20; ++i) player.Show(half);
            for (int i = 0; i < joints.Length; ++i) Check.Near(BakeTests.Apart(joints[i].localRotation, once[i]), 0, 1e-3, $"{joints[i].name} again");
            player.Weight = 1;
            director.Stop();
            player.Show(null);
            for (int i = 0; i < joints.Length; ++i)
            {
                Check.Near(BakeTests.Apart(joints[i].localRotation, turns[i]), 0, 1e-3, $"{joints[i].name} turns back");
                Check.Near((joints[i].localPosition - places[i]).magnitude, 0, 1e-5, $"{joints[i].name} moves back");
            }
            Check.Equal(actor.Face.GetBlendShapeWeight(0), 0, "the mouth");
            Check.Near(((PantoMatrixTimelineClip)a.asset).duration, first.Duration, 1e-9, "the length of a clip");
        }

        static TimelineClip Add(PantoMatrixTrack track, PantoMatrixClip clip, double start, double seconds, double clipIn)
        {
            var made = track.CreateClip<PantoMatrixTimelineClip>();
            ((PantoMatrixTimelineClip)made.asset).Clip = clip;
            made.start = start;
            made.duration = seconds;
            made.clipIn = clipIn;
            return made;
        }
    }
}
