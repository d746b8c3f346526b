// Made from skeleton.proto by `python3 dev.py stubs`; changes here are lost.
// Joints, their rest pose, and the axes that numbers are given in.
using System.Collections.Generic;

namespace PantoMatrix.V1
{
    /// <summary>A direction along a coordinate axis.</summary>
    public enum Axis
    {
        /// <summary>Not said: refused with INVALID_ARGUMENT where an axis is required.</summary>
        Unspecified = 0,
        /// <summary>+X</summary>
        PositiveX = 1,
        /// <summary>-X</summary>
        NegativeX = 2,
        /// <summary>+Y</summary>
        PositiveY = 3,
        /// <summary>-Y</summary>
        NegativeY = 4,
        /// <summary>+Z</summary>
        PositiveZ = 5,
        /// <summary>-Z</summary>
        NegativeZ = 6,
    }

    /// <summary>A coordinate system as a value. The three axes must be perpendicular; they decide the handedness.</summary>
    public sealed class CoordinateSystem : Message
    {
        /// <summary>"canonical", "gltf", "bvh", "unity", "unreal", "unreal_mesh", "blender", or a name of the caller's.</summary>
        public string Name { get; set; } = "";
        /// <summary>The axis that points to the character's own left. Required.</summary>
        public Axis Left { get; set; }
        /// <summary>The axis that points up. Required.</summary>
        public Axis Up { get; set; }
        /// <summary>The axis that the character faces. Required.</summary>
        public Axis Forward { get; set; }
        /// <summary>Length units in a metre: 1 for metres, 100 for centimetres. Required, above 0.</summary>
        public double UnitsPerMetre { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (Left != 0) writer.WriteInt32(16, (int)Left);
            if (Up != 0) writer.WriteInt32(24, (int)Up);
            if (Forward != 0) writer.WriteInt32(32, (int)Forward);
            if (!Wire.IsZero(UnitsPerMetre)) writer.WriteDouble(41, UnitsPerMetre);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 16: Left = (Axis)reader.ReadInt32(); break;
                    case 24: Up = (Axis)reader.ReadInt32(); break;
                    case 32: Forward = (Axis)reader.ReadInt32(); break;
                    case 41: UnitsPerMetre = reader.ReadDouble(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>Three numbers along the axes of the coordinate system in use.</summary>
    public sealed class Vector3 : Message
    {
        /// <summary>Along X, in that system's length unit.</summary>
        public float X { get; set; }
        /// <summary>Along Y.</summary>
        public float Y { get; set; }
        /// <summary>Along Z.</summary>
        public float Z { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(X)) writer.WriteFloat(13, X);
            if (!Wire.IsZero(Y)) writer.WriteFloat(21, Y);
            if (!Wire.IsZero(Z)) writer.WriteFloat(29, Z);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 13: X = reader.ReadFloat(); break;
                    case 21: Y = reader.ReadFloat(); break;
                    case 29: Z = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A unit quaternion. All zero, as an unset message has it, means no rotation.</summary>
    public sealed class Quaternion : Message
    {
        /// <summary>Vector part, x.</summary>
        public float X { get; set; }
        /// <summary>Vector part, y.</summary>
        public float Y { get; set; }
        /// <summary>Vector part, z.</summary>
        public float Z { get; set; }
        /// <summary>Real part.</summary>
        public float W { get; set; }

        public override void WriteTo(WireWriter writer)
        {
            if (!Wire.IsZero(X)) writer.WriteFloat(13, X);
            if (!Wire.IsZero(Y)) writer.WriteFloat(21, Y);
            if (!Wire.IsZero(Z)) writer.WriteFloat(29, Z);
            if (!Wire.IsZero(W)) writer.WriteFloat(37, W);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 13: X = reader.ReadFloat(); break;
                    case 21: Y = reader.ReadFloat(); break;
                    case 29: Z = reader.ReadFloat(); break;
                    case 37: W = reader.ReadFloat(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>One joint. Its frame is the parent's frame moved by rest_translation and turned by its rotation.</summary>
    public sealed class Joint : Message
    {
        /// <summary>Unique in the skeleton, not empty.</summary>
        public string Name { get; set; } = "";
        /// <summary>Index of the parent in Skeleton.joints, always smaller than the joint's own. The root has none: leave it out, or say -1.</summary>
        public int? Parent { get; set; }
        /// <summary>Position in the parent's frame (the root: in the world), in the coordinate system's length unit.</summary>
        public Vector3 RestTranslation { get; set; }
        /// <summary>Rotation relative to the parent in the rest pose. Default: none.</summary>
        public Quaternion RestRotation { get; set; }
        /// <summary>What part of a human body it is, for a skeleton to be retargeted to: one of SMPL-X's joint names ("pelvis", "left_elbow",
        /// "right_index1", ...), "spine" or "neck" for the joints between pelvis and head, "left_forearm" and the like for twist
        /// joints. Default (no joint of the skeleton has one): told from names and hierarchy. In a MotionHeader of GenerateMotion and
        /// StreamMotion: what was found; a joint without one keeps its rest rotation in every frame.</summary>
        public string Role { get; set; } = "";

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            if (Parent.HasValue) writer.WriteInt32(16, Parent.Value);
            writer.WriteMessage(26, RestTranslation);
            writer.WriteMessage(34, RestRotation);
            if (!string.IsNullOrEmpty(Role)) writer.WriteString(42, Role);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 16: Parent = reader.ReadInt32(); break;
                    case 26: RestTranslation = reader.ReadMessage(RestTranslation ?? new Vector3()); break;
                    case 34: RestRotation = reader.ReadMessage(RestRotation ?? new Quaternion()); break;
                    case 42: Role = reader.ReadString(); break;
                    default: reader.Skip(tag); break;
                }
        }
    }

    /// <summary>A skeleton and its rest pose. Rotations in frames replace rest rotations; they are not added to them.</summary>
    public sealed class Skeleton : Message
    {
        /// <summary>A name from the catalog, or the caller's own.</summary>
        public string Name { get; set; } = "";
        /// <summary>Parents before children; exactly one root, first. At most Limits.max_joints.</summary>
        public List<Joint> Joints { get; set; } = new List<Joint>();

        public override void WriteTo(WireWriter writer)
        {
            if (!string.IsNullOrEmpty(Name)) writer.WriteString(10, Name);
            foreach (var one in Joints) writer.WriteMessage(18, one);
        }

        public override void ReadFrom(WireReader reader)
        {
            for (uint tag; (tag = reader.ReadTag()) != 0;)
                switch (tag)
                {
                    case 10: Name = reader.ReadString(); break;
                    case 18: Joints.Add(reader.ReadMessage(new Joint())); break;
                    default: reader.Skip(tag); break;
                }
        }
    }
}
