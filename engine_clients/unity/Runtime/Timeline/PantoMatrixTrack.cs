using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace PantoMatrix
{
    /// <summary>Baked clips on a Timeline, for the character of a PantoMatrixPlayer. Clips that overlap blend. The speech goes on an
    /// audio track beside it.</summary>
    [TrackColor(0.36f, 0.62f, 0.55f)]
    [TrackClipType(typeof(PantoMatrixTimelineClip))]
    [TrackBindingType(typeof(PantoMatrixPlayer))]
    public sealed class PantoMatrixTrack : TrackAsset
    {
        public override Playable CreateTrackMixer(PlayableGraph graph, GameObject go, int inputCount) =>
            ScriptPlayable<PantoMatrixMixer>.Create(graph, inputCount);

        /// <summary>What a preview in the editor changes, so that the scene is not left changed.</summary>
        public override void GatherProperties(PlayableDirector director, IPropertyCollector driver)
        {
            base.GatherProperties(director, driver);
            var player = director.GetGenericBinding(this) as PantoMatrixPlayer;
            if (player == null) return;
            // Where there is no mesh, blendshapes' eyes and jaws are transforms; any of them may turn.
            foreach (var joint in player.GetComponentsInChildren<Transform>(true))
                if (joint != player.transform)
                {
                    driver.AddFromName<Transform>(joint.gameObject, "m_LocalRotation");
                    driver.AddFromName<Transform>(joint.gameObject, "m_LocalPosition");
                }
            foreach (var renderer in player.GetComponentsInChildren<SkinnedMeshRenderer>(true))
            {
                var mesh = renderer.sharedMesh;
                for (int i = 0; mesh != null && i < mesh.blendShapeCount; ++i)
                    driver.AddFromName<SkinnedMeshRenderer>(renderer.gameObject, "blendShape." + mesh.GetBlendShapeName(i));
            }
        }
    }
}
