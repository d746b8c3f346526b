using System;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Writes the body of a frame to a character's joints. Only joints that the motion turns are written, each over what
    /// the Animator, or whoever came before, has written to it since; where nobody did, over what was there first. Nothing is
    /// allocated once it is made.</summary>
    public sealed class BodyApplier
    {
        struct Driven
        {
            public Transform Joint;
            public int Source;
            public BodyRegion Region;
            public bool Moves, IsWritten;
            public Quaternion Base, Written;
        }

        readonly CharacterRig _rig;
        readonly int _rotations;
        readonly Driven[] _driven;
        readonly MotionFit _fit;
        readonly Transform _hips;
        BodyMask _mask;
        int _version;
        bool _isMoved;
        Vector3 _base, _moved;

        /// <summary>header: of a motion for this character's own skeleton, or for another body: then its joints are found by their
        /// roles, and turn as far from their rest pose as those do. Throws InvalidOperationException where none fits.</summary>
        public BodyApplier(CharacterRig rig, V1.MotionHeader header, FrameLayout layout)
        {
            _rig = rig;
            _rotations = layout.Rotations;
            _hips = rig.Joints[0];
            _fit = new MotionFit(rig, header);
            int count = 0;
            for (int joint = 0; joint < rig.Joints.Length; ++joint)
                if (_fit.Sources[joint] >= 0) ++count;
            _driven = new Driven[layout.Joints == 0 ? 0 : count];
            for (int joint = 0, at = 0; at < _driven.Length; ++joint)
                if (_fit.Sources[joint] >= 0)
                    _driven[at++] = new Driven
                    {
                        Joint = rig.Joints[joint], Source = joint, Region = BodyMask.RegionOf(_fit.Roles[joint]), Moves = true,
                    };
        }

        /// <summary>row: laid out as the layout says. weight: 0 to 1; at 0 joints go back to what they were, once. mask: null for the
        /// whole body. applyRoot: whether the hips are moved as well as turned.</summary>
        public void Apply(float[] row, float weight, BodyMask mask, bool applyRoot)
        {
            if (mask != null && (!ReferenceEquals(mask, _mask) || mask.Version != _version)) Follow(mask);
            if (!_fit.IsOwn && _driven.Length > 0) _fit.Retarget(row, _rotations);
            for (int i = 0; i < _driven.Length; ++i)
            {
                ref var one = ref _driven[i];
                float share = mask == null ? weight : one.Moves ? weight * mask[one.Region] : 0;
                if (share <= 0)
                {
                    if (one.IsWritten) Release(ref one);
                    continue;
                }
                if (one.Joint == null) continue;
                if (one.Joint == _hips) Turn(ref one, Quaternion.Inverse(_rig.AboveHips.Rotation) * Received(row, one.Source), share);
                else Turn(ref one, Received(row, one.Source), share);
            }
            float root = applyRoot && _driven.Length > 0 ? weight : 0;
            if (mask != null) root *= Moves(BodyRegion.Hips) ? mask[BodyRegion.Hips] : 0;
            MoveHips(row, root);
        }

        /// <summary>All joints go back to what they were before this wrote to them.</summary>
        public void Rest()
        {
            for (int i = 0; i < _driven.Length; ++i)
                if (_driven[i].IsWritten) Release(ref _driven[i]);
            MoveHips(null, 0);
        }

        /// <summary>What the joints are now counts as written by this: somebody has corrected it.</summary>
        internal void Keep()
        {
            for (int i = 0; i < _driven.Length; ++i)
                if (_driven[i].IsWritten && _driven[i].Joint != null) _driven[i].Written = _driven[i].Joint.localRotation;
            if (_isMoved && _hips != null) _moved = _hips.localPosition;
        }

        Quaternion Received(float[] row, int joint)
        {
            if (!_fit.IsOwn) return _fit.Rotations[joint];
            int at = _rotations + 4 * joint;
            return new Quaternion(row[at], row[at + 1], row[at + 2], row[at + 3]);
        }

        static void Turn(ref Driven one, Quaternion received, float share)
        {
            var now = one.Joint.localRotation;
            if (!one.IsWritten || !Same(now, one.Written)) one.Base = now;
            one.Joint.localRotation = share >= 1 ? received : Quaternion.Slerp(one.Base, received, share);
            // What is read may be normalized.
            one.Written = one.Joint.localRotation;
            one.IsWritten = true;
        }

        static void Release(ref Driven one)
        {
            one.IsWritten = false;
            if (one.Joint != null && Same(one.Joint.localRotation, one.Written)) one.Joint.localRotation = one.Base;
        }

        void MoveHips(float[] row, float share)
        {
            if (_hips == null || (share <= 0 && !_isMoved)) return;
            var now = _hips.localPosition;
            bool isOurs = _isMoved && now.x == _moved.x && now.y == _moved.y && now.z == _moved.z;
            if (share <= 0)
            {
                if (isOurs) _hips.localPosition = _base;
                _isMoved = false;
                return;
            }
            if (!isOurs) _base = now;
            var received = _fit.IsOwn ? new Vector3(row[0], row[1], row[2]) : _fit.Root;
            _hips.localPosition = Vector3.Lerp(_base, _rig.AboveHips.Local(received), share);
            _moved = _hips.localPosition;
            _isMoved = true;
        }

        bool Moves(BodyRegion region)
        {
            for (int i = 0; i < _driven.Length; ++i)
                if (_driven[i].Region == region) return _driven[i].Moves;
            return true;
        }

        void Follow(BodyMask mask)
        {
            _mask = mask;
            _version = mask.Version;
            for (int i = 0; i < _driven.Length; ++i) _driven[i].Moves = mask.Moves(_driven[i].Region, _driven[i].Joint, _rig);
        }

        /// <summary>Bit for bit: Unity's own comparison calls what is nearly equal equal.</summary>
        static bool Same(Quaternion a, Quaternion b) => a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
    }
}
