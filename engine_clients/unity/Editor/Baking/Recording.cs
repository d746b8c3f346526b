using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>What a motion does to a character: each frame is shown on a copy of it, by what shows it in a game, and what has changed
    /// is written down.</summary>
    sealed class Recording : IDisposable
    {
        /// <summary>Something that changes. Values: frames of 3, 4 or 1 numbers.</summary>
        public sealed class Track
        {
            public string Path;
            public float[] Values;

            /// <summary>Of a blendshape; else null.</summary>
            public string Shape;

            /// <summary>The weight at which the shape is whole; of a place, what a metre is there.</summary>
            public float Whole = 1;
        }

        readonly Stage _stage;
        readonly PantoMatrixClip _motion;
        readonly Transform[] _transforms;
        readonly BodyApplier _body;
        readonly FaceApplier _face;
        readonly HumanPoseHandler _human;
        readonly HashSet<Transform> _driven = new HashSet<Transform>();

        /// <summary>motion: of the character's own joints, or a face alone. Throws InvalidOperationException where the character cannot show it.</summary>
        public Recording(GameObject character, FaceMap map, PantoMatrixClip motion, BakeResult result)
        {
            _motion = motion;
            _stage = new Stage(character);
            try
            {
                var copy = _stage.Character;
                _transforms = copy.GetComponentsInChildren<Transform>(true);
                Renderers = copy.GetComponentsInChildren<SkinnedMeshRenderer>(true);
                var animator = copy.GetComponentInChildren<Animator>(true);
                Root = animator != null ? animator.transform : copy.transform;
                // Human poses are told in the world.
                for (var above = Root; above != null; above = above.parent)
                {
                    above.localPosition = Vector3.zero;
                    above.localRotation = Quaternion.identity;
                    above.localScale = Vector3.one;
                }
                if (motion.Layout.Joints > 0 && result != BakeResult.FaceAnimation)
                {
                    var rig = CharacterRig.Of(animator, copy.transform);
                    _body = new BodyApplier(rig, motion.Header, motion.Layout);
                    for (int i = 0; i < rig.Joints.Length && rig.Joints.Length == motion.Layout.Joints; ++i)
                        if (motion.Header.Skeleton.Joints[i].Role != "") _driven.Add(rig.Joints[i]);
                }
                if (motion.Layout.Curves > 0) _face = new FaceApplier(map, Renderers, copy.transform, motion.Header.CurveNames);
                if (result != BakeResult.HumanoidAnimation) return;
                if (animator == null || animator.avatar == null || !animator.avatar.isHuman)
                    throw new InvalidOperationException($"'{character.name}' is no Humanoid: set its Animation Type in the Rig tab of the model's import settings");
                _human = new HumanPoseHandler(animator.avatar, animator.transform);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>What paths begin at: the Animator's transform.</summary>
        public Transform Root { get; }

        public SkinnedMeshRenderer[] Renderers { get; }

        /// <summary>Of rotations, places and blendshapes that the motion drives or changes.</summary>
        public List<Track> Rotations { get; } = new List<Track>();

        public List<Track> Places { get; } = new List<Track>();
        public List<Track> Shapes { get; } = new List<Track>();

        /// <summary>Of a Humanoid: frames of 3, of 4 and of HumanTrait.MuscleCount numbers.</summary>
        public float[] BodyPlaces { get; private set; }

        public float[] BodyTurns { get; private set; }
        public float[] Muscles { get; private set; }

        /// <summary>Shows all frames.</summary>
        public void Record()
        {
            int frames = _motion.FrameCount, muscles = HumanTrait.MuscleCount;
            var row = new float[_motion.Layout.Floats];
            var turns = Array.ConvertAll(_transforms, one => new float[4 * frames]);
            var places = Array.ConvertAll(_transforms, one => new float[3 * frames]);
            var weights = Array.ConvertAll(Renderers, one => new float[one.sharedMesh == null ? 0 : one.sharedMesh.blendShapeCount * frames]);
            var beforeTurns = Array.ConvertAll(_transforms, one => one.localRotation);
            var beforePlaces = Array.ConvertAll(_transforms, one => one.localPosition);
            var beforeWeights = Array.ConvertAll(Renderers, WeightsOf);
            if (_human != null)
            {
                BodyPlaces = new float[3 * frames];
                BodyTurns = new float[4 * frames];
                Muscles = new float[muscles * frames];
            }
            var pose = new HumanPose();
            for (int frame = 0; frame < frames; ++frame)
            {
                _motion.Sample(frame / _motion.FramesPerSecond, row);
                _body?.Apply(row, 1, null, true);
                _face?.Apply(row, _motion.Layout.Weights, 1);
                for (int i = 0; i < _transforms.Length; ++i)
                {
                    Write(_transforms[i].localRotation, turns[i], 4 * frame);
                    Write(_transforms[i].localPosition, places[i], 3 * frame);
                }
                for (int i = 0; i < Renderers.Length; ++i)
                    for (int shape = 0; shape < weights[i].Length / frames; ++shape)
                        weights[i][shape * frames + frame] = Renderers[i].GetBlendShapeWeight(shape);
                if (_human == null) continue;
                _human.GetHumanPose(ref pose);
                Write(pose.bodyPosition, BodyPlaces, 3 * frame);
                Write(pose.bodyRotation, BodyTurns, 4 * frame);
                Array.Copy(pose.muscles, 0, Muscles, muscles * frame, muscles);
            }
            if (BodyTurns != null) Continue(BodyTurns);
            for (int i = 0; i < _transforms.Length; ++i)
            {
                if (_transforms[i] == Root || !_transforms[i].IsChildOf(Root)) continue;
                Continue(turns[i]);
                string path = AnimationUtility.CalculateTransformPath(_transforms[i], Root);
                if (_driven.Contains(_transforms[i]) || Changes(turns[i], beforeTurns[i])) Rotations.Add(new Track { Path = path, Values = turns[i] });
                if (Changes(places[i], beforePlaces[i])) Places.Add(new Track { Path = path, Values = places[i], Whole = 1 / Math.Max(1e-6f, _transforms[i].parent.lossyScale.x) });
            }
            for (int i = 0; i < Renderers.Length; ++i)
                for (int shape = 0; shape < weights[i].Length / frames; ++shape)
                {
                    var values = new float[frames];
                    Array.Copy(weights[i], shape * frames, values, 0, frames);
                    if (Array.TrueForAll(values, one => one == beforeWeights[i][shape])) continue;
                    var mesh = Renderers[i].sharedMesh;
                    Shapes.Add(new Track
                    {
                        Path = AnimationUtility.CalculateTransformPath(Renderers[i].transform, Root),
                        Shape = mesh.GetBlendShapeName(shape),
                        Whole = Math.Abs(mesh.GetBlendShapeFrameWeight(shape, mesh.GetBlendShapeFrameCount(shape) - 1)),
                        Values = values,
                    });
                }
        }

        public void Dispose()
        {
            _human?.Dispose();
            _stage.Dispose();
        }

        static float[] WeightsOf(SkinnedMeshRenderer renderer)
        {
            var weights = new float[renderer.sharedMesh == null ? 0 : renderer.sharedMesh.blendShapeCount];
            for (int shape = 0; shape < weights.Length; ++shape) weights[shape] = renderer.GetBlendShapeWeight(shape);
            return weights;
        }

        static bool Changes(float[] turns, Quaternion before)
        {
            const float Nearly = 1e-6f;
            for (int at = 0; at < turns.Length; at += 4)
            {
                float cosine = turns[at] * before.x + turns[at + 1] * before.y + turns[at + 2] * before.z + turns[at + 3] * before.w;
                if (!(Math.Abs(cosine) >= 1 - Nearly)) return true;
            }
            return false;
        }

        static bool Changes(float[] places, Vector3 before)
        {
            for (int at = 0; at < places.Length; at += 3)
                if (places[at] != before.x || places[at + 1] != before.y || places[at + 2] != before.z) return true;
            return false;
        }

        /// <summary>q and -q are the same rotation: each is to be the one that is nearer to the last.</summary>
        static void Continue(float[] turns)
        {
            for (int at = 4; at < turns.Length; at += 4)
            {
                float cosine = 0;
                for (int i = 0; i < 4; ++i) cosine += turns[at - 4 + i] * turns[at + i];
                for (int i = 0; i < 4 && cosine < 0; ++i) turns[at + i] = -turns[at + i];
            }
        }

        static void Write(Quaternion turn, float[] into, int at)
        {
            for (int i = 0; i < 4; ++i) into[at + i] = turn[i];
        }

        static void Write(Vector3 place, float[] into, int at)
        {
            for (int i = 0; i < 3; ++i) into[at + i] = place[i];
        }
    }
}
