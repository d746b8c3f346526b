using System;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix
{
    /// <summary>A motion that was made from speech before the game runs: frames as a server sent them, face and body. It plays on
    /// any humanoid by PantoMatrixPlayer, and on Timeline. Made by Assets > PantoMatrix > Bake, or by dropping a .pmclip file into
    /// the project.</summary>
    public sealed class PantoMatrixClip : ScriptableObject, ISerializationCallbackReceiver
    {
        [SerializeField, HideInInspector] byte[] _header = Array.Empty<byte>();
        [SerializeField, HideInInspector] byte[] _frames = Array.Empty<byte>();

        [Tooltip("What is said in it; the player plays it in time with the motion.")]
        [SerializeField] AudioClip _speech;

        [NonSerialized] V1.MotionHeader _read;
        [NonSerialized] FrameLayout _layout;
        [NonSerialized] float[] _rows;

        /// <summary>header: of the motion. frames: as its channels say, frame after frame. Throws PantoMatrixException with DataLoss
        /// where they do not belong together, or hold what is no pose.</summary>
        public static PantoMatrixClip Create(V1.MotionHeader header, byte[] frames, AudioClip speech = null)
        {
            if (header == null) throw new ArgumentNullException(nameof(header));
            return Create(header.ToBytes(), frames, speech);
        }

        /// <summary>Of the content of a .pmclip file. Throws PantoMatrixException with DataLoss where it is damaged.</summary>
        public static PantoMatrixClip FromFile(byte[] file, AudioClip speech = null)
        {
            ClipFile.Read(file, out var header, out var frames);
            return Create(header, frames, speech);
        }

        static PantoMatrixClip Create(byte[] header, byte[] frames, AudioClip speech)
        {
            var clip = CreateInstance<PantoMatrixClip>();
            clip._header = header;
            clip._frames = frames;
            clip._speech = speech;
            try
            {
                clip.Decode();
            }
            catch
            {
                DestroyImmediate(clip);
                throw;
            }
            return clip;
        }

        /// <summary>Null where there is none.</summary>
        public AudioClip Speech
        {
            get => _speech;
            set => _speech = value;
        }

        /// <summary>What a server said of the motion: its skeleton, its curves, who made it.</summary>
        public V1.MotionHeader Header
        {
            get
            {
                Decode();
                return _read;
            }
        }

        /// <summary>Where things lie in a row.</summary>
        public FrameLayout Layout
        {
            get
            {
                Decode();
                return _layout;
            }
        }

        /// <summary>Frame k is at k / FramesPerSecond.</summary>
        public double FramesPerSecond => Layout.Fps;

        public int FrameCount => _frames.Length / Layout.BytesPerFrame;

        /// <summary>Seconds.</summary>
        public double Duration => FrameCount / FramesPerSecond;

        /// <summary>Writes the pose at a time into Layout.Floats numbers; before the first frame and after the last it is those.
        /// Allocates nothing, but for the first time.</summary>
        public void Sample(double seconds, float[] row)
        {
            Decode();
            double at = Math.Max(0, Math.Min(seconds * _layout.Fps, FrameCount - 1));
            int before = (int)at, after = Math.Min(before + 1, FrameCount - 1);
            Blending.Interpolate(_layout, _rows, before * _layout.Floats, _rows, after * _layout.Floats, (float)(at - before), row);
        }

        /// <summary>The content of a .pmclip file.</summary>
        public byte[] ToFile() => ClipFile.Write(_header, _frames);

        /// <summary>Of header and frames.</summary>
        public int SizeInBytes => _header.Length + _frames.Length;

        void ISerializationCallbackReceiver.OnBeforeSerialize() { }

        /// <summary>A file that is imported again is read into the same object.</summary>
        void ISerializationCallbackReceiver.OnAfterDeserialize()
        {
            _read = null;
            _layout = null;
            _rows = null;
        }

        void Decode()
        {
            if (_rows != null) return;
            if (_header.Length == 0) throw Wrong("it is empty: bake it, or import a .pmclip file");
            var header = V1Header(_header);
            var layout = new FrameLayout(header);
            int count = _frames.Length / layout.BytesPerFrame;
            if (count == 0 || _frames.Length != (long)count * layout.BytesPerFrame)
                throw Wrong($"{_frames.Length} bytes of frames are no whole number of {layout.BytesPerFrame}");
            if (header.FrameCount != 0 && header.FrameCount != count) throw Wrong($"{count} frames, its header says {header.FrameCount}");
            if ((long)count * layout.Floats > int.MaxValue / 4) throw Wrong("it has more frames than memory holds");
            var rows = new float[count * layout.Floats];
            for (int frame = 0; frame < count; ++frame)
            {
                layout.Decode(_frames, frame * layout.BytesPerFrame, rows, frame * layout.Floats);
                if (!IsPose(layout, rows, frame * layout.Floats)) throw Wrong($"frame {frame} is no pose");
            }
            _read = header;
            _layout = layout;
            _rows = rows;
        }

        static V1.MotionHeader V1Header(byte[] data) => Message.Parse(new V1.MotionHeader(), data);

        /// <summary>Whether all numbers are finite, and rotations of length 1.</summary>
        static bool IsPose(FrameLayout layout, float[] rows, int at)
        {
            const float Largest = 1e12f, Unit = 2e-3f;
            for (int i = 0; i < layout.Floats; ++i)
                if (!(Math.Abs(rows[at + i]) <= Largest)) return false;
            for (int i = layout.Rotations; i < layout.Weights; i += 4)
            {
                float x = rows[at + i], y = rows[at + i + 1], z = rows[at + i + 2], w = rows[at + i + 3];
                if (!(Math.Abs(Math.Sqrt(x * x + y * y + z * z + w * w) - 1) <= Unit)) return false;
            }
            return true;
        }

        PantoMatrixException Wrong(string why) =>
            new PantoMatrixException(ErrorCode.DataLoss, name == "" ? "the clip cannot be used: " + why : $"the clip '{name}' cannot be used: {why}");
    }
}
