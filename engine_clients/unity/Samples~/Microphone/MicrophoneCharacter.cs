using PantoMatrix;
using UnityEngine;

/// <summary>Put it on a character, press Play, choose a microphone: the character moves as you speak.</summary>
[RequireComponent(typeof(PantoMatrixCharacter))]
public sealed class MicrophoneCharacter : MonoBehaviour
{
#if UNITY_WEBGL && !UNITY_EDITOR
    void OnGUI() => GUILayout.Label("Unity has no microphone on WebGL: get the samples from the page, and use PushAudio.");
#else
    PantoMatrixCharacter _character;
    string _device;

    void Awake() => _character = GetComponent<PantoMatrixCharacter>();

    void OnGUI()
    {
        foreach (string device in Microphone.devices)
        {
            if (!GUILayout.Button(device == _device ? device + " (on)" : device)) continue;
            _device = device == _device ? null : device;
            if (_device != null) _character.ListenToMicrophone(_device);
            else _character.Stop();
        }
        GUILayout.Label(_device == null ? "off" : $"{_character.State}, {_character.Latency:F2} s behind");
    }
#endif
}
