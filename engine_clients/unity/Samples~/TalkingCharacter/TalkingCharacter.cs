using System;
using UnityEngine;

namespace PantoMatrix.Samples
{
    /// <summary>Put it on a character, fill Lines with clips, press Play: it says them one after another. The buttons change the
    /// emotion in mid-sentence, and cut the character off.</summary>
    [RequireComponent(typeof(PantoMatrixCharacter))]
    public sealed class TalkingCharacter : MonoBehaviour
    {
        [SerializeField] AudioClip[] _lines = Array.Empty<AudioClip>();
        [SerializeField, Min(0)] float _pauseSeconds = 0.5f;

        PantoMatrixCharacter _character;
        string _state = "";
        int _next;
        float _sayAt;

        void Awake() => _character = GetComponent<PantoMatrixCharacter>();

        void OnEnable()
        {
            _character.SpeechStarted += Begins;
            _character.SpeechFinished += Ends;
            _character.Failed += Fails;
            _sayAt = Time.time;
        }

        void OnDisable()
        {
            _character.SpeechStarted -= Begins;
            _character.SpeechFinished -= Ends;
            _character.Failed -= Fails;
        }

        void Update()
        {
            if (_lines.Length == 0 || Time.time < _sayAt) return;
            _sayAt = float.PositiveInfinity;
            _character.Speak(_lines[_next++ % _lines.Length]);
        }

        void Begins(Speech speech) => _state = $"{speech.Clip.name}, heard after {speech.Latency:F2} s";

        void Ends(Speech speech)
        {
            _state = speech.WasInterrupted ? "cut off" : "silent";
            _sayAt = Time.time + _pauseSeconds;
        }

        void Fails(PantoMatrixException error)
        {
            _state = error.Message;
            _sayAt = Time.time + 5;
        }

        void OnGUI()
        {
            GUILayout.Label(_lines.Length == 0 ? "Fill Lines with clips in the inspector." : _state);
            if (GUILayout.Button("Neutral")) _character.Emotions = Array.Empty<EmotionLevel>();
            if (GUILayout.Button("Joy")) _character.Emotions = new[] { new EmotionLevel("joy", 0.8f) };
            if (GUILayout.Button("Anger")) _character.Emotions = new[] { new EmotionLevel("anger", 0.8f) };
            if (GUILayout.Button("Interrupt")) _character.Interrupt();
        }
    }
}
