using System;
using System.IO;
using UnityEditor;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Editor
{
    /// <summary>An AudioClip as a server takes it.</summary>
    static class SpeechSource
    {
        /// <summary>The file that the clip was imported from, as it is, where the server reads its format; else the clip's samples.
        /// Throws InvalidOperationException with what to change where it has none.</summary>
        public static V1.Audio Of(AudioClip clip)
        {
            var file = FileOf(clip);
            if (file != null && IsRead(file)) return new V1.Audio { Encoded = new V1.EncodedAudio { Data = file } };
            return new V1.Audio { Pcm = Samples(clip) };
        }

        static byte[] FileOf(AudioClip clip)
        {
            string path = AssetDatabase.GetAssetPath(clip);
            if (string.IsNullOrEmpty(path) || !File.Exists(path)) return null;
            return File.ReadAllBytes(path);
        }

        /// <summary>WAV, RF64, W64, AIFF, CAF, AU, FLAC, Ogg or MP3, by its first bytes.</summary>
        static bool IsRead(byte[] file)
        {
            if (file.Length < 12) return false;
            if (file[0] == 0xFF && (file[1] & 0xE0) == 0xE0) return true;
            string begin = System.Text.Encoding.ASCII.GetString(file, 0, 4);
            switch (begin)
            {
                case "RIFF":
                case "RF64":
                case "riff":
                case "FORM":
                case "caff":
                case ".snd":
                case "fLaC":
                case "OggS": return true;
                default: return begin.StartsWith("ID3", StringComparison.Ordinal);
            }
        }

        static V1.PcmAudio Samples(AudioClip clip)
        {
            if (clip.loadState != AudioDataLoadState.Loaded) clip.LoadAudioData();
            var samples = new float[clip.samples * clip.channels];
            if (clip.loadType == AudioClipLoadType.Streaming || samples.Length == 0 || !clip.GetData(samples, 0))
                throw new InvalidOperationException(
                    $"the samples of '{clip.name}' cannot be read: set its Load Type to Decompress On Load in its import settings, or import it from "
                    + "WAV, AIFF, FLAC, Ogg or MP3");
            var data = new byte[2 * samples.Length];
            for (int i = 0; i < samples.Length; ++i)
            {
                int value = Mathf.RoundToInt(Mathf.Clamp(samples[i], -1, 1) * 32767);
                data[2 * i] = (byte)value;
                data[2 * i + 1] = (byte)(value >> 8);
            }
            var format = new V1.PcmFormat { Encoding = V1.PcmEncoding.S16Le, SampleRateHz = clip.frequency, Channels = clip.channels };
            return new V1.PcmAudio { Format = format, Samples = data };
        }
    }
}
