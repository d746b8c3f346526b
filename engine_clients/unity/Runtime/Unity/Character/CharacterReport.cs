using System;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Tells a developer, once each, what is wrong with a character and what to do.</summary>
    sealed class CharacterReport
    {
        const double PatienceSeconds = 3;

        readonly PantoMatrixCharacter _character;
        readonly System.Collections.Generic.HashSet<string> _told = new System.Collections.Generic.HashSet<string>();
        CharacterStream _failed;
        PantoMatrixConnection _connection;
        LiveState _state = LiveState.Ended;
        double _openedAt;
        bool _isAwaited;

        public CharacterReport(PantoMatrixCharacter character) => _character = character;

        public void Warn(string what)
        {
            // Who was told of something may have destroyed it.
            if (_character != null && _told.Add(what)) Debug.LogWarning($"PantoMatrix, '{_character.name}': {what}", _character);
        }

        /// <summary>The face alone where the joints cannot be found.</summary>
        public CharacterPose MakePose(Animator animator, bool hasBody, bool useMuscles)
        {
            try
            {
                return new CharacterPose(_character.gameObject, animator, hasBody, useMuscles);
            }
            catch (InvalidOperationException error)
            {
                Warn(error.Message + " Until then only the face moves.");
                return new CharacterPose(_character.gameObject, animator, false, false);
            }
        }

        public void Opens(PantoMatrixConnection connection, double now)
        {
            _connection = connection;
            _openedAt = now;
            _isAwaited = true;
        }

        public void Begins(V1.MotionHeader header, string doubt)
        {
            _isAwaited = false;
            if (doubt != null) Warn(doubt);
            foreach (string note in header.Notes) Warn(note);
        }

        /// <summary>isStill: there are blendshapes, and none of them moves.</summary>
        public void Face(bool isStill)
        {
            if (isStill)
                Warn("no blendshape of its meshes has a name that a face map knows, so its face stays still. Make a Face Map (Assets > Create > PantoMatrix), and give it to the character; or switch Apply Face off.");
        }

        /// <summary>Whether a server refuses the character's joints.</summary>
        public static bool IsOfBody(PantoMatrixException error) =>
            error.Code == ErrorCode.InvalidArgument && error.Message.Contains("joint");

        public void Refused(V1.Refusal refusal) => Warn($"not changed: {refusal.Text}");

        public bool HasChanged(LiveState state)
        {
            bool hasChanged = state != _state;
            _state = state;
            return hasChanged;
        }

        /// <summary>Once for each stream that has ended with an error.</summary>
        public bool HasFailed(CharacterSpeech speech, double now, out PantoMatrixException error)
        {
            var stream = speech.Stream;
            error = stream?.Error;
            string problem = speech.Input?.Problem;
            if (problem != null) Warn(problem);
            if (stream != null && _isAwaited && error == null && now - _openedAt > PatienceSeconds)
            {
                _isAwaited = false;
                Warn($"no answer from {Addresses()} yet. Is a server running there (pantomatrix serve)? "
                    + "Another address goes into a PantoMatrix Connection.");
            }
            if (error == null || ReferenceEquals(stream, _failed)) return false;
            _failed = stream;
            Warn($"{error.Message}{Advice(error)}{(error.RequestId == "" ? "" : $" (request {error.RequestId})")}");
            return true;
        }

        string Addresses() => string.Join(", ", _connection.Addresses);

        string Advice(PantoMatrixException error)
        {
            if (error.Reason == "SILENT_CALLER") return ". Call EndUtterance after the last samples of a sentence.";
            switch (error.Code)
            {
                case ErrorCode.Unavailable: return $". Is a server running at {Addresses()}?";
                case ErrorCode.Unauthenticated:
                case ErrorCode.PermissionDenied:
                    return $". The token comes from the environment variable {PantoMatrixConnection.TokenVariable}, "
                        + "or from the PantoMatrix Connection.";
                case ErrorCode.InvalidArgument when IsOfBody(error):
                    return ". Give the character a Humanoid avatar. Until then only the face moves, from the next Speak on.";
                case ErrorCode.ResourceExhausted: return ". The server has as many streams as it may have (max_streams).";
                default: return "";
            }
        }
    }
}
