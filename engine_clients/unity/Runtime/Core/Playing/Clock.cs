using System.Diagnostics;

namespace PantoMatrix
{
    /// <summary>A clock that only goes forward, for Playback and SpeechDelay.</summary>
    public static class Clock
    {
        /// <summary>Seconds since some time.</summary>
        public static double Now => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
    }
}
