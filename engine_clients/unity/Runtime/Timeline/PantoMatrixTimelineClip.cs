using System;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace PantoMatrix
{
    /// <summary>A PantoMatrixClip on a Timeline.</summary>
    [Serializable]
    public sealed class PantoMatrixTimelineClip : PlayableAsset, ITimelineClipAsset
    {
        public PantoMatrixClip Clip;

        public ClipCaps clipCaps => ClipCaps.Blending | ClipCaps.ClipIn | ClipCaps.Extrapolation | ClipCaps.Looping | ClipCaps.SpeedMultiplier;

        /// <summary>Seconds: the clip's own.</summary>
        public override double duration => Clip != null ? Clip.Duration : base.duration;

        public override Playable CreatePlayable(PlayableGraph graph, GameObject owner)
        {
            var playable = ScriptPlayable<PantoMatrixClipBehaviour>.Create(graph);
            playable.GetBehaviour().Clip = Clip;
            return playable;
        }
    }

    /// <summary>What the mixer asks for the clip.</summary>
    public sealed class PantoMatrixClipBehaviour : PlayableBehaviour
    {
        public PantoMatrixClip Clip { get; set; }
    }
}
