using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Editor
{
    /// <summary>What is made of a speech.</summary>
    public enum BakeResult
    {
        /// <summary>For PantoMatrixPlayer and Timeline; small, and moves any character.</summary>
        PantoMatrixClip,

        /// <summary>An AnimationClip of transforms and blendshapes: for one character, and those with the same paths.</summary>
        GenericAnimation,

        /// <summary>An AnimationClip of muscles, for any Humanoid, and of the character's blendshapes.</summary>
        HumanoidAnimation,

        /// <summary>An AnimationClip of blendshapes, and of eyes and jaw where they are bones.</summary>
        FaceAnimation,
    }

    /// <summary>How far animation curves may be off the server's frames, at them and half-way between them. Larger: fewer keys.</summary>
    [Serializable]
    public sealed class BakeTolerance
    {
        [Tooltip("Of a joint's rotation.")]
        [Min(0)] public float Degrees = 0.1f;

        [Tooltip("Of the hips' place.")]
        [Min(0)] public float Metres = 0.0005f;

        [Tooltip("Of a blendshape's weight, in parts of its full one; of a muscle likewise.")]
        [Min(0)] public float Weight = 0.002f;
    }

    /// <summary>How speech is baked.</summary>
    [Serializable]
    public sealed class BakeSettings
    {
        public BakeResult Result;

        [Tooltip("A prefab, a model or an object of the scene. A PantoMatrix clip needs none.")]
        public GameObject Character;

        [Tooltip("None: chosen by the names of the character's blendshapes.")]
        public FaceMap FaceMap;

        [Tooltip("A folder below Assets. Empty: beside the speech.")]
        public string Folder = "";

        public MotionSettings Motion = new MotionSettings();
        public BakeTolerance Tolerance = new BakeTolerance();

        /// <summary>Changes to it do not change this.</summary>
        public BakeSettings Copy() => new BakeSettings
        {
            Result = Result,
            Character = Character,
            FaceMap = FaceMap,
            Folder = Folder,
            Tolerance = new BakeTolerance { Degrees = Tolerance.Degrees, Metres = Tolerance.Metres, Weight = Tolerance.Weight },
            Motion = new MotionSettings
            {
                Model = Motion.Model,
                Speaker = Motion.Speaker,
                Expression = Motion.Expression,
                Seed = Motion.Seed,
                FramesPerSecond = Motion.FramesPerSecond,
                Root = Motion.Root,
                GestureAmplitude = Motion.GestureAmplitude,
                GestureRate = Motion.GestureRate,
                Emotions = new List<EmotionLevel>(Motion.Emotions),
                PartStrengths = new List<PartLevel>(Motion.PartStrengths),
                CurveAdjustments = new List<CurveCorrection>(Motion.CurveAdjustments),
                FrameEncoding = Motion.FrameEncoding,
            },
        };

        /// <summary>The request for a speech. rig: the character's joints; null where it has none or they are not to move.</summary>
        public V1.GenerateMotionRequest Request(V1.Audio audio, CharacterRig rig)
        {
            bool isFace = Result == BakeResult.FaceAnimation;
            var options = Motion.ToOptions(isFace ? null : rig);
            if (!isFace && rig == null)
            {
                // The model's own body, by whose roles a clip moves others.
                options.Parts.Clear();
                options.RootMode = Motion.Root;
            }
            return new V1.GenerateMotionRequest
            {
                Options = options,
                Audio = audio,
                FrameEncoding = Result == BakeResult.PantoMatrixClip ? V1.FrameEncoding.Compact : V1.FrameEncoding.Float32,
            };
        }
    }
}
