using System;
using System.Collections.Generic;
using UnityEngine;

namespace UniVRM10
{
    public enum ExpressionPreset
    {
        custom,
        happy,
        angry,
        sad,
        relaxed,
        surprised,
        aa,
        ih,
        ou,
        ee,
        oh,
        blink,
        blinkLeft,
        blinkRight,
        lookUp,
        lookDown,
        lookLeft,
        lookRight,
        neutral,
    }

    public readonly struct ExpressionKey : IEquatable<ExpressionKey>
    {
        public readonly ExpressionPreset Preset;
        public readonly string Name;
        public ExpressionKey(ExpressionPreset preset, string customName = null)
        {
            if (preset == ExpressionPreset.custom && string.IsNullOrEmpty(customName))
            {
                throw new ArgumentException("name is required for ExpressionPreset.Custom");
            }
            Preset = preset;
            Name = preset == ExpressionPreset.custom ? customName : preset.ToString();
        }
        public static ExpressionKey CreateCustom(string key) => new ExpressionKey(ExpressionPreset.custom, key);
        public static ExpressionKey CreateFromPreset(ExpressionPreset preset) => new ExpressionKey(preset);
        public bool Equals(ExpressionKey other) => Preset == other.Preset && Name == other.Name;
        public override bool Equals(object obj) => obj is ExpressionKey key && Equals(key);
        public override int GetHashCode() => Name.GetHashCode();
        public override string ToString() => Name;
    }

    public sealed class VRM10Expression : ScriptableObject { }

    public sealed class VRM10ObjectExpression
    {
        private readonly List<(ExpressionPreset Preset, VRM10Expression Clip)> _clips = new List<(ExpressionPreset, VRM10Expression)>();
        public IEnumerable<(ExpressionPreset Preset, VRM10Expression Clip)> Clips => _clips;
        public void AddClip(ExpressionPreset preset, VRM10Expression clip) => _clips.Add((preset, clip));
        public ExpressionKey CreateKey(VRM10Expression clip)
        {
            foreach ((ExpressionPreset preset, VRM10Expression one) in _clips)
            {
                if (one == clip)
                {
                    return new ExpressionKey(preset, clip.name);
                }
            }
            throw new KeyNotFoundException();
        }
    }

    public class VRM10Object : ScriptableObject
    {
        public VRM10ObjectExpression Expression = new VRM10ObjectExpression();
    }

    public sealed class Vrm10RuntimeExpression
    {
        private readonly List<ExpressionKey> _keys = new List<ExpressionKey>();
        private readonly Dictionary<ExpressionKey, float> _weights = new Dictionary<ExpressionKey, float>();

        internal Vrm10RuntimeExpression(Vrm10Instance target)
        {
            foreach ((ExpressionPreset _, VRM10Expression clip) in target.Vrm.Expression.Clips)
            {
                ExpressionKey key = target.Vrm.Expression.CreateKey(clip);
                _keys.Add(key);
                _weights[key] = 0f;
            }
        }
        public IReadOnlyList<ExpressionKey> ExpressionKeys => _keys;
        public float GetWeight(ExpressionKey expressionKey) => _weights.TryGetValue(expressionKey, out float found) ? found : 0f;
        public void SetWeight(ExpressionKey expressionKey, float weight)
        {
            if (_weights.ContainsKey(expressionKey))
            {
                _weights[expressionKey] = weight;
            }
        }
        public void SetWeights(IEnumerable<KeyValuePair<ExpressionKey, float>> weights)
        {
            foreach (KeyValuePair<ExpressionKey, float> one in weights)
            {
                SetWeight(one.Key, one.Value);
            }
        }
    }

    public sealed class VRM10ObjectLookAt
    {
        public enum LookAtTargetTypes
        {
            SpecifiedTransform = 0,
            YawPitchValue = 1,
        }
    }

    public sealed class Vrm10RuntimeLookAt
    {
        public float Yaw { get; private set; }
        public float Pitch { get; private set; }
        public void SetYawPitchManually(float yaw, float pitch)
        {
            Yaw = yaw;
            Pitch = pitch;
        }
    }

    public class Vrm10Runtime
    {
        internal Vrm10Runtime(Vrm10Instance target) => Expression = new Vrm10RuntimeExpression(target);
        public Vrm10RuntimeExpression Expression { get; }
        public Vrm10RuntimeLookAt LookAt { get; } = new Vrm10RuntimeLookAt();
        public void Process() { }
    }

    [DefaultExecutionOrder(11000)]
    public class Vrm10Instance : MonoBehaviour
    {
        public enum UpdateTypes { None, Update, LateUpdate }
        public VRM10Object Vrm;
        public VRM10ObjectLookAt.LookAtTargetTypes LookAtTargetType;
        public UpdateTypes UpdateType = UpdateTypes.LateUpdate;
        private Vrm10Runtime _runtime;
        public Vrm10Runtime Runtime => _runtime ?? (_runtime = new Vrm10Runtime(this));
    }
}
