using System;
using UnityEngine;
using UnityEngine.Events;
using Object = UnityEngine.Object;

namespace PantoMatrix
{
    /// <summary>What a character tells, for the inspector. All of it comes on the main thread.</summary>
    [Serializable]
    public sealed class CharacterEvents
    {
        [Tooltip("The server has answered: poses follow.")]
        public UnityEvent Started = new UnityEvent();

        [Tooltip("Speech begins to be heard.")]
        public UnityEvent<Speech> SpeechStarted = new UnityEvent<Speech>();

        [Tooltip("Speech has been heard to its end, or was cut off: Speech.WasInterrupted.")]
        public UnityEvent<Speech> SpeechFinished = new UnityEvent<Speech>();

        public UnityEvent Interrupted = new UnityEvent();
        public UnityEvent<LiveState> StateChanged = new UnityEvent<LiveState>();

        [Tooltip("The stream has ended with an error; the next Speak tries again.")]
        public UnityEvent<PantoMatrixException> Failed = new UnityEvent<PantoMatrixException>();

        [Tooltip("A server or a connection was lost, and the stream continues.")]
        public UnityEvent<GoneOn> GoneOn = new UnityEvent<GoneOn>();

        /// <summary>A handler that throws stops neither the others nor the stream.</summary>
        internal static void Raise(UnityEvent one, Action handlers, Object context)
        {
            try
            {
                one?.Invoke();
            }
            catch (Exception error)
            {
                Debug.LogException(error, context);
            }
            if (handlers == null) return;
            foreach (Action handler in handlers.GetInvocationList())
                try
                {
                    handler();
                }
                catch (Exception error)
                {
                    Debug.LogException(error, context);
                }
        }

        internal static void Raise<T>(UnityEvent<T> one, Action<T> handlers, T what, Object context)
        {
            try
            {
                one?.Invoke(what);
            }
            catch (Exception error)
            {
                Debug.LogException(error, context);
            }
            if (handlers == null) return;
            foreach (Action<T> handler in handlers.GetInvocationList())
                try
                {
                    handler(what);
                }
                catch (Exception error)
                {
                    Debug.LogException(error, context);
                }
        }
    }
}
