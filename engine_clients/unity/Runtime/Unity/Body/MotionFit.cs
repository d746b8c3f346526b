using System;
using System.Collections.Generic;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>Which joint of a motion drives which of a character. A motion for another body is turned into one for this:
    /// each joint turns, in the character's space, as far from its rest pose as the other's does, which is right where both rest
    /// in the same pose; the hips move in proportion to their height.</summary>
    sealed class MotionFit
    {
        readonly int[] _parents;
        readonly Quaternion[] _rest, _sourceRest, _turns;
        readonly Quaternion[] _world;
        readonly int[] _sourceParents;
        readonly Vector3 _sourceRoot, _hips;
        readonly float _size;

        public MotionFit(CharacterRig rig, V1.MotionHeader header)
        {
            var own = rig.Skeleton.Joints;
            int count = own.Count;
            Sources = new int[count];
            Roles = new string[count];
            var theirs = header.Skeleton == null ? new List<V1.Joint>() : header.Skeleton.Joints;
            IsOwn = theirs.Count == 0 || AreSame(own, theirs);
            if (IsOwn)
            {
                for (int joint = 0; joint < count; ++joint)
                {
                    Roles[joint] = theirs.Count > 0 ? theirs[joint].Role : "";
                    Sources[joint] = Roles[joint] == "" ? -1 : joint;
                }
                return;
            }
            if (own[0].Role == "")
                throw new InvalidOperationException(
                    $"The motion is for '{header.Skeleton.Name}', and what the joints of '{rig.Root.name}' are is not known: "
                    + "give its Animator a Humanoid avatar.");
            Match(own, theirs);
            _parents = Parents(own);
            _sourceParents = Parents(theirs);
            _rest = World(own, _parents);
            _sourceRest = World(theirs, _sourceParents);
            _turns = new Quaternion[theirs.Count];
            _world = new Quaternion[count];
            Rotations = new Quaternion[count];
            int pelvis = theirs.FindIndex(one => one.Role == "pelvis");
            if (pelvis < 0)
                throw new InvalidOperationException($"The motion for '{header.Skeleton.Name}' does not say which of its joints is the pelvis.");
            var units = header.CoordinateSystem;
            if (units != null && units.Name != "unity")
                throw new InvalidOperationException($"The motion has the axes '{units.Name}', expected 'unity'.");
            _sourceRoot = Of(theirs[0].RestTranslation);
            _hips = Of(own[0].RestTranslation);
            float height = Place(theirs, _sourceParents, pelvis).y;
            _size = height > 1e-3f ? _hips.y / height : 1;
        }

        /// <summary>Whether the motion is for these very joints.</summary>
        public bool IsOwn { get; }

        /// <summary>For each joint of the character the one that drives it; below 0 where none does.</summary>
        public int[] Sources { get; }

        /// <summary>Of each joint of the character that is driven.</summary>
        public string[] Roles { get; }

        /// <summary>Of a motion for another body, after Retarget: relative to parents; the hips' and their place in the root's space.</summary>
        public Quaternion[] Rotations { get; }

        public Vector3 Root { get; private set; }

        public void Retarget(float[] row, int rotations)
        {
            for (int joint = 0; joint < _turns.Length; ++joint)
            {
                int at = rotations + 4 * joint;
                var local = new Quaternion(row[at], row[at + 1], row[at + 2], row[at + 3]);
                _turns[joint] = _sourceParents[joint] < 0 ? local : _turns[_sourceParents[joint]] * local;
            }
            for (int joint = 0; joint < _world.Length; ++joint)
            {
                int parent = _parents[joint], source = Sources[joint];
                var above = parent < 0 ? Quaternion.identity : _world[parent];
                if (source >= 0) _world[joint] = _turns[source] * Quaternion.Inverse(_sourceRest[source]) * _rest[joint];
                else _world[joint] = parent < 0 ? _rest[joint] : above * Quaternion.Inverse(_rest[parent]) * _rest[joint];
                Rotations[joint] = Quaternion.Inverse(above) * _world[joint];
            }
            Root = _hips + _size * (new Vector3(row[0], row[1], row[2]) - _sourceRoot);
        }

        void Match(List<V1.Joint> own, List<V1.Joint> theirs)
        {
            var byRole = new Dictionary<string, List<int>>();
            for (int joint = 0; joint < theirs.Count; ++joint)
            {
                if (theirs[joint].Role == "") continue;
                if (!byRole.TryGetValue(theirs[joint].Role, out var same)) byRole.Add(theirs[joint].Role, same = new List<int>());
                same.Add(joint);
            }
            for (int joint = 0; joint < own.Count; ++joint)
            {
                string role = Roles[joint] = own[joint].Role;
                Sources[joint] = -1;
                // Twist joints share the turn of a bone in a way that depends on where they are.
                if (role == "" || !byRole.TryGetValue(role, out var drivers) || IsTwist(role)) continue;
                int number = 0, all = 0;
                for (int other = 0; other < own.Count; ++other)
                {
                    if (own[other].Role != role) continue;
                    if (other < joint) ++number;
                    ++all;
                }
                // Of a chain of another length the last is the last: all above it turn along.
                Sources[joint] = drivers[Mathf.Min(drivers.Count - 1, (number + 1) * drivers.Count / all - (all <= drivers.Count ? 1 : 0))];
            }
        }

        static bool IsTwist(string role) =>
            role.EndsWith("_arm", StringComparison.Ordinal) || role.EndsWith("forearm", StringComparison.Ordinal)
            || role.EndsWith("thigh", StringComparison.Ordinal) || role.EndsWith("calf", StringComparison.Ordinal);

        static bool AreSame(List<V1.Joint> own, List<V1.Joint> theirs)
        {
            if (own.Count != theirs.Count) return false;
            for (int joint = 0; joint < own.Count; ++joint)
            {
                if (own[joint].Name != theirs[joint].Name || (own[joint].Parent ?? -1) != (theirs[joint].Parent ?? -1)) return false;
                // A model of the same names may rest in another pose.
                if (Quaternion.Angle(Of(own[joint].RestRotation), Of(theirs[joint].RestRotation)) > 1) return false;
            }
            return (Of(own[0].RestTranslation) - Of(theirs[0].RestTranslation)).magnitude < 0.01f;
        }

        static int[] Parents(List<V1.Joint> joints)
        {
            var parents = new int[joints.Count];
            for (int joint = 0; joint < parents.Length; ++joint) parents[joint] = joints[joint].Parent ?? -1;
            return parents;
        }

        static Quaternion[] World(List<V1.Joint> joints, int[] parents)
        {
            var world = new Quaternion[joints.Count];
            for (int joint = 0; joint < world.Length; ++joint)
            {
                var local = Of(joints[joint].RestRotation);
                world[joint] = parents[joint] < 0 ? local : world[parents[joint]] * local;
            }
            return world;
        }

        static Vector3 Place(List<V1.Joint> joints, int[] parents, int joint)
        {
            var place = Of(joints[joint].RestTranslation);
            for (int above = parents[joint]; above >= 0; above = parents[above])
                place = Of(joints[above].RestTranslation) + Of(joints[above].RestRotation) * place;
            return place;
        }

        static Vector3 Of(V1.Vector3 place) => place == null ? Vector3.zero : new Vector3(place.X, place.Y, place.Z);

        static Quaternion Of(V1.Quaternion turn) =>
            turn == null || (turn.X == 0 && turn.Y == 0 && turn.Z == 0 && turn.W == 0)
                ? Quaternion.identity
                : new Quaternion(turn.X, turn.Y, turn.Z, turn.W);
    }
}
