using System;

namespace UnityEngine
{
    public struct Mathf
    {
        public const float PI = 3.14159274f;
        public const float Infinity = float.PositiveInfinity;
        public const float NegativeInfinity = float.NegativeInfinity;
        public const float Deg2Rad = PI * 2f / 360f;
        public const float Rad2Deg = 1f / Deg2Rad;
        public static readonly float Epsilon = float.Epsilon;

        public static float Abs(float f) => Math.Abs(f);
        public static int Abs(int value) => Math.Abs(value);
        public static float Acos(float f) => (float)Math.Acos(f);
        public static float Asin(float f) => (float)Math.Asin(f);
        public static float Atan(float f) => (float)Math.Atan(f);
        public static float Atan2(float y, float x) => (float)Math.Atan2(y, x);
        public static float Ceil(float f) => (float)Math.Ceiling(f);
        public static int CeilToInt(float f) => (int)Math.Ceiling(f);
        public static float Clamp(float value, float min, float max) => value < min ? min : value > max ? max : value;
        public static int Clamp(int value, int min, int max) => value < min ? min : value > max ? max : value;
        public static float Clamp01(float value) => Clamp(value, 0f, 1f);
        public static float Cos(float f) => (float)Math.Cos(f);
        public static float Exp(float power) => (float)Math.Exp(power);
        public static float Floor(float f) => (float)Math.Floor(f);
        public static int FloorToInt(float f) => (int)Math.Floor(f);
        public static float InverseLerp(float a, float b, float value) => a != b ? Clamp01((value - a) / (b - a)) : 0f;
        public static float Lerp(float a, float b, float t) => a + (b - a) * Clamp01(t);
        public static float LerpUnclamped(float a, float b, float t) => a + (b - a) * t;
        public static float LerpAngle(float a, float b, float t) => a + DeltaAngle(a, b) * Clamp01(t);
        public static float DeltaAngle(float current, float target)
        {
            float delta = Repeat(target - current, 360f);
            return delta > 180f ? delta - 360f : delta;
        }
        public static float Log(float f) => (float)Math.Log(f);
        public static float Log(float f, float p) => (float)Math.Log(f, p);
        public static float Log10(float f) => (float)Math.Log10(f);
        public static float Max(float a, float b) => a > b ? a : b;
        public static int Max(int a, int b) => a > b ? a : b;
        public static float Min(float a, float b) => a < b ? a : b;
        public static int Min(int a, int b) => a < b ? a : b;
        public static float MoveTowards(float current, float target, float maxDelta) =>
            Abs(target - current) <= maxDelta ? target : current + Sign(target - current) * maxDelta;
        public static int NextPowerOfTwo(int value)
        {
            int power = 1;
            while (power < value)
            {
                power *= 2;
            }
            return power;
        }
        public static float PingPong(float t, float length)
        {
            t = Repeat(t, length * 2f);
            return length - Abs(t - length);
        }
        public static float Pow(float f, float p) => (float)Math.Pow(f, p);
        public static float Repeat(float t, float length) => Clamp(t - Floor(t / length) * length, 0f, length);
        public static float Round(float f) => (float)Math.Round(f);
        public static int RoundToInt(float f) => (int)Math.Round(f);
        public static float Sign(float f) => f >= 0f ? 1f : -1f;
        public static float Sin(float f) => (float)Math.Sin(f);
        public static float SmoothStep(float from, float to, float t)
        {
            t = Clamp01(t);
            return from + (to - from) * (t * t * (3f - 2f * t));
        }
        public static float Sqrt(float f) => (float)Math.Sqrt(f);
        public static float Tan(float f) => (float)Math.Tan(f);
        public static bool Approximately(float a, float b) =>
            Abs(b - a) < Max(1e-6f * Max(Abs(a), Abs(b)), Epsilon * 8f);
    }

