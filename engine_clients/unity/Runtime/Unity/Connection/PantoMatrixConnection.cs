using System;
using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Where the servers are and how they are reached; characters share it. The project's default is the asset
    /// "PantoMatrix" in a Resources folder; without it, it is localhost:8080.</summary>
    [CreateAssetMenu(menuName = "PantoMatrix/Connection", fileName = "PantoMatrix", order = 200)]
    public sealed class PantoMatrixConnection : ScriptableObject
    {
        /// <summary>Of the default in Resources.</summary>
        public const string ResourceName = "PantoMatrix";

        /// <summary>Comes before the asset's token, so that none has to be in a build.</summary>
        public const string TokenVariable = "PANTOMATRIX_TOKEN";

        public const string UsualAddress = "localhost:8080";

        static PantoMatrixConnection s_default;

        [Tooltip("Servers that do the same: localhost:8080, ws://host:port, wss://host. Where one is lost the next takes over.")]
        [SerializeField] List<string> _addresses = new List<string> { UsualAddress };

        [Tooltip("Asked for by servers that were started with tokens. Ships with a build as it is: "
            + "the environment variable PANTOMATRIX_TOKEN comes first.")]
        [SerializeField] string _token = "";

        [Tooltip("Seconds that a whole clip or the catalog may take.")]
        [SerializeField, Min(1)] float _timeoutSeconds = 600;

        [Tooltip("Seconds for which a live stream looks for a server again after it was lost. 0: not at all.")]
        [SerializeField, Min(0)] float _reconnectSeconds = 60;

        Connection _connection;

        public IReadOnlyList<string> Addresses
        {
            get => _addresses;
            set
            {
                if (value == null || value.Count == 0) throw new ArgumentException("no address, expected one at least", nameof(value));
                _addresses = new List<string>(value);
                _connection = null;
            }
        }

        /// <summary>Of the asset; the environment variable comes before it.</summary>
        public string Token
        {
            get => _token;
            set
            {
                _token = value ?? "";
                _connection = null;
            }
        }

        public float TimeoutSeconds
        {
            get => _timeoutSeconds;
            set => _timeoutSeconds = Mathf.Max(1, value);
        }

        public float ReconnectSeconds
        {
            get => _reconnectSeconds;
            set => _reconnectSeconds = Mathf.Max(0, value);
        }

        /// <summary>The project's own. Never null.</summary>
        public static PantoMatrixConnection Default
        {
            get
            {
                if (s_default == null) s_default = Resources.Load<PantoMatrixConnection>(ResourceName);
                if (s_default == null)
                {
                    s_default = CreateInstance<PantoMatrixConnection>();
                    s_default.name = UsualAddress;
                    s_default.hideFlags = HideFlags.DontSave;
                }
                return s_default;
            }
        }

        /// <summary>Made once, and again after a change; streams that run keep the one they have. Throws ArgumentException where an
        /// address is none.</summary>
        public Connection Connection => _connection = _connection ?? new Connection(_addresses, TokenInUse);

        /// <summary>Calls that have one request: clips, conversions, the catalog.</summary>
        public Client Client => new Client(Connection) { Timeout = TimeSpan.FromSeconds(_timeoutSeconds) };

        string TokenInUse
        {
            get
            {
                string variable = Environment.GetEnvironmentVariable(TokenVariable);
                return string.IsNullOrEmpty(variable) ? _token : variable;
            }
        }

        void OnValidate() => _connection = null;

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Forget() => s_default = null;
    }
}
