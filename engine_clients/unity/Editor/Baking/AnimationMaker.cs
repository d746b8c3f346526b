using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>An AnimationClip of a recording.</summary>
    sealed class AnimationMaker
    {
        static readonly string[] Axes = { ".x", ".y", ".z", ".w" };
        readonly List<EditorCurveBinding> _bindings = new List<EditorCurveBinding>();
        readonly List<AnimationCurve> _curves = new List<AnimationCurve>();

        public static AnimationClip Make(Recording recording, double fps, BakeResult result, BakeTolerance tolerance) =>
            new AnimationMaker().MakeClip(recording, fps, result, tolerance);

        AnimationClip MakeClip(Recording recording, double fps, BakeResult result, BakeTolerance tolerance)
        {
            var clip = new AnimationClip { frameRate = (float)fps };
            if (result == BakeResult.HumanoidAnimation) AddMuscles(recording, fps, tolerance);
            else
            {
                foreach (var track in recording.Rotations)
                    Add(track.Path, typeof(Transform), "m_LocalRotation", KeyReduction.Curves(track.Values, 4, fps, tolerance.Degrees, true));
                foreach (var track in recording.Places)
                    Add(track.Path, typeof(Transform), "m_LocalPosition", KeyReduction.Curves(track.Values, 3, fps, tolerance.Metres * track.Whole, false));
            }
            foreach (var track in recording.Shapes)
            {
                var curve = KeyReduction.Curves(track.Values, 1, fps, tolerance.Weight * track.Whole, false)[0];
                Add(track.Path, typeof(SkinnedMeshRenderer), "blendShape." + track.Shape, curve);
            }
            // All at once: Unity rebuilds the clip at each call.
            AnimationUtility.SetEditorCurves(clip, _bindings.ToArray(), _curves.ToArray());
            if (result == BakeResult.HumanoidAnimation) KeepInPlace(clip);
            return clip;
        }

        void AddMuscles(Recording recording, double fps, BakeTolerance tolerance)
        {
            Add("", typeof(Animator), "RootT", KeyReduction.Curves(recording.BodyPlaces, 3, fps, tolerance.Metres, false));
            Add("", typeof(Animator), "RootQ", KeyReduction.Curves(recording.BodyTurns, 4, fps, tolerance.Degrees, true));
            int count = HumanTrait.MuscleCount, frames = recording.Muscles.Length / count;
            var values = new float[frames];
            for (int muscle = 0; muscle < count; ++muscle)
            {
                for (int frame = 0; frame < frames; ++frame) values[frame] = recording.Muscles[frame * count + muscle];
                Add("", typeof(Animator), MuscleProperty(HumanTrait.MuscleName[muscle]), KeyReduction.Curves(values, 1, fps, tolerance.Weight, false)[0]);
            }
        }

        /// <summary>The hips move within the pose: the object that the Animator is on stays where it is.</summary>
        static void KeepInPlace(AnimationClip clip)
        {
            var settings = AnimationUtility.GetAnimationClipSettings(clip);
            settings.loopBlendOrientation = settings.loopBlendPositionY = settings.loopBlendPositionXZ = true;
            settings.keepOriginalOrientation = settings.keepOriginalPositionY = settings.keepOriginalPositionXZ = true;
            AnimationUtility.SetAnimationClipSettings(clip, settings);
        }

        /// <summary>Curves call the muscles of fingers otherwise than HumanTrait does: "LeftHand.Thumb.1 Stretched".</summary>
        static string MuscleProperty(string muscle)
        {
            var words = muscle.Split(' ');
            if (words.Length < 3 || !(words[1] == "Thumb" || words[1] == "Index" || words[1] == "Middle" || words[1] == "Ring" || words[1] == "Little"))
                return muscle;
            return words[0] + "Hand." + words[1] + "." + string.Join(" ", words, 2, words.Length - 2);
        }

        void Add(string path, Type type, string property, AnimationCurve[] curves)
        {
            for (int i = 0; i < curves.Length; ++i) Add(path, type, property + Axes[i], curves[i]);
        }

        void Add(string path, Type type, string property, AnimationCurve curve)
        {
            _bindings.Add(EditorCurveBinding.FloatCurve(path, type, property));
            _curves.Add(curve);
        }
    }
}
