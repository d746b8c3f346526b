using System;
using UnityEngine;

namespace PantoMatrix.Samples
{
    /// <summary>Bake clips (Assets > PantoMatrix > Bake, or a .pmclip of `pantomatrix generate`), put this on a character, fill Clips:
    /// they are played one after another, without a server; a button for each plays it at once.</summary>
    [RequireComponent(typeof(PantoMatrixPlayer))]
    public sealed class BakedClips : MonoBehaviour
    {
        [SerializeField] PantoMatrixClip[] _clips = Array.Empty<PantoMatrixClip>();

        PantoMatrixPlayer _player;
        int _next;

        void Awake()
        {
            _player = GetComponent<PantoMatrixPlayer>();
            _player.PlayOnEnable = false;
            _player.Finished += clip => PlayNext();
        }

        void Start() => PlayNext();

        void PlayNext()
        {
            if (_clips.Length > 0) _player.Play(_clips[_next++ % _clips.Length]);
        }

        void OnGUI()
        {
            if (_clips.Length == 0) GUILayout.Label("Fill Clips in the inspector.");
            foreach (var clip in _clips)
                if (clip != null && GUILayout.Button(clip.name)) _player.Play(clip);
            if (GUILayout.Button("Stop")) _player.Stop();
        }
    }
}
