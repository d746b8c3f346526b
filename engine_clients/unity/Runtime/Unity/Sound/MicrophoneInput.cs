// Builds for iOS and macOS with a Microphone in them need its usage description, and on Android its permission.
#if (!UNITY_WEBGL || UNITY_EDITOR) && !PANTOMATRIX_NO_MICROPHONE
using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>What a microphone hears, piece by piece. Where the device goes away the system's own takes its place, and it comes
    /// back when it is there again.</summary>
    sealed class MicrophoneInput
    {
        const int WantedHz = 16000, RingSeconds = 2;
        const double RetrySeconds = 1, MostSilentSeconds = 1;
        readonly string _wanted;
        AudioClip _clip;
        string _device;
        int _at;
        double _movedAt, _lookedAt, _triedAt = double.NegativeInfinity;
        float[] _ring = Array.Empty<float>(), _piece = Array.Empty<float>();

        /// <summary>device: a name of Microphone.devices; null or empty for the system's own.</summary>
        public MicrophoneInput(string device) => _wanted = string.IsNullOrEmpty(device) ? null : device;

        /// <summary>0 while there is none.</summary>
        public int RateHz => _clip == null ? 0 : _clip.frequency;

        /// <summary>Why there is none; null while there is.</summary>
        public string Problem { get; private set; }

        /// <summary>Begins, or begins again where a device was lost. now: seconds.</summary>
        public void Update(double now)
        {
            if (_clip != null && (!Microphone.IsRecording(_device) || now - _movedAt > MostSilentSeconds || IsBack(now))) End();
            if (_clip != null || now - _triedAt < RetrySeconds) return;
            _triedAt = now;
            Begin(now);
        }

        /// <summary>What was heard since the last call, one channel; count says how much of it.</summary>
        public float[] Read(double now, out int count)
        {
            count = 0;
            if (_clip == null) return _piece;
            int position = Microphone.GetPosition(_device);
            int all = _clip.samples, channels = _clip.channels;
            int heard = (position - _at + all) % all;
            if (heard <= 0) return _piece;
            _movedAt = now;
            // All of it: an array of what is new would be another one each time.
            if (!_clip.GetData(_ring, 0)) return _piece;
            for (int frame = 0; frame < heard; ++frame)
            {
                int from = (_at + frame) % all * channels;
                float sum = 0;
                for (int channel = 0; channel < channels; ++channel) sum += _ring[from + channel];
                _piece[frame] = sum / channels;
            }
            _at = position;
            count = heard;
            return _piece;
        }

        public void End()
        {
            if (_clip == null) return;
            Microphone.End(_device);
            UnityEngine.Object.Destroy(_clip);
            _clip = null;
        }

        bool IsBack(double now)
        {
            if (_wanted == null || _device == _wanted || now - _lookedAt < RetrySeconds) return false;
            _lookedAt = now;
            return Array.IndexOf(Microphone.devices, _wanted) >= 0;
        }

        void Begin(double now)
        {
            var devices = Microphone.devices;
            if (devices.Length == 0)
            {
                Problem = "there is no microphone";
                return;
            }
            _device = _wanted != null && Array.IndexOf(devices, _wanted) >= 0 ? _wanted : null;
            Microphone.GetDeviceCaps(_device, out int least, out int most);
            // Both are 0 where it takes any rate.
            int rate = most == 0 ? WantedHz : Mathf.Clamp(WantedHz, least, most);
            _clip = Microphone.Start(_device, true, RingSeconds, rate);
            _at = 0;
            _movedAt = now;
            if (_clip != null)
            {
                Array.Resize(ref _ring, _clip.samples * _clip.channels);
                Array.Resize(ref _piece, _clip.samples);
            }
            Problem = _clip == null ? $"the microphone '{_device ?? devices[0]}' could not be opened" : null;
        }
    }
}
#endif
