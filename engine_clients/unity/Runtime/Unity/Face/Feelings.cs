using System;

namespace PantoMatrix
{
    /// <summary>What a face feels, for characters whose feelings are whole expressions, by Ekman's action units in ARKit's curves.
    /// Joy needs raised cheeks, so that spread lips that only speak are none.</summary>
    static class Feelings
    {
        static readonly int
            CheekSquint = FaceCurves.Find("cheekSquintLeft"), Smile = FaceCurves.Find("mouthSmileLeft"),
            BrowDown = FaceCurves.Find("browDownLeft"), InnerUp = FaceCurves.Find("browInnerUp"),
            OuterUp = FaceCurves.Find("browOuterUpLeft"), WideLeft = FaceCurves.Find("eyeWideLeft"),
            WideRight = FaceCurves.Find("eyeWideRight");

        /// <summary>face: the 52 curves, then room for the derived ones. Together they are at most 1.</summary>
        public static void Derive(float[] face)
        {
            float joy = Ramp(Both(face, CheekSquint), 0.1f, 0.5f) * Ramp(Both(face, Smile), 0.2f, 0.6f);
            float anger = Ramp(Both(face, BrowDown), 0.25f, 0.8f) * (1 - joy);
            float sorrow = Ramp(face[InnerUp] - Both(face, OuterUp), 0.3f, 0.7f) * (1 - joy);
            float surprise = Ramp(Both(face, OuterUp), 0.3f, 0.7f) * Ramp(0.5f * (face[WideLeft] + face[WideRight]), 0.2f, 0.6f) * (1 - joy);
            float share = 1 / Math.Max(1, joy + anger + sorrow + surprise);
            int at = FaceCurves.FirstFeeling;
            face[at] = share * joy;
            face[at + 1] = share * anger;
            face[at + 2] = share * sorrow;
            face[at + 3] = share * surprise;
        }

        /// <summary>The mean of the left one and the right one, where that comes next.</summary>
        static float Both(float[] face, int left) => 0.5f * (face[left] + face[left + 1]);

        static float Ramp(float value, float low, float high) => Math.Min(1, Math.Max(0, (value - low) / (high - low)));
    }
}