    public struct Vector2 : IEquatable<Vector2>
    {
        public float x;
        public float y;
        public Vector2(float x, float y) { this.x = x; this.y = y; }
        public static Vector2 zero => new Vector2(0f, 0f);
        public static Vector2 one => new Vector2(1f, 1f);
        public static Vector2 up => new Vector2(0f, 1f);
        public static Vector2 right => new Vector2(1f, 0f);
        public float magnitude => Mathf.Sqrt(x * x + y * y);
        public float sqrMagnitude => x * x + y * y;
        public Vector2 normalized => magnitude > 1e-5f ? this / magnitude : zero;
        public static float Distance(Vector2 a, Vector2 b) => (a - b).magnitude;
        public static float Dot(Vector2 lhs, Vector2 rhs) => lhs.x * rhs.x + lhs.y * rhs.y;
        public static Vector2 Lerp(Vector2 a, Vector2 b, float t) => a + (b - a) * Mathf.Clamp01(t);
        public static Vector2 operator +(Vector2 a, Vector2 b) => new Vector2(a.x + b.x, a.y + b.y);
        public static Vector2 operator -(Vector2 a, Vector2 b) => new Vector2(a.x - b.x, a.y - b.y);
        public static Vector2 operator -(Vector2 a) => new Vector2(-a.x, -a.y);
        public static Vector2 operator *(Vector2 a, float d) => new Vector2(a.x * d, a.y * d);
        public static Vector2 operator *(float d, Vector2 a) => a * d;
        public static Vector2 operator /(Vector2 a, float d) => new Vector2(a.x / d, a.y / d);
        public static bool operator ==(Vector2 lhs, Vector2 rhs) => (lhs - rhs).sqrMagnitude < 1e-10f;
        public static bool operator !=(Vector2 lhs, Vector2 rhs) => !(lhs == rhs);
        public static implicit operator Vector2(Vector3 v) => new Vector2(v.x, v.y);
        public static implicit operator Vector3(Vector2 v) => new Vector3(v.x, v.y, 0f);
        public bool Equals(Vector2 other) => x == other.x && y == other.y;
        public override bool Equals(object other) => other is Vector2 vector && Equals(vector);
        public override int GetHashCode() => x.GetHashCode() ^ (y.GetHashCode() << 2);
        public override string ToString() => $"({x:F2}, {y:F2})";
    }

