using System;
using System.Collections.Generic;

namespace PantoMatrix
{
    /// <summary>What may move a shape: ARKit's 52 curves, and what is derived from them for faces that have visemes, vowels or
    /// feelings instead.</summary>
    public static class FaceCurves
    {
        /// <summary>ARKit's, in Apple's order.</summary>
        public static readonly IReadOnlyList<string> Arkit = new[]
        {
            "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft", "eyeWideLeft",
            "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight", "eyeSquintRight",
            "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft",
            "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft",
            "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
            "mouthShrugUpper", "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft",
            "mouthUpperUpRight", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
            "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
        };

        /// <summary>What MouthShapes and Feelings make of them, in their order.</summary>
        public static readonly IReadOnlyList<string> Derived = new[]
        {
            "vowelA", "vowelI", "vowelU", "vowelE", "vowelO", "mouthOpen", "lipsShut",
            "visemeSil", "visemePP", "visemeFF", "visemeTH", "visemeDD", "visemeKK", "visemeCH", "visemeSS", "visemeNN", "visemeRR",
            "visemeAA", "visemeE", "visemeIH", "visemeOH", "visemeOU",
            "joy", "anger", "sorrow", "surprise",
        };

        /// <summary>Where the derived ones begin in the numbers of a face.</summary>
        internal const int FirstDerived = 52;

        internal static readonly int FirstFeeling = FirstDerived + Array.IndexOf((string[])Derived, "joy");

        static readonly Dictionary<string, int> Places = MakePlaces();

        /// <summary>Where a curve is among Arkit, then Derived. Or -1.</summary>
        internal static int Find(string curve) => Places.TryGetValue(curve, out int place) ? place : -1;

        static Dictionary<string, int> MakePlaces()
        {
            var places = new Dictionary<string, int>();
            foreach (string name in Arkit) places.Add(name, places.Count);
            foreach (string name in Derived) places.Add(name, places.Count);
            return places;
        }
    }
}
