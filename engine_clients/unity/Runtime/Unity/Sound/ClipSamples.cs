using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A clip's samples on their way to a stream, as fast as it takes them: one channel, at the stream's rate.</summary>
    sealed class ClipSamples
    {
        const double PieceSeconds = 0.5;

        /// <summary>So much in one frame of the game, for reading takes time.</summary>
        const double MostSecondsAtOnce = 10;

        readonly AudioClip _clip;
        readonly CharacterStream _stream;
        readonly Resampler _resampler;
        readonly float[] _piece, _mixed, _resampled;
        int _at;

        public ClipSamples(AudioClip clip, CharacterStream stream)
        {
            _clip = clip;
            _stream = stream;
            _resampler = new Resampler(clip.frequency, stream.Use.RateHz);
            int frames = Math.Max(1, Math.Min(clip.samples, (int)(PieceSeconds * clip.frequency)));
            _piece = new float[frames * clip.channels];
            _mixed = new float[frames];
            _resampled = new float[_resampler.Room(frames)];
        }

        /// <summary>Throws ArgumentException for a clip whose samples cannot be read, with the setting that would change it.</summary>
        public static void Check(AudioClip clip)
        {
            if (clip.loadType != AudioClipLoadType.DecompressOnLoad)
                throw new ArgumentException(
                    $"The samples of '{clip.name}' cannot be read: its Load Type is {clip.loadType}. "
                    + "Set Load Type to Decompress On Load in its import settings.");
            if (clip.loadState == AudioDataLoadState.Failed)
                throw new ArgumentException($"The samples of '{clip.name}' could not be loaded. Does it play by itself?");
        }

        public bool IsDone => _at >= _clip.samples;

        /// <summary>Pushes what the stream takes. Throws InvalidOperationException where the clip gives no samples.</summary>
        public void Push()
        {
            for (double seconds = 0; !IsDone && _stream.TakesMore && seconds < MostSecondsAtOnce; seconds += PieceSeconds)
            {
                if (!_clip.GetData(_piece, _at))
                    throw new InvalidOperationException(
                        $"'{_clip.name}' gives no samples: set Load Type to Decompress On Load in its import settings.");
                int frames = Math.Min(_mixed.Length, _clip.samples - _at), channels = _clip.channels;
                for (int frame = 0; frame < frames; ++frame)
                {
                    float sum = 0;
                    for (int channel = 0; channel < channels; ++channel) sum += _piece[frame * channels + channel];
                    _mixed[frame] = sum / channels;
                }
                _at += frames;
                _stream.Push(_resampled, 0, _resampler.Convert(_mixed, 0, frames, _resampled));
                if (IsDone) _stream.Push(_resampled, 0, _resampler.Flush(_resampled));
            }
        }
    }
}
