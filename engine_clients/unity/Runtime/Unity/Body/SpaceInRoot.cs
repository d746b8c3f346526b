using System;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>The space of a transform within that of its character's root.</summary>
    sealed class SpaceInRoot
    {
        const float NearlyEqual = 1e-3f;

        /// <summary>above: the root or something below it. Throws InvalidOperationException where it cannot be said, or undone.</summary>
        public SpaceInRoot(Transform root, Transform above)
        {
            Position = Vector3.zero;
            Rotation = Quaternion.identity;
            Scale = Vector3.one;
            for (; above != root; above = above.parent)
            {
                if (above == null) throw new InvalidOperationException($"The hips are not below '{root.name}'.");
                Check(above, above.localScale);
                Position = above.localPosition + above.localRotation * Vector3.Scale(above.localScale, Position);
                Rotation = above.localRotation * Rotation;
                Scale = Vector3.Scale(above.localScale, Scale);
            }
        }

        /// <summary>Below a joint that turns: only the scale is of use.</summary>
        public SpaceInRoot(SpaceInRoot space, Vector3 scale) => Scale = Vector3.Scale(space.Scale, scale);

        public Vector3 Position { get; }
        public Quaternion Rotation { get; }
        public Vector3 Scale { get; }

        /// <summary>A place in the root's space, in this one.</summary>
        public Vector3 Local(Vector3 inRoot)
        {
            var local = Quaternion.Inverse(Rotation) * (inRoot - Position);
            return new Vector3(local.x / Scale.x, local.y / Scale.y, local.z / Scale.z);
        }

        public static void Check(Transform joint, Vector3 scale)
        {
            float off = Mathf.Max(Mathf.Abs(scale.x - scale.y), Mathf.Abs(scale.x - scale.z));
            bool isEven = off <= NearlyEqual * Mathf.Abs(scale.x);
            if (scale.x > 0 && scale.y > 0 && scale.z > 0 && (isEven || joint.childCount == 0)) return;
            throw new InvalidOperationException(
                $"'{joint.name}' has the scale {scale}: between a character and its joints it has to be above 0 and the same for x, y and z. "
                + "Scale or mirror the character as a whole, above its Animator.");
        }
    }
}
