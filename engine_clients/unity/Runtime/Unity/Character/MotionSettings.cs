using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>What a speaker feels, by its name in the server's catalog, "joy" for example, and how strongly: 0 to 1.</summary>
    [Serializable]
    public struct EmotionLevel
    {
        public string Emotion;
        [Range(0, 1)] public float Strength;

        public EmotionLevel(string emotion, float strength)
        {
            Emotion = emotion;
            Strength = strength;
        }
    }

    /// <summary>How far a part moves away from its rest pose: 0 to 2, 1 as the model moves it.</summary>
    [Serializable]
    public struct PartLevel
    {
        public V1.BodyPart Part;
        [Range(0, 2)] public float Gain;

        public PartLevel(V1.BodyPart part, float gain)
        {
            Part = part;
            Gain = gain;
        }
    }

    /// <summary>weight * Gain + Offset, within Minimum and Maximum. Curve: a name of the face rig, "jawOpen" for example.</summary>
    [Serializable]
    public struct CurveCorrection
    {
        public string Curve;
        public float Gain, Offset, Minimum, Maximum;

        public CurveCorrection(string curve, float gain = 1, float offset = 0, float minimum = 0, float maximum = 1)
        {
            Curve = curve;
            Gain = gain;
            Offset = offset;
            Minimum = minimum;
            Maximum = maximum;
        }
    }

    /// <summary>What is asked of the server.</summary>
    [Serializable]
    public sealed class MotionSettings
    {
        [Tooltip("A name in the server's catalog. Empty: builtin.")]
        public string Model = "";

        [Tooltip("A speaker of the model, which sets the style. Empty: its first.")]
        public string Speaker = "";

        [Tooltip("How the face looks where it neither speaks nor feels: neutral, friendly or serious. Empty: neutral.")]
        public string Expression = "";

        [Tooltip("The same speech, options and seed give the same motion.")]
        [Min(0)] public int Seed;

        [Tooltip("Frames a second. 0: the model's own; poses between frames are interpolated.")]
        [Range(0, 120)] public float FramesPerSecond;

        [Tooltip("What the hips do: Free: as the model moves them. In Place: they stay over their place. Locked: as in the rest pose.")]
        public V1.RootMode Root = V1.RootMode.Free;

        [Tooltip("How far hands and head go.")]
        [Range(0, 2)] public float GestureAmplitude = 1;

        [Tooltip("How many gestures there are.")]
        [Range(0.25f, 2)] public float GestureRate = 1;

        [Tooltip("How much speech after a frame's own time the model may hear in a stream: less comes sooner and guesses more. 0: the model's own.")]
        [Range(0, 0.5f)] public float LookAheadSeconds;

        public List<EmotionLevel> Emotions = new List<EmotionLevel>();
        public List<PartLevel> PartStrengths = new List<PartLevel>();
        public List<CurveCorrection> CurveAdjustments = new List<CurveCorrection>();

        [Tooltip("How frames come over the network. Compact is a third of the bytes, rotations at most 0.02 degrees off.")]
        public V1.FrameEncoding FrameEncoding = V1.FrameEncoding.Float32;

        /// <summary>An element that is made in the inspector is all zeros, which would shut or hold still what is named in it then.</summary>
        internal void FillIn()
        {
            for (int i = 0; i < Emotions.Count; ++i)
                if (string.IsNullOrEmpty(Emotions[i].Emotion) && Emotions[i].Strength == 0) Emotions[i] = new EmotionLevel("", 1);
            for (int i = 0; i < PartStrengths.Count; ++i)
                if (PartStrengths[i].Part == V1.BodyPart.Unspecified && PartStrengths[i].Gain == 0) PartStrengths[i] = new PartLevel(default, 1);
            for (int i = 0; i < CurveAdjustments.Count; ++i)
            {
                var one = CurveAdjustments[i];
                if (one.Gain == 0 && one.Offset == 0 && one.Minimum == 0 && one.Maximum == 0) CurveAdjustments[i] = new CurveCorrection(one.Curve);
            }
        }

        /// <summary>For a whole clip or a stream. rig: null for the face alone.</summary>
        public V1.MotionOptions ToOptions(CharacterRig rig)
        {
            var options = new V1.MotionOptions
            {
                Model = Model ?? "",
                Speaker = Speaker ?? "",
                Expression = Expression ?? "",
                Seed = (ulong)Math.Max(0, Seed),
                Fps = FramesPerSecond,
                FaceRig = "arkit52",
                CoordinateSystem = "unity",
                Emotions = EmotionEntries(),
                PartStrengths = PartEntries(),
                CurveAdjustments = CurveEntries(),
            };
            // Models that cannot be told refuse it.
            if (GestureAmplitude != 1 || GestureRate != 1) options.Gestures = new V1.Gestures { Amplitude = GestureAmplitude, Rate = GestureRate };
            if (rig == null)
            {
                options.Parts.Add(V1.BodyPart.Face);
                return options;
            }
            options.CustomSkeleton = rig.Skeleton;
            options.RootMode = Root;
            return options;
        }

        /// <summary>What may change while a stream runs: at once, whatever speech waits to be said.</summary>
        public V1.StreamOptions ToChange()
        {
            var change = new V1.StreamOptions
            {
                Emotions = new V1.Emotions { Entries = EmotionEntries() },
                PartStrengths = new V1.PartStrengths { Entries = PartEntries() },
                CurveAdjustments = new V1.CurveAdjustments { Entries = CurveEntries() },
                AtSeconds = 0,
            };
            if (!string.IsNullOrEmpty(Speaker)) change.Speaker = Speaker;
            if (!string.IsNullOrEmpty(Expression)) change.Expression = Expression;
            return change;
        }

        List<V1.EmotionStrength> EmotionEntries()
        {
            var entries = new List<V1.EmotionStrength>();
            foreach (var one in Emotions ?? new List<EmotionLevel>())
                if (!string.IsNullOrEmpty(one.Emotion))
                    entries.Add(new V1.EmotionStrength { Emotion = one.Emotion, Strength = Mathf.Clamp01(one.Strength) });
            return entries;
        }

        List<V1.PartStrength> PartEntries()
        {
            var entries = new List<V1.PartStrength>();
            foreach (var one in PartStrengths ?? new List<PartLevel>())
                if (one.Part != V1.BodyPart.Unspecified) entries.Add(new V1.PartStrength { Part = one.Part, Gain = one.Gain });
            return entries;
        }

        List<V1.CurveAdjustment> CurveEntries()
        {
            var entries = new List<V1.CurveAdjustment>();
            foreach (var one in CurveAdjustments ?? new List<CurveCorrection>())
                if (!string.IsNullOrEmpty(one.Curve))
                    entries.Add(new V1.CurveAdjustment
                    {
                        Curve = one.Curve, Gain = one.Gain, Offset = one.Offset, Minimum = one.Minimum, Maximum = one.Maximum,
                    });
            return entries;
        }
    }
}
