using System;
using System.Collections.Generic;
using UnityEngine;

namespace VRM
{
    public enum BlendShapePreset
    {
        Unknown,
        Neutral,
        A,
        I,
        U,
        E,
        O,
        Blink,
        Joy,
        Angry,
        Sorrow,
        Fun,
        LookUp,
        LookDown,
        LookLeft,
        LookRight,
        Blink_L,
        Blink_R,
    }

    public readonly struct BlendShapeKey : IEquatable<BlendShapeKey>
    {
        public readonly BlendShapePreset Preset;
        private BlendShapeKey(string name, BlendShapePreset preset)
        {
            Preset = preset;
            Name = preset == BlendShapePreset.Unknown ? name ?? "" : preset.ToString();
        }
        public string Name { get; }
        public static BlendShapeKey CreateFromPreset(BlendShapePreset preset) => new BlendShapeKey("", preset);
        public static BlendShapeKey CreateUnknown(string name) => new BlendShapeKey(name, BlendShapePreset.Unknown);
        public static BlendShapeKey CreateFromClip(BlendShapeClip clip) =>
            clip == null ? default : new BlendShapeKey(clip.BlendShapeName, clip.Preset);
        public bool Equals(BlendShapeKey other) => Preset == other.Preset && Name == other.Name;
        public override bool Equals(object obj) => obj is BlendShapeKey key && Equals(key);
        public override int GetHashCode() => (Name ?? "").GetHashCode();
    }

    public class BlendShapeClip : ScriptableObject
    {
        public string BlendShapeName = "";
        public BlendShapePreset Preset;
        public bool IsBinary;
        public BlendShapeKey Key => BlendShapeKey.CreateFromClip(this);
    }

    public class BlendShapeAvatar : ScriptableObject
    {
        public List<BlendShapeClip> Clips = new List<BlendShapeClip>();
        public BlendShapeClip GetClip(BlendShapeKey key) => Clips.Find(one => one.Key.Equals(key));
        public BlendShapeClip GetClip(BlendShapePreset preset) => GetClip(BlendShapeKey.CreateFromPreset(preset));
        public BlendShapeClip GetClip(string name) => GetClip(BlendShapeKey.CreateUnknown(name));
    }

    public class VRMBlendShapeProxy : MonoBehaviour
    {
        private readonly Dictionary<BlendShapeKey, float> _set = new Dictionary<BlendShapeKey, float>(), _next = new Dictionary<BlendShapeKey, float>();
        public BlendShapeAvatar BlendShapeAvatar;
        public void ImmediatelySetValue(BlendShapeKey key, float value) => _set[key] = value;
        public void AccumulateValue(BlendShapeKey key, float value) =>
            _next[key] = (_next.TryGetValue(key, out float before) ? before : 0f) + value;
        public void Apply()
        {
            foreach (KeyValuePair<BlendShapeKey, float> one in _next)
            {
                _set[one.Key] = one.Value;
            }
            _next.Clear();
        }
        public float GetValue(BlendShapeKey key) => _set.TryGetValue(key, out float found) ? found : 0f;
        public IEnumerable<KeyValuePair<BlendShapeKey, float>> GetValues() => _set;
        public void SetValues(IEnumerable<KeyValuePair<BlendShapeKey, float>> values)
        {
            foreach (KeyValuePair<BlendShapeKey, float> one in values)
            {
                ImmediatelySetValue(one.Key, one.Value);
            }
        }
    }
}
