using System;
using System.Collections;
using UnityEngine;

namespace PantoMatrix.Samples
{
    /// <summary>Put it on a character, press Play. The "synthesizer" hums five vowels, so that it runs without a service: put yours in
    /// the place of Hum. What matters is that pieces are pushed as they come, and that the sentence is ended.</summary>
    [RequireComponent(typeof(PantoMatrixCharacter))]
    public sealed class SynthesizedSpeech : MonoBehaviour
    {
        const int SampleRate = 24000, PieceSamples = SampleRate / 10;

        // The first two resonances of A, E, I, O and U, in hertz.
        static readonly Vector2[] Vowels =
        {
            new Vector2(750, 1250), new Vector2(500, 1900), new Vector2(300, 2300), new Vector2(480, 850), new Vector2(320, 700),
        };

        PantoMatrixCharacter _character;
        Coroutine _saying;

        void Awake() => _character = GetComponent<PantoMatrixCharacter>();

        void Start() => Say();

        void OnGUI()
        {
            if (GUILayout.Button("Say")) Say();
            if (GUILayout.Button("Interrupt")) Stop();
        }

        [ContextMenu("Say")]
        public void Say()
        {
            Stop();
            _saying = StartCoroutine(Synthesize());
        }

        public void Stop()
        {
            if (_saying != null) StopCoroutine(_saying);
            _character.Interrupt();
        }

        IEnumerator Synthesize()
        {
            var piece = new float[PieceSamples];
            double phase = 0;
            for (int at = 0; at < 3 * SampleRate; at += PieceSamples)
            {
                Hum(piece, at, ref phase);
                _character.PushAudio(piece, piece.Length, SampleRate, 1);
                // A synthesizer's pieces come faster than they are spoken, and so may these.
                yield return null;
            }
            _character.EndUtterance();
        }

        /// <summary>A voice of 120 Hz: the harmonics near a vowel's resonances are the loud ones.</summary>
        static void Hum(float[] piece, int from, ref double phase)
        {
            for (int i = 0; i < piece.Length; ++i)
            {
                double seconds = (double)(from + i) / SampleRate;
                var vowel = Vowels[(int)(seconds / 0.6) % Vowels.Length];
                phase += 2 * Math.PI * 120 / SampleRate;
                double sum = 0;
                for (int harmonic = 1; harmonic <= 25; ++harmonic)
                {
                    double hertz = 120 * harmonic;
                    double gain = 1 / (1 + Math.Pow((hertz - vowel.x) / 120, 2)) + 0.5 / (1 + Math.Pow((hertz - vowel.y) / 150, 2));
                    sum += gain * Math.Sin(harmonic * phase);
                }
                piece[i] = (float)(0.15 * sum * Math.Sin(Math.PI * seconds % Math.PI));
            }
        }
    }
}
