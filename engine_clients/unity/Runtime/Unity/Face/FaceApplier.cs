using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Moves a character's face by the curves of a motion. Shapes and bones that the map does not move are left alone.
    /// Nothing is allocated after the constructor, but where the map changes.</summary>
    public sealed class FaceApplier
    {
        readonly FaceMap _map;
        readonly IReadOnlyList<SkinnedMeshRenderer> _renderers;
        readonly Transform _root;
        readonly IReadOnlyList<string> _curveNames;
        readonly bool _isChosen;
        FaceDrive _drive;
        int _changes;

        /// <summary>map: null chooses one. renderers: the meshes of the face, in any order, others may be among them. root: the
        /// character's, whose z is forward. curveNames: of the motion's header.</summary>
        public FaceApplier(
            FaceMap map, IReadOnlyList<SkinnedMeshRenderer> renderers, Transform root, IReadOnlyList<string> curveNames)
        {
            _isChosen = map == null;
            _map = map;
            _renderers = renderers;
            _root = root;
            _curveNames = curveNames;
            Begin();
        }

        /// <summary>How many blendshapes or expressions it moves.</summary>
        public int Shapes => _drive.Shapes;

        /// <summary>row: as FrameLayout decodes it; firstWeight: its Weights. weight: 0 leaves the face as others made it, 1 replaces
        /// what they did to the shapes and bones that the map moves. A map that was edited since counts as it is now.</summary>
        public void Apply(float[] row, int firstWeight, float weight)
        {
            if (!_isChosen && _map.Changes != _changes)
            {
                _drive.Rest();
                Begin();
            }
            _drive.Apply(row, firstWeight, weight);
        }

        /// <summary>All that it moves goes back to what it was.</summary>
        public void Rest() => _drive.Rest();

        void Begin()
        {
            _changes = _isChosen ? 0 : _map.Changes;
            _drive = new FaceDrive(_map, _renderers, _root, _curveNames);
        }
    }
}
