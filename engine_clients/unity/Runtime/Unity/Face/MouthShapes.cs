using System;

namespace PantoMatrix
{
    /// <summary>Vowels and visemes from ARKit's curves, by what the lips do: how far apart they are, how round, how spread, whether
    /// they are held shut. Vowels are shared out by height and rounding as the International Phonetic Alphabet's chart has them:
    /// wide open is A, spread is E or, narrower, I; round is O or, narrower, U. The tongue cannot be seen, so that kk, nn and RR
    /// stay 0 and DD, SS and CH stand for all that is said through a narrow gap.</summary>
    static class MouthShapes
    {
        const int A = 0, I = 1, U = 2, E = 3, O = 4, Open = 5, Shut = 6, Sil = 7, PP = 8, FF = 9, TH = 10, DD = 11, CH = 13, SS = 14;
        const int AA = 17, Ee = 18, Ih = 19, Oh = 20, Ou = 21;

        /// <summary>The gap of a mouth that speaks its widest vowel, in the measure below; lips that are round part by the jaw alone.
        /// </summary>
        const float WidestGap = 0.8f, WidestRoundGap = 0.62f;

        /// <summary>How open a mouth is that says S or D.</summary>
        const float NarrowGap = 0.2f;

        static readonly int
            JawOpen = FaceCurves.Find("jawOpen"), Close = FaceCurves.Find("mouthClose"), Funnel = FaceCurves.Find("mouthFunnel"),
            Pucker = FaceCurves.Find("mouthPucker"), RollLower = FaceCurves.Find("mouthRollLower"),
            RollUpper = FaceCurves.Find("mouthRollUpper"), Tongue = FaceCurves.Find("tongueOut"), Press = FaceCurves.Find("mouthPressLeft"),
            LowerDown = FaceCurves.Find("mouthLowerDownLeft"), UpperUp = FaceCurves.Find("mouthUpperUpLeft"),
            Smile = FaceCurves.Find("mouthSmileLeft"), Stretch = FaceCurves.Find("mouthStretchLeft"),
            Dimple = FaceCurves.Find("mouthDimpleLeft");

        /// <summary>face: the 52 curves, then room for the derived ones. The five vowels together are at most 1, the fifteen visemes
        /// exactly 1.</summary>
        public static void Derive(float[] face)
        {
            float gap = Math.Max(0, face[JawOpen] - face[Close]) + 0.35f * Both(face, LowerDown) + 0.25f * Both(face, UpperUp);
            float held = Math.Max(Both(face, Press), Math.Min(face[RollLower], face[RollUpper]));
            float shut = Ramp(held, 0.05f, 0.3f) * (1 - Ramp(gap, 0.15f, 0.4f));
            float round = Ramp(0.8f * face[Funnel] + face[Pucker], 0.2f, 0.6f);
            float openness = Math.Min(1, gap / (WidestGap + (WidestRoundGap - WidestGap) * round)) * (1 - shut);
            float spread = Ramp(0.5f * Both(face, Smile) + Both(face, Stretch) + 0.6f * Both(face, Dimple), 0.08f, 0.36f);

            // Of the vowels: what is round and what is spread, and of these what is open.
            float roundOpen = Ramp(openness, 0.35f, 0.6f), spreadOpen = Ramp(openness, 0.42f, 0.62f);
            float front = (1 - round) * spread * (1 - Ramp(openness, 0.62f, 0.95f));
            float a = (1 - round - front) * openness;
            float u = round * (1 - roundOpen), o = round * roundOpen * Math.Min(1, openness / 0.6f);
            float i = front * (1 - spreadOpen) * Math.Min(1, openness / 0.4f), e = front * spreadOpen * Math.Min(1, openness / 0.6f);
            float said = 1 - shut;
            Put(face, A, said * a);
            Put(face, I, said * i);
            Put(face, U, said * u);
            Put(face, E, said * e);
            Put(face, O, said * o);
            Put(face, Open, openness);
            Put(face, Shut, shut);

            // Of the visemes: first the lips and the tongue that can be seen, then the narrow gaps, then the vowels.
            float left = said;
            float bite = left * Ramp(face[RollLower] - face[RollUpper], 0.15f, 0.5f);
            left -= bite;
            float tongue = left * Ramp(face[Tongue], 0.1f, 0.5f);
            left -= tongue;
            float narrow = left * Math.Min(1, openness / NarrowGap) * (1 - Ramp(openness, NarrowGap, 0.42f));
            float pout = narrow * Ramp(round, 0.2f, 0.5f) * (1 - Ramp(round, 0.6f, 0.9f));
            float flat = narrow * (1 - Ramp(round, 0.2f, 0.5f));
            left -= pout + flat;
            Put(face, PP, shut);
            Put(face, FF, bite);
            Put(face, TH, tongue);
            Put(face, CH, pout);
            Put(face, SS, flat * spread);
            Put(face, DD, flat * (1 - spread));
            Put(face, AA, left * a);
            Put(face, Ee, left * e);
            Put(face, Ih, left * i);
            Put(face, Oh, left * o);
            Put(face, Ou, left * u);
            Put(face, Sil, Math.Max(0, left * (1 - a - e - i - o - u)));
        }

        static void Put(float[] face, int derived, float weight) => face[FaceCurves.FirstDerived + derived] = weight;

        /// <summary>The mean of the left one and the right one, where that comes next.</summary>
        static float Both(float[] face, int left) => 0.5f * (face[left] + face[left + 1]);

        static float Ramp(float value, float low, float high) => Math.Min(1, Math.Max(0, (value - low) / (high - low)));
    }
}
