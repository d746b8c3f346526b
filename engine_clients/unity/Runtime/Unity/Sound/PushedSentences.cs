using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Speech that is pushed where no sound can be made while it plays, as on WebGL: a sentence becomes a clip when it is
    /// whole.</summary>
    sealed class PushedSentences
    {
        readonly List<float> _samples = new List<float>();
        readonly Queue<AudioClip> _whole = new Queue<AudioClip>();
        int _rateHz;

        public bool IsWaiting => _samples.Count > 0 || _whole.Count > 0;

        /// <summary>One channel.</summary>
        public void Push(float[] samples, int count, int rateHz)
        {
            if (rateHz != _rateHz) EndUtterance();
            _rateHz = rateHz;
            for (int i = 0; i < count; ++i) _samples.Add(samples[i]);
        }

        public void EndUtterance()
        {
            if (_samples.Count == 0) return;
            var clip = AudioClip.Create("PantoMatrix", _samples.Count, 1, _rateHz, false);
            clip.SetData(_samples.ToArray(), 0);
            _samples.Clear();
            _whole.Enqueue(clip);
        }

        /// <summary>The next sentence that is whole; null for none.</summary>
        public AudioClip Take() => _whole.Count > 0 ? _whole.Dequeue() : null;

        public void Clear()
        {
            _samples.Clear();
            _whole.Clear();
        }
    }
}
