using System;
using PantoMatrix;
using UnityEngine;

/// <summary>Bake clips (Assets > PantoMatrix > Bake, or a .pmclip of `pantomatrix generate`), put this on a character, fill Clips:
/// a button for each plays it, without a server.</summary>
[RequireComponent(typeof(PantoMatrixPlayer))]
public sealed class BakedClips : MonoBehaviour
{
    [SerializeField] PantoMatrixClip[] _clips = Array.Empty<PantoMatrixClip>();

    PantoMatrixPlayer _player;

    void Awake()
    {
        _player = GetComponent<PantoMatrixPlayer>();
        _player.PlayOnEnable = false;
    }

    void OnGUI()
    {
        if (_clips.Length == 0) GUILayout.Label("Fill Clips in the inspector.");
        foreach (var clip in _clips)
            if (clip != null && GUILayout.Button(clip.name)) _player.Play(clip);
        if (GUILayout.Button("Stop")) _player.Stop();
    }
}
