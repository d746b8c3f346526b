using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>A body through Unity's muscles, so that limits and twist are the avatar's. Needs a humanoid. Unity writes all of its
    /// bones, masked ones as well, which stay where they are as far as muscles can say it.</summary>
    sealed class MuscleApplier : IDisposable
    {
        readonly HumanPoseHandler _handler;
        readonly BodyApplier _body;
        readonly Transform _hips;
        HumanPose _pose;

        public MuscleApplier(CharacterRig rig, BodyApplier body)
        {
            _body = body;
            _hips = rig.Joints[0];
            _handler = new HumanPoseHandler(rig.Avatar, rig.Root);
        }

        /// <summary>As BodyApplier.Apply.</summary>
        public void Apply(float[] row, float weight, BodyMask mask, bool applyRoot)
        {
            _body.Apply(row, weight, mask, applyRoot);
            if (weight <= 0) return;
            // Unity reads the place of a body in the world and sets it below the root; muscles do not say it, so that it stays.
            var place = _hips.localPosition;
            var turn = _hips.localRotation;
            _handler.GetHumanPose(ref _pose);
            _handler.SetHumanPose(ref _pose);
            _hips.localPosition = place;
            _hips.localRotation = turn;
            _body.Keep();
        }

        public void Rest() => _body.Rest();

        /// <summary>The engine keeps a handler's memory until it is told.</summary>
        public void Dispose() => _handler.Dispose();
    }
}