    public struct Vector3 : IEquatable<Vector3>
    {
        public const float kEpsilon = 1e-5f;
        public float x;
        public float y;
        public float z;
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }
        public Vector3(float x, float y) { this.x = x; this.y = y; z = 0f; }
        public static Vector3 zero => new Vector3(0f, 0f, 0f);
        public static Vector3 one => new Vector3(1f, 1f, 1f);
        public static Vector3 forward => new Vector3(0f, 0f, 1f);
        public static Vector3 back => new Vector3(0f, 0f, -1f);
        public static Vector3 up => new Vector3(0f, 1f, 0f);
        public static Vector3 down => new Vector3(0f, -1f, 0f);
        public static Vector3 left => new Vector3(-1f, 0f, 0f);
        public static Vector3 right => new Vector3(1f, 0f, 0f);
        public float this[int index]
        {
            get => index switch { 0 => x, 1 => y, 2 => z, _ => throw new IndexOutOfRangeException("Invalid Vector3 index!") };
            set
            {
                switch (index)
                {
                    case 0: x = value; break;
                    case 1: y = value; break;
                    case 2: z = value; break;
                    default: throw new IndexOutOfRangeException("Invalid Vector3 index!");
                }
            }
        }
        public float magnitude => (float)Math.Sqrt(x * x + y * y + z * z);
        public float sqrMagnitude => x * x + y * y + z * z;
        public Vector3 normalized => magnitude > kEpsilon ? this / magnitude : zero;
        public void Normalize() => this = normalized;
        public void Set(float newX, float newY, float newZ) { x = newX; y = newY; z = newZ; }
        public void Scale(Vector3 scale) => this = Scale(this, scale);
        public static Vector3 Normalize(Vector3 value) => value.normalized;
        public static float Magnitude(Vector3 vector) => vector.magnitude;
        public static float SqrMagnitude(Vector3 vector) => vector.sqrMagnitude;
        public static float Angle(Vector3 from, Vector3 to)
        {
            float both = Mathf.Sqrt(from.sqrMagnitude * to.sqrMagnitude);
            return both < 1e-15f ? 0f : Mathf.Acos(Mathf.Clamp(Dot(from, to) / both, -1f, 1f)) * Mathf.Rad2Deg;
        }
        public static float SignedAngle(Vector3 from, Vector3 to, Vector3 axis) => Angle(from, to) * Mathf.Sign(Dot(axis, Cross(from, to)));
        public static Vector3 Cross(Vector3 lhs, Vector3 rhs) =>
            new Vector3(lhs.y * rhs.z - lhs.z * rhs.y, lhs.z * rhs.x - lhs.x * rhs.z, lhs.x * rhs.y - lhs.y * rhs.x);
        public static float Distance(Vector3 a, Vector3 b) => (a - b).magnitude;
        public static float Dot(Vector3 lhs, Vector3 rhs) => lhs.x * rhs.x + lhs.y * rhs.y + lhs.z * rhs.z;
        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) => a + (b - a) * Mathf.Clamp01(t);
        public static Vector3 LerpUnclamped(Vector3 a, Vector3 b, float t) => a + (b - a) * t;
        public static Vector3 Max(Vector3 lhs, Vector3 rhs) => new Vector3(Mathf.Max(lhs.x, rhs.x), Mathf.Max(lhs.y, rhs.y), Mathf.Max(lhs.z, rhs.z));
        public static Vector3 Min(Vector3 lhs, Vector3 rhs) => new Vector3(Mathf.Min(lhs.x, rhs.x), Mathf.Min(lhs.y, rhs.y), Mathf.Min(lhs.z, rhs.z));
        public static Vector3 MoveTowards(Vector3 current, Vector3 target, float maxDistanceDelta)
        {
            Vector3 way = target - current;
            return way.magnitude <= maxDistanceDelta ? target : current + way.normalized * maxDistanceDelta;
        }
        public static Vector3 Project(Vector3 vector, Vector3 onNormal) =>
            onNormal.sqrMagnitude < 1e-15f ? zero : onNormal * (Dot(vector, onNormal) / onNormal.sqrMagnitude);
        public static Vector3 ProjectOnPlane(Vector3 vector, Vector3 planeNormal) => vector - Project(vector, planeNormal);
        public static Vector3 Scale(Vector3 a, Vector3 b) => new Vector3(a.x * b.x, a.y * b.y, a.z * b.z);
        public static Vector3 operator +(Vector3 a, Vector3 b) => new Vector3(a.x + b.x, a.y + b.y, a.z + b.z);
        public static Vector3 operator -(Vector3 a, Vector3 b) => new Vector3(a.x - b.x, a.y - b.y, a.z - b.z);
        public static Vector3 operator -(Vector3 a) => new Vector3(-a.x, -a.y, -a.z);
        public static Vector3 operator *(Vector3 a, float d) => new Vector3(a.x * d, a.y * d, a.z * d);
        public static Vector3 operator *(float d, Vector3 a) => a * d;
        public static Vector3 operator /(Vector3 a, float d) => new Vector3(a.x / d, a.y / d, a.z / d);
        public static bool operator ==(Vector3 lhs, Vector3 rhs) => (lhs - rhs).sqrMagnitude < 1e-10f;
        public static bool operator !=(Vector3 lhs, Vector3 rhs) => !(lhs == rhs);
        public bool Equals(Vector3 other) => x == other.x && y == other.y && z == other.z;
        public override bool Equals(object other) => other is Vector3 vector && Equals(vector);
        public override int GetHashCode() => x.GetHashCode() ^ (y.GetHashCode() << 2) ^ (z.GetHashCode() >> 2);
        public override string ToString() => $"({x:F2}, {y:F2}, {z:F2})";
        public string ToString(string format) => $"({x.ToString(format)}, {y.ToString(format)}, {z.ToString(format)})";
    }

    public struct Vector4 : IEquatable<Vector4>
    {
        public float x;
        public float y;
        public float z;
        public float w;
        public Vector4(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
        public static Vector4 zero => default;
        public static bool operator ==(Vector4 lhs, Vector4 rhs) => lhs.Equals(rhs);
        public static bool operator !=(Vector4 lhs, Vector4 rhs) => !lhs.Equals(rhs);
        public static implicit operator Vector4(Vector3 v) => new Vector4(v.x, v.y, v.z, 0f);
        public static implicit operator Vector3(Vector4 v) => new Vector3(v.x, v.y, v.z);
        public bool Equals(Vector4 other) => x == other.x && y == other.y && z == other.z && w == other.w;
        public override bool Equals(object other) => other is Vector4 vector && Equals(vector);
        public override int GetHashCode() => x.GetHashCode() ^ (y.GetHashCode() << 2) ^ (z.GetHashCode() >> 2) ^ (w.GetHashCode() >> 1);
    }

    public struct Quaternion : IEquatable<Quaternion>
    {
        public const float kEpsilon = 1e-6f;
        public float x;
        public float y;
        public float z;
        public float w;
        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
        public static Quaternion identity => new Quaternion(0f, 0f, 0f, 1f);
        public float this[int index] =>
            index switch { 0 => x, 1 => y, 2 => z, 3 => w, _ => throw new IndexOutOfRangeException("Invalid Quaternion index!") };
        public Quaternion normalized => Normalize(this);
        public void Normalize() => this = Normalize(this);
        public void Set(float newX, float newY, float newZ, float newW) { x = newX; y = newY; z = newZ; w = newW; }

        // About z, then x, then y; degrees in [0, 360).
        public Vector3 eulerAngles
        {
            get
            {
                Quaternion q = normalized;
                float sine = Mathf.Clamp(2f * (q.w * q.x - q.y * q.z), -1f, 1f);
                float aboutY, aboutZ;
                if (Mathf.Abs(sine) > 0.999999f)
                {
                    aboutY = 2f * Mathf.Atan2(q.y, q.w);
                    aboutZ = 0f;
                }
                else
                {
                    aboutY = Mathf.Atan2(2f * (q.x * q.z + q.w * q.y), 1f - 2f * (q.x * q.x + q.y * q.y));
                    aboutZ = Mathf.Atan2(2f * (q.x * q.y + q.w * q.z), 1f - 2f * (q.x * q.x + q.z * q.z));
                }
                return new Vector3(Turned(Mathf.Asin(sine)), Turned(aboutY), Turned(aboutZ));
            }
            set => this = Euler(value);
        }

        private static float Turned(float radians) => Mathf.Repeat(radians * Mathf.Rad2Deg, 360f);

        public static Quaternion Euler(float x, float y, float z) =>
            AngleAxis(y, Vector3.up) * AngleAxis(x, Vector3.right) * AngleAxis(z, Vector3.forward);
        public static Quaternion Euler(Vector3 euler) => Euler(euler.x, euler.y, euler.z);
        public static Quaternion AngleAxis(float angle, Vector3 axis)
        {
            Vector3 unit = axis.normalized;
            double half = angle * Math.PI / 360.0;
            float sine = (float)Math.Sin(half);
            return new Quaternion(unit.x * sine, unit.y * sine, unit.z * sine, (float)Math.Cos(half));
        }
        public void ToAngleAxis(out float angle, out Vector3 axis)
        {
            Quaternion q = normalized;
            float sine = Mathf.Sqrt(q.x * q.x + q.y * q.y + q.z * q.z);
            angle = 2f * Mathf.Atan2(sine, q.w) * Mathf.Rad2Deg;
            axis = sine > 1e-6f ? new Vector3(q.x, q.y, q.z) / sine : Vector3.right;
        }
        public static float Dot(Quaternion a, Quaternion b) => a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
        public static float Angle(Quaternion a, Quaternion b)
        {
            float dot = Mathf.Min(Mathf.Abs(Dot(a, b)), 1f);
            return dot > 1f - kEpsilon ? 0f : Mathf.Acos(dot) * 2f * Mathf.Rad2Deg;
        }
        public static Quaternion Inverse(Quaternion rotation)
        {
            float square = Dot(rotation, rotation);
            return new Quaternion(-rotation.x / square, -rotation.y / square, -rotation.z / square, rotation.w / square);
        }
        public static Quaternion Normalize(Quaternion q)
        {
            float size = Mathf.Sqrt(Dot(q, q));
            return size < Mathf.Epsilon ? identity : new Quaternion(q.x / size, q.y / size, q.z / size, q.w / size);
        }
        public static Quaternion Lerp(Quaternion a, Quaternion b, float t) => LerpUnclamped(a, b, Mathf.Clamp01(t));
        public static Quaternion LerpUnclamped(Quaternion a, Quaternion b, float t)
        {
            float sign = Dot(a, b) < 0f ? -1f : 1f;
            return Normalize(Mix(a, b, 1f - t, sign * t));
        }
        public static Quaternion Slerp(Quaternion a, Quaternion b, float t) => SlerpUnclamped(a, b, Mathf.Clamp01(t));
        public static Quaternion SlerpUnclamped(Quaternion a, Quaternion b, float t)
        {
            float dot = Dot(a, b), sign = dot < 0f ? -1f : 1f;
            dot *= sign;
            if (dot > 0.9995f)
            {
                return Normalize(Mix(a, b, 1f - t, sign * t));
            }
            double angle = Math.Acos(dot), sine = Math.Sin(angle);
            return Mix(a, b, (float)(Math.Sin((1f - t) * angle) / sine), sign * (float)(Math.Sin(t * angle) / sine));
        }
        private static Quaternion Mix(Quaternion a, Quaternion b, float ofA, float ofB) =>
            new Quaternion(a.x * ofA + b.x * ofB, a.y * ofA + b.y * ofB, a.z * ofA + b.z * ofB, a.w * ofA + b.w * ofB);
        public static Quaternion RotateTowards(Quaternion from, Quaternion to, float maxDegreesDelta)
        {
            float angle = Angle(from, to);
            return angle == 0f ? to : SlerpUnclamped(from, to, Mathf.Min(1f, maxDegreesDelta / angle));
        }
        public static Quaternion FromToRotation(Vector3 fromDirection, Vector3 toDirection)
        {
            Vector3 from = fromDirection.normalized, to = toDirection.normalized;
            float dot = Vector3.Dot(from, to);
            if (dot < -0.999999f)
            {
                Vector3 side = Vector3.Cross(Mathf.Abs(from.x) < 0.9f ? Vector3.right : Vector3.up, from);
                return AngleAxis(180f, side);
            }
            Vector3 axis = Vector3.Cross(from, to);
            return Normalize(new Quaternion(axis.x, axis.y, axis.z, 1f + dot));
        }
        public static Quaternion LookRotation(Vector3 forward) => LookRotation(forward, Vector3.up);
        public static Quaternion LookRotation(Vector3 forward, Vector3 upwards)
        {
            Vector3 front = forward.normalized;
            Vector3 side = Vector3.Cross(upwards, front).normalized;
            if (side == Vector3.zero)
            {
                return FromToRotation(Vector3.forward, front);
            }
            Vector3 top = Vector3.Cross(front, side);
            Matrix4x4 axes = Matrix4x4.identity;
            axes.SetColumn(0, side);
            axes.SetColumn(1, top);
            axes.SetColumn(2, front);
            return axes.rotation;
        }
        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) => new Quaternion(
            lhs.w * rhs.x + lhs.x * rhs.w + lhs.y * rhs.z - lhs.z * rhs.y,
            lhs.w * rhs.y + lhs.y * rhs.w + lhs.z * rhs.x - lhs.x * rhs.z,
            lhs.w * rhs.z + lhs.z * rhs.w + lhs.x * rhs.y - lhs.y * rhs.x,
            lhs.w * rhs.w - lhs.x * rhs.x - lhs.y * rhs.y - lhs.z * rhs.z);
        public static Vector3 operator *(Quaternion rotation, Vector3 point)
        {
            Vector3 axis = new Vector3(rotation.x, rotation.y, rotation.z);
            Vector3 twice = 2f * Vector3.Cross(axis, point);
            return point + rotation.w * twice + Vector3.Cross(axis, twice);
        }
        public static bool operator ==(Quaternion lhs, Quaternion rhs) => Dot(lhs, rhs) > 1f - kEpsilon;
        public static bool operator !=(Quaternion lhs, Quaternion rhs) => !(lhs == rhs);
        public bool Equals(Quaternion other) => x == other.x && y == other.y && z == other.z && w == other.w;
        public override bool Equals(object other) => other is Quaternion quaternion && Equals(quaternion);
        public override int GetHashCode() => x.GetHashCode() ^ (y.GetHashCode() << 2) ^ (z.GetHashCode() >> 2) ^ (w.GetHashCode() >> 1);
        public override string ToString() => $"({x:F5}, {y:F5}, {z:F5}, {w:F5})";
    }

    public struct Matrix4x4 : IEquatable<Matrix4x4>
    {
        public float m00, m10, m20, m30, m01, m11, m21, m31, m02, m12, m22, m32, m03, m13, m23, m33;

        public static Matrix4x4 zero => default;
        public static Matrix4x4 identity
        {
            get
            {
                Matrix4x4 found = default;
                found.m00 = found.m11 = found.m22 = found.m33 = 1f;
                return found;
            }
        }
        public float this[int row, int column]
        {
            get => this[row + column * 4];
            set => this[row + column * 4] = value;
        }
        public float this[int index]
        {
            get => index switch
            {
                0 => m00, 1 => m10, 2 => m20, 3 => m30, 4 => m01, 5 => m11, 6 => m21, 7 => m31,
                8 => m02, 9 => m12, 10 => m22, 11 => m32, 12 => m03, 13 => m13, 14 => m23, 15 => m33,
                _ => throw new IndexOutOfRangeException("Invalid matrix index!"),
            };
            set
            {
                switch (index)
                {
                    case 0: m00 = value; break;
                    case 1: m10 = value; break;
                    case 2: m20 = value; break;
                    case 3: m30 = value; break;
                    case 4: m01 = value; break;
                    case 5: m11 = value; break;
                    case 6: m21 = value; break;
                    case 7: m31 = value; break;
                    case 8: m02 = value; break;
                    case 9: m12 = value; break;
                    case 10: m22 = value; break;
                    case 11: m32 = value; break;
                    case 12: m03 = value; break;
                    case 13: m13 = value; break;
                    case 14: m23 = value; break;
                    case 15: m33 = value; break;
                    default: throw new IndexOutOfRangeException("Invalid matrix index!");
                }
            }
        }
        public Vector4 GetColumn(int index) => new Vector4(this[0, index], this[1, index], this[2, index], this[3, index]);
        public Vector4 GetRow(int index) => new Vector4(this[index, 0], this[index, 1], this[index, 2], this[index, 3]);
        public void SetColumn(int index, Vector4 column)
        {
            this[0, index] = column.x;
            this[1, index] = column.y;
            this[2, index] = column.z;
            this[3, index] = column.w;
        }
        public void SetRow(int index, Vector4 row)
        {
            this[index, 0] = row.x;
            this[index, 1] = row.y;
            this[index, 2] = row.z;
            this[index, 3] = row.w;
        }
        public Vector3 GetPosition() => new Vector3(m03, m13, m23);
        public Matrix4x4 transpose
        {
            get
            {
                Matrix4x4 found = default;
                for (int i = 0; i < 4; i++)
                {
                    for (int j = 0; j < 4; j++)
                    {
                        found[i, j] = this[j, i];
                    }
                }
                return found;
            }
        }
        public float determinant
        {
            get
            {
                double[,] rows = Rows();
                return (float)Solved(rows, new double[4, 4]);
            }
        }
        public Matrix4x4 inverse
        {
            get
            {
                if (m30 == 0f && m31 == 0f && m32 == 0f && m33 == 1f)
                {
                    return InverseOfAffine();
                }
                double[,] answer = new double[4, 4];
                for (int i = 0; i < 4; i++)
                {
                    answer[i, i] = 1;
                }
                if (Solved(Rows(), answer) == 0)
                {
                    return zero;
                }
                Matrix4x4 found = default;
                for (int i = 0; i < 4; i++)
                {
                    for (int j = 0; j < 4; j++)
                    {
                        found[i, j] = (float)answer[i, j];
                    }
                }
                return found;
            }
        }
        // Without an allocation: transforms ask for it in each frame.
        private Matrix4x4 InverseOfAffine()
        {
            double a = (double)m11 * m22 - (double)m12 * m21, b = (double)m12 * m20 - (double)m10 * m22, c = (double)m10 * m21 - (double)m11 * m20;
            double determinant = m00 * a + m01 * b + m02 * c;
            if (determinant == 0)
            {
                return zero;
            }
            double by = 1 / determinant;
            Matrix4x4 found = identity;
            found.m00 = (float)(a * by);
            found.m01 = (float)(((double)m02 * m21 - (double)m01 * m22) * by);
            found.m02 = (float)(((double)m01 * m12 - (double)m02 * m11) * by);
            found.m10 = (float)(b * by);
            found.m11 = (float)(((double)m00 * m22 - (double)m02 * m20) * by);
            found.m12 = (float)(((double)m02 * m10 - (double)m00 * m12) * by);
            found.m20 = (float)(c * by);
            found.m21 = (float)(((double)m01 * m20 - (double)m00 * m21) * by);
            found.m22 = (float)(((double)m00 * m11 - (double)m01 * m10) * by);
            Vector3 back = found.MultiplyVector(GetPosition());
            found.m03 = -back.x;
            found.m13 = -back.y;
            found.m23 = -back.z;
            return found;
        }

        public static Matrix4x4 Inverse(Matrix4x4 m) => m.inverse;
        public static Matrix4x4 Transpose(Matrix4x4 m) => m.transpose;

        private double[,] Rows()
        {
            double[,] rows = new double[4, 4];
            for (int i = 0; i < 16; i++)
            {
                rows[i % 4, i / 4] = this[i];
            }
            return rows;
        }

        // Gauss and Jordan; the determinant.
        private static double Solved(double[,] rows, double[,] answer)
        {
            double determinant = 1;
            for (int i = 0; i < 4; i++)
            {
                int pivot = i;
                for (int r = i + 1; r < 4; r++)
                {
                    pivot = Math.Abs(rows[r, i]) > Math.Abs(rows[pivot, i]) ? r : pivot;
                }
                if (rows[pivot, i] == 0)
                {
                    return 0;
                }
                if (pivot != i)
                {
                    determinant = -determinant;
                    for (int c = 0; c < 4; c++)
                    {
                        (rows[i, c], rows[pivot, c]) = (rows[pivot, c], rows[i, c]);
                        (answer[i, c], answer[pivot, c]) = (answer[pivot, c], answer[i, c]);
                    }
                }
                double by = rows[i, i];
                determinant *= by;
                for (int c = 0; c < 4; c++)
                {
                    rows[i, c] /= by;
                    answer[i, c] /= by;
                }
                for (int r = 0; r < 4; r++)
                {
                    double times = rows[r, i];
                    for (int c = 0; c < 4 && r != i; c++)
                    {
                        rows[r, c] -= times * rows[i, c];
                        answer[r, c] -= times * answer[i, c];
                    }
                }
            }
            return determinant;
        }

        // The lengths of the axes; the first is negative in a mirrored matrix.
        public Vector3 lossyScale
        {
            get
            {
                Vector3 x = GetColumn(0), y = GetColumn(1), z = GetColumn(2);
                float sign = Vector3.Dot(Vector3.Cross(x, y), z) < 0f ? -1f : 1f;
                return new Vector3(sign * x.magnitude, y.magnitude, z.magnitude);
            }
        }
        public Quaternion rotation
        {
            get
            {
                Vector3 scale = lossyScale;
                Vector3 x = (Vector3)GetColumn(0) / scale.x, y = (Vector3)GetColumn(1) / scale.y, z = (Vector3)GetColumn(2) / scale.z;
                double trace = x.x + y.y + z.z;
                if (trace > 0)
                {
                    double s = Math.Sqrt(trace + 1) * 2;
                    return Of((y.z - z.y) / s, (z.x - x.z) / s, (x.y - y.x) / s, s / 4);
                }
                if (x.x > y.y && x.x > z.z)
                {
                    double s = Math.Sqrt(1.0 + x.x - y.y - z.z) * 2;
                    return Of(s / 4, (y.x + x.y) / s, (z.x + x.z) / s, (y.z - z.y) / s);
                }
                if (y.y > z.z)
                {
                    double s = Math.Sqrt(1.0 + y.y - x.x - z.z) * 2;
                    return Of((y.x + x.y) / s, s / 4, (z.y + y.z) / s, (z.x - x.z) / s);
                }
                double last = Math.Sqrt(1.0 + z.z - x.x - y.y) * 2;
                return Of((z.x + x.z) / last, (z.y + y.z) / last, last / 4, (x.y - y.x) / last);
            }
        }
        private static Quaternion Of(double x, double y, double z, double w) =>
            Quaternion.Normalize(new Quaternion((float)x, (float)y, (float)z, (float)w));

        public static Matrix4x4 Translate(Vector3 vector) => TRS(vector, Quaternion.identity, Vector3.one);
        public static Matrix4x4 Rotate(Quaternion q) => TRS(Vector3.zero, q, Vector3.one);
        public static Matrix4x4 Scale(Vector3 vector) => TRS(Vector3.zero, Quaternion.identity, vector);
        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s)
        {
            Matrix4x4 found = identity;
            found.SetColumn(0, q * new Vector3(s.x, 0f, 0f));
            found.SetColumn(1, q * new Vector3(0f, s.y, 0f));
            found.SetColumn(2, q * new Vector3(0f, 0f, s.z));
            found.SetColumn(3, new Vector4(pos.x, pos.y, pos.z, 1f));
            return found;
        }
        public Vector3 MultiplyPoint(Vector3 point) => MultiplyPoint3x4(point) / (m30 * point.x + m31 * point.y + m32 * point.z + m33);
        public Vector3 MultiplyPoint3x4(Vector3 point) => MultiplyVector(point) + GetPosition();
        public Vector3 MultiplyVector(Vector3 vector) => new Vector3(
            m00 * vector.x + m01 * vector.y + m02 * vector.z,
            m10 * vector.x + m11 * vector.y + m12 * vector.z,
            m20 * vector.x + m21 * vector.y + m22 * vector.z);
        public static Matrix4x4 operator *(Matrix4x4 lhs, Matrix4x4 rhs)
        {
            Matrix4x4 found = default;
            for (int i = 0; i < 4; i++)
            {
                for (int j = 0; j < 4; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < 4; k++)
                    {
                        sum += (double)lhs[i, k] * rhs[k, j];
                    }
                    found[i, j] = (float)sum;
                }
            }
            return found;
        }
        public static bool operator ==(Matrix4x4 lhs, Matrix4x4 rhs) => lhs.Equals(rhs);
        public static bool operator !=(Matrix4x4 lhs, Matrix4x4 rhs) => !lhs.Equals(rhs);
        public bool Equals(Matrix4x4 other)
        {
            for (int i = 0; i < 16; i++)
            {
                if (this[i] != other[i])
                {
                    return false;
                }
            }
            return true;
        }
        public override bool Equals(object other) => other is Matrix4x4 matrix && Equals(matrix);
        public override int GetHashCode() => m00.GetHashCode() ^ m11.GetHashCode() ^ m22.GetHashCode() ^ m03.GetHashCode();
    }

    public struct Color : IEquatable<Color>
    {
        public float r;
        public float g;
        public float b;
        public float a;
        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; }
        public Color(float r, float g, float b) : this(r, g, b, 1f) { }
        public static Color white => new Color(1f, 1f, 1f);
        public static Color black => new Color(0f, 0f, 0f);
        public static Color red => new Color(1f, 0f, 0f);
        public static Color green => new Color(0f, 1f, 0f);
        public static Color blue => new Color(0f, 0f, 1f);
        public static Color yellow => new Color(1f, 0.92156863f, 0.015686275f);
        public static Color gray => new Color(0.5f, 0.5f, 0.5f);
        public static Color clear => default;
        public static Color Lerp(Color a, Color b, float t)
        {
            t = Mathf.Clamp01(t);
            return new Color(a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t, a.a + (b.a - a.a) * t);
        }
        public static bool operator ==(Color lhs, Color rhs) => lhs.Equals(rhs);
        public static bool operator !=(Color lhs, Color rhs) => !lhs.Equals(rhs);
        public bool Equals(Color other) => r == other.r && g == other.g && b == other.b && a == other.a;
        public override bool Equals(object other) => other is Color color && Equals(color);
        public override int GetHashCode() => r.GetHashCode() ^ g.GetHashCode() ^ b.GetHashCode() ^ a.GetHashCode();
    }

    public struct Rect
    {
        public Rect(float x, float y, float width, float height) { this.x = x; this.y = y; this.width = width; this.height = height; }
        public float x { get; set; }
        public float y { get; set; }
        public float width { get; set; }
        public float height { get; set; }
        public float xMin { get => x; set { width += x - value; x = value; } }
        public float yMin { get => y; set { height += y - value; y = value; } }
        public float xMax { get => x + width; set => width = value - x; }
        public float yMax { get => y + height; set => height = value - y; }
        public Vector2 position { get => new Vector2(x, y); set { x = value.x; y = value.y; } }
        public Vector2 size { get => new Vector2(width, height); set { width = value.x; height = value.y; } }
        public bool Contains(Vector2 point) => point.x >= xMin && point.x < xMax && point.y >= yMin && point.y < yMax;
    }

    public struct Bounds
    {
        public Bounds(Vector3 center, Vector3 size) { this.center = center; extents = size * 0.5f; }
        public Vector3 center { get; set; }
        public Vector3 extents { get; set; }
        public Vector3 size { get => extents * 2f; set => extents = value * 0.5f; }
        public Vector3 min => center - extents;
        public Vector3 max => center + extents;
    }
}
