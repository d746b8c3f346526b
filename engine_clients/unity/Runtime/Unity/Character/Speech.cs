using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>How a clip is spoken.</summary>
    [Serializable]
    public sealed class SpeakOptions
    {
        /// <summary>Where it is heard; null for the character's own.</summary>
        public AudioSource AudioSource;

        /// <summary>How long the sound waits for its motion. Then it is heard without, and the motion joins when it comes.</summary>
        public float WaitSeconds = 2;
    }

    /// <summary>One utterance: a clip, or speech that was pushed.</summary>
    public sealed class Speech
    {
        internal double AskedAt, EndSeconds = double.PositiveInfinity;

        /// <summary>Null where speech was pushed.</summary>
        public AudioClip Clip { get; internal set; }

        /// <summary>Seconds from Speak, or from the first push, until it was heard.</summary>
        public double Latency { get; internal set; }

        /// <summary>Where it begins on the stream's clock; below 0 until that is known, and where there was no motion.</summary>
        public double BeginSeconds { get; internal set; } = -1;

        /// <summary>How far it is heard: of a clip, seconds in it.</summary>
        public double HeardSeconds { get; internal set; }

        /// <summary>Whether it came with motion.</summary>
        public bool HasMotion => BeginSeconds >= 0;

        /// <summary>Whether it was cut off.</summary>
        public bool WasInterrupted { get; internal set; }

        internal bool HasStarted, IsOver;
    }
}
