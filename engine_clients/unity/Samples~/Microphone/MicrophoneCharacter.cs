using UnityEngine;

namespace PantoMatrix.Samples
{
    /// <summary>Put it on a character, press Play, speak: the character moves as you do. The buttons choose another microphone; they
    /// need Active Input Handling: Both, or the old one.</summary>
    [RequireComponent(typeof(PantoMatrixCharacter))]
    public sealed class MicrophoneCharacter : MonoBehaviour
    {
#if UNITY_WEBGL && !UNITY_EDITOR
        void OnGUI() => GUILayout.Label("Unity has no microphone on WebGL: get the samples from the page, and use PushAudio.");
#else
        PantoMatrixCharacter _character;
        string _device;

        void Awake() => _character = GetComponent<PantoMatrixCharacter>();

        void Start()
        {
            if (Microphone.devices.Length > 0) Listen(Microphone.devices[0]);
        }

        void Listen(string device)
        {
            _device = device;
            _character.ListenToMicrophone(device);
        }

        void OnGUI()
        {
            foreach (string device in Microphone.devices)
            {
                if (!GUILayout.Button(device == _device ? device + " (on)" : device)) continue;
                if (device != _device)
                {
                    Listen(device);
                    continue;
                }
                _device = null;
                _character.Stop();
            }
            GUILayout.Label(_device == null ? "off" : $"{_character.State}, {_character.Latency:F2} s behind");
        }
#endif
    }
}
