using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Whether a bone takes part in a face.</summary>
    public enum FaceBoneUse
    {
        /// <summary>Where no shape does the same.</summary>
        WhenNoShape,
        Always,
        Never,
    }

    /// <summary>How far the jaw's bone turns. A humanoid avatar's own jaw comes before the names.</summary>
    [Serializable]
    public sealed class FaceJaw
    {
        public FaceBoneUse Use;
        public List<string> Bones = new List<string>();

        [Tooltip("Where jawOpen is 1."), Range(0, 60)]
        public float OpenDegrees = 25;

        [Tooltip("Where jawLeft or jawRight is 1."), Range(0, 30)]
        public float SideDegrees = 8;

        internal FaceJaw Copy() =>
            new FaceJaw { Use = Use, Bones = new List<string>(Bones), OpenDegrees = OpenDegrees, SideDegrees = SideDegrees };
    }

    /// <summary>How far the eyes' bones turn. A humanoid avatar's own eyes come before the names.</summary>
    [Serializable]
    public sealed class FaceEyes
    {
        public FaceBoneUse Use;
        public List<string> Left = new List<string>(), Right = new List<string>();

        [Tooltip("Where eyeLookIn or eyeLookOut is 1."), Range(0, 60)]
        public float YawDegrees = 30;

        [Tooltip("Where eyeLookUp or eyeLookDown is 1."), Range(0, 60)]
        public float PitchDegrees = 20;

        internal FaceEyes Copy() => new FaceEyes
        {
            Use = Use,
            Left = new List<string>(Left),
            Right = new List<string>(Right),
            YawDegrees = YawDegrees,
            PitchDegrees = PitchDegrees,
        };
    }
}
