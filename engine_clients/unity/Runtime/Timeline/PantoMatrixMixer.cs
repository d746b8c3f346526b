using System.Collections.Generic;
using UnityEngine.Playables;

namespace PantoMatrix
{
    /// <summary>Tells the player which moments of which clips are seen, with the weights that Timeline gives them.</summary>
    public sealed class PantoMatrixMixer : PlayableBehaviour
    {
        readonly List<ClipMoment> _moments = new List<ClipMoment>();
        PantoMatrixPlayer _player;

        public override void ProcessFrame(Playable playable, FrameData info, object playerData)
        {
            var player = playerData as PantoMatrixPlayer;
            if (player != _player) Leave();
            _player = player;
            if (player == null) return;
            _moments.Clear();
            int count = playable.GetInputCount();
            for (int i = 0; i < count; ++i)
            {
                float weight = playable.GetInputWeight(i);
                if (weight <= 0) continue;
                var input = (ScriptPlayable<PantoMatrixClipBehaviour>)playable.GetInput(i);
                var clip = input.GetBehaviour().Clip;
                if (clip == null) continue;
                double seconds = input.GetTime();
                // A clip that is stretched beyond its end loops.
                if (clip.Duration > 0 && seconds > clip.Duration) seconds %= clip.Duration;
                _moments.Add(new ClipMoment(clip, seconds, weight));
            }
            player.Show(_moments);
        }

        /// <summary>The Timeline was stopped, or has ended; one that pauses holds its pose.</summary>
        public override void OnPlayableDestroy(Playable playable) => Leave();

        void Leave()
        {
            if (_player != null) _player.Show(null);
            _player = null;
        }
    }
}
