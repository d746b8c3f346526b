using System;
using StandIn;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    /// <summary>Characters as they are found, without a server.</summary>
    static class RigTests
    {
        public static void Run(string avatar)
        {
            RestsInTheAvatarsPose(avatar);
            Mixes(avatar);
            MusclesLeaveItWhereItIs(avatar);
            LetsGoOfMuscles(avatar);
            RestsAsItsMeshesWereBound(avatar);
            TakesAnothersMotion(avatar);
            Refuses(avatar);
            Console.WriteLine("rigs ok");
        }

        static void RestsInTheAvatarsPose(string avatar)
        {
            PlayerLoop.Begin();
            var actor = new Actor(avatar);
            var moved = CharacterRig.Of(actor.Animator, actor.Object.transform).Skeleton;
            var plain = CharacterRig.Of(null, new Actor(avatar, isHumanoid: false, isNested: false).Object.transform).Skeleton;
            foreach (var joint in moved.Joints)
            {
                var same = plain.Joints.Find(one => one.Name == joint.Name);
                Check.That(Quaternion.Angle(Of(joint.RestRotation), Of(same.RestRotation)) < 0.05f, $"{joint.Name} is not in the pose of the moment");
                var off = Of(joint.RestTranslation) - Of(same.RestTranslation);
                Check.That(off.magnitude < 1e-4f, $"{joint.Name} is {off} off");
            }
            Check.That(Of(moved.Joints[0].RestTranslation).y > 0.5f && Of(moved.Joints[0].RestTranslation).y < 1.5f, "hips in metres");
            Check.Equal(moved.Joints[0].Role, "pelvis", "the root's role");
            var small = new Actor(avatar, isNested: false);
            foreach (var joint in small.All) joint.localPosition *= 0.5f;
            var half = CharacterRig.Of(small.Animator, null).Skeleton.Joints[0].RestTranslation;
            var armature = new Vector3(0.02f, 0, 0.1f);
            Check.That((Of(half) - armature - 0.5f * (Of(moved.Joints[0].RestTranslation) - armature)).magnitude < 1e-4f, "the avatar of a model of twice the size");
            Check.Equal(moved.Joints.Find(one => one.Name == "mixamorig:LeftForeArm").Role, "left_elbow", "a role");
            Check.Equal(moved.Joints.Find(one => one.Name == "mixamorig:Spine1").Role, "", "the role of a joint between");
        }

        /// <summary>Half a weight is half of the way from what the Animator writes, whether it writes in each frame or not.</summary>
        static void Mixes(string avatar)
        {
            PlayerLoop.Begin();
            var actor = new Actor(avatar);
            var rig = CharacterRig.Of(actor.Animator, actor.Object.transform);
            var header = HeaderOf(rig.Skeleton);
            var layout = new FrameLayout(header);
            var row = new float[layout.Floats];
            layout.Decode(new byte[header.BytesPerFrame], 0, row, 0);
            for (int joint = 0; joint < layout.Joints; ++joint) row[layout.Rotations + 4 * joint + 3] = 1;
            var applier = new BodyApplier(rig, header, layout);
            var head = actor.Human("Head");
            var animated = Quaternion.Euler(0, 80, 0);
            var half = Quaternion.Slerp(animated, Quaternion.identity, 0.5f);
            for (int frame = 0; frame < 20; ++frame)
            {
                // An Animator in FixedUpdate, or one that is culled, leaves some out.
                if (frame % 3 == 0) head.localRotation = animated;
                applier.Apply(row, 0.5f, null, true);
                Check.That(Quaternion.Angle(head.localRotation, half) < 0.1f, $"half in frame {frame}");
            }
            applier.Apply(row, 0, null, true);
            Check.That(Quaternion.Angle(head.localRotation, animated) < 0.1f, "nothing of it is left");
            var mask = new AvatarMask();
            mask.SetHumanoidBodyPartActive(AvatarMaskBodyPart.Head, false);
            long writes = PlayerLoop.WritesTo(head);
            applier.Apply(row, 1, new BodyMask { AvatarMask = mask }, true);
            Check.Equal(PlayerLoop.WritesTo(head), writes, "writes to what an AvatarMask leaves out");
        }

        /// <summary>Unity reads a pose in the world and sets it below the root, which is turned, scaled and far from the origin here.</summary>
        static void MusclesLeaveItWhereItIs(string avatar)
        {
            PlayerLoop.Begin();
            var actor = new Actor(avatar);
            var rig = CharacterRig.Of(actor.Animator, actor.Object.transform);
            var header = HeaderOf(rig.Skeleton);
            var layout = new FrameLayout(header);
            var row = new float[layout.Floats];
            for (int joint = 0; joint < layout.Joints; ++joint) row[layout.Rotations + 4 * joint + 3] = 1;
            var body = new BodyApplier(rig, header, layout);
            var type = typeof(CharacterRig).Assembly.GetType("PantoMatrix.MuscleApplier");
            var muscles = Activator.CreateInstance(type, rig, body);
            body.Apply(row, 1, null, true);
            Transform hips = actor.Human("Hips"), head = actor.Human("Head");
            Vector3 place = hips.position, headPlace = head.position;
            type.GetMethod("Apply").Invoke(muscles, new object[] { row, 1f, null, true });
            Check.That((hips.position - place).magnitude < 1e-4f, $"hips at {hips.position}, not at {place}");
            Check.That((head.position - headPlace).magnitude < 0.05f, $"head at {head.position}, not at {headPlace}");
        }

        static void LetsGoOfMuscles(string avatar)
        {
            PlayerLoop.Begin();
            var actor = new Actor(avatar);
            int before = PlayerLoop.HumanPoseHandlers;
            var type = typeof(CharacterRig).Assembly.GetType("PantoMatrix.CharacterPose");
            object pose = Activator.CreateInstance(type, actor.Object, actor.Animator, true, true);
            var header = HeaderOf(((CharacterRig)type.GetProperty("Rig").GetValue(pose)).Skeleton);
            for (int time = 0; time < 2; ++time) type.GetMethod("Begin").Invoke(pose, new object[] { header, null });
            Check.Equal(PlayerLoop.HumanPoseHandlers - before, 1, "handlers of two streams");
            ((IDisposable)pose).Dispose();
            Check.Equal(PlayerLoop.HumanPoseHandlers - before, 0, "handlers that are left");
        }

        /// <summary>The avatar says nothing of its bones' rest.</summary>
        static void RestsAsItsMeshesWereBound(string avatar)
        {
            PlayerLoop.Begin();
            var rest = new Actor(avatar, isHumanoid: false, isNested: false);
            var actor = new Actor(avatar);
            actor.Face.bones = actor.All.ToArray();
            actor.Face.sharedMesh.bindposes = rest.All.ConvertAll(joint => joint.worldToLocalMatrix).ToArray();
            var description = actor.Animator.avatar.humanDescription;
            description.skeleton = new SkeletonBone[0];
            actor.Animator.avatar = AvatarBuilder.BuildHumanAvatar(actor.Object, description);
            var plain = CharacterRig.Of(null, rest.Object.transform).Skeleton;
            foreach (var joint in CharacterRig.Of(actor.Animator, actor.Object.transform).Skeleton.Joints)
            {
                var same = plain.Joints.Find(one => one.Name == joint.Name);
                Check.That(Quaternion.Angle(Of(joint.RestRotation), Of(same.RestRotation)) < 0.05f, $"{joint.Name} is in the pose of its mesh");
            }
        }

        /// <summary>A motion of the same body with other joint axes and twice the size.</summary>
        static void TakesAnothersMotion(string avatar)
        {
            PlayerLoop.Begin();
            var actor = new Actor(avatar);
            var rig = CharacterRig.Of(actor.Animator, actor.Object.transform);
            var other = new V1.Skeleton { Name = "other" };
            var world = new Quaternion[rig.Joints.Length];
            for (int joint = 0; joint < rig.Joints.Length; ++joint)
            {
                var own = rig.Skeleton.Joints[joint];
                int parent = own.Parent ?? -1;
                world[joint] = (parent < 0 ? Quaternion.identity : world[parent]) * Of(own.RestRotation);
                var at = (parent < 0 ? Quaternion.identity : world[parent]) * Of(own.RestTranslation) * 2;
                other.Joints.Add(new V1.Joint
                {
                    Name = "other " + own.Name, Parent = own.Parent, Role = own.Role, RestTranslation = new V1.Vector3 { X = at.x, Y = at.y, Z = at.z },
                });
            }
            var header = HeaderOf(other);
            var layout = new FrameLayout(header);
            var row = new float[layout.Floats];
            for (int joint = 0; joint < layout.Joints; ++joint) row[layout.Rotations + 4 * joint + 3] = 1;
            var hips = Of(other.Joints[0].RestTranslation) + new Vector3(0, -0.2f, 0.4f);
            row[0] = hips.x;
            row[1] = hips.y;
            row[2] = hips.z;
            int elbow = other.Joints.FindIndex(one => one.Role == "left_elbow");
            var bend = Quaternion.AngleAxis(70, Vector3.up);
            for (int i = 0; i < 4; ++i) row[layout.Rotations + 4 * elbow + i] = bend[i];
            new BodyApplier(rig, header, layout).Apply(row, 1, null, true);
            var inRoot = Quaternion.Inverse(actor.Object.transform.rotation) * rig.Joints[elbow].rotation;
            Check.That(Quaternion.Angle(inRoot, bend * world[elbow]) < 0.1f, "the elbow turns as far");
            var place = actor.Object.transform.InverseTransformPoint(rig.Joints[0].position);
            Check.That((place - Of(rig.Skeleton.Joints[0].RestTranslation) - new Vector3(0, -0.1f, 0.2f)).magnitude < 1e-3f, "the hips go half as far");
        }

        static void Refuses(string avatar)
        {
            var optimized = new Actor(avatar);
            PlayerLoop.Optimize(optimized.Animator);
            Check.Contains(Check.Throws<InvalidOperationException>(() => CharacterRig.Of(optimized.Animator, null)).Message, "Optimize Game Objects");
            foreach (var scale in new[] { new Vector3(-1, 1, 1), Vector3.zero, new Vector3(1, 2, 1) })
            {
                var actor = new Actor(avatar);
                actor.Joints["mixamorig:Spine"].localScale = scale;
                string said = Check.Throws<InvalidOperationException>(() => CharacterRig.Of(actor.Animator, null)).Message;
                Check.Contains(said, "mixamorig:Spine");
                Check.Contains(said, "above 0");
            }
            var cube = new GameObject("Cube");
            Check.Contains(Check.Throws<InvalidOperationException>(() => CharacterRig.Of(null, cube.transform)).Message, "Humanoid");
            // Above the character anything goes.
            var mirrored = new Actor(avatar);
            mirrored.Object.transform.localScale = new Vector3(-1, 2, 0);
            CharacterRig.Of(mirrored.Animator, null);
        }

        static V1.MotionHeader HeaderOf(V1.Skeleton skeleton)
        {
            int floats = 3 + 4 * skeleton.Joints.Count;
            var header = new V1.MotionHeader
            {
                Fps = 30, Skeleton = skeleton, BytesPerFrame = 4 * floats, CoordinateSystem = new V1.CoordinateSystem { Name = "unity" },
            };
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.RootTranslation, Width = 3, Encoding = V1.ChannelEncoding.Float32 });
            header.Channels.Add(new V1.Channel { Kind = V1.ChannelKind.JointRotations, Width = floats - 3, Offset = 12, Encoding = V1.ChannelEncoding.Float32 });
            return header;
        }

        static Vector3 Of(V1.Vector3 place) => new Vector3(place.X, place.Y, place.Z);

        static Quaternion Of(V1.Quaternion turn) => turn == null ? Quaternion.identity : new Quaternion(turn.X, turn.Y, turn.Z, turn.W);
    }
}
