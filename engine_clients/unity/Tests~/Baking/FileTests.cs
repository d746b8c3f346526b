using System;
using System.IO;
using System.Reflection;
using PantoMatrix.Editor;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace PantoMatrix.Tests
{
    static class FileTests
    {
        /// <summary>Writes the rows of a file that Python wrote, and the file again.</summary>
        public static void Run(string file, string rows)
        {
            var clip = Import(file, out string error);
            Check.Equal(error, "", "error");
            Check.Equal(clip.name, Path.GetFileNameWithoutExtension(file), "name");
            var row = new float[clip.Layout.Floats];
            using (var writer = new BinaryWriter(File.Create(rows)))
                for (int frame = 0; frame < clip.FrameCount; ++frame)
                {
                    clip.Sample(frame / clip.FramesPerSecond, row);
                    foreach (float number in row) writer.Write(number);
                }
            File.WriteAllBytes(rows + ".pmclip", clip.ToFile());
            File.WriteAllText(rows + ".pmclip~", "PMCLIP");
            Check.That(Import(rows + ".pmclip~", out error) == null && error.Contains("cut off"), error);
        }

        static PantoMatrixClip Import(string file, out string error)
        {
            const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
            var context = (AssetImportContext)Activator.CreateInstance(typeof(AssetImportContext), Hidden, null, new object[] { file }, null);
            var importer = (ScriptedImporter)Activator.CreateInstance(typeof(Bake).Assembly.GetType("PantoMatrix.Editor.ClipImporter"), true);
            importer.OnImportAsset(context);
            error = string.Join("; ", (System.Collections.Generic.List<string>)typeof(AssetImportContext).GetField("Errors", Hidden).GetValue(context));
            return context.mainObject as PantoMatrixClip;
        }

        /// <summary>Unity writes a file that has changed over the same object.</summary>
        public static void Reimported(string file, string other)
        {
            PantoMatrixClip clip = PantoMatrixClip.FromFile(File.ReadAllBytes(file)), changed = PantoMatrixClip.FromFile(File.ReadAllBytes(other));
            Check.That(clip.FrameCount != changed.FrameCount && clip.Header.FrameCount == clip.FrameCount, "the files differ");
            foreach (string name in new[] { "_header", "_frames" })
            {
                var field = typeof(PantoMatrixClip).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);
                field.SetValue(clip, field.GetValue(changed));
            }
            (clip as object as ISerializationCallbackReceiver)?.OnAfterDeserialize();
            Check.Equal(clip.Header.FrameCount, changed.FrameCount, "frames that the header says");
            float[] row = new float[clip.Layout.Floats], same = new float[changed.Layout.Floats];
            clip.Sample(clip.Duration, row);
            changed.Sample(clip.Duration, same);
            for (int i = 0; i < row.Length; ++i) Check.Equal(row[i], same[i], $"number {i}");
        }

        /// <summary>Damaged files, with the wrong checksum and with the right one: refused as damaged, or read.</summary>
        public static void Fuzz(string file)
        {
            byte[] good = File.ReadAllBytes(file);
            int header = BitConverter.ToInt32(good, 8), refused = 0, taken = 0;
            var random = new System.Random(7);
            for (int round = 0; round < 1500; ++round)
            {
                var data = (byte[])good.Clone();
                for (int i = random.Next(1, 5); i > 0; --i) data[random.Next(round % 4 == 0 ? data.Length : Math.Min(data.Length, 16 + header))] = (byte)random.Next(256);
                if (random.Next(4) == 0) Array.Resize(ref data, random.Next(data.Length));
                if (round % 2 == 0 && data.Length >= 16) BitConverter.GetBytes(Crc32(data, 16)).CopyTo(data, 12);
                try
                {
                    UnityEngine.Object.DestroyImmediate(PantoMatrixClip.FromFile(data));
                    ++taken;
                }
                catch (PantoMatrixException error) when (error.Code == ErrorCode.DataLoss)
                {
                    ++refused;
                }
            }
            Check.That(refused > 750 && taken > 0, $"{refused} refused, {taken} taken");
            Console.WriteLine($"fuzz ok, {refused} refused");
        }

        static uint Crc32(byte[] data, int from)
        {
            uint crc = uint.MaxValue;
            for (int i = from; i < data.Length; ++i)
            {
                crc ^= data[i];
                for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
            }
            return ~crc;
        }
    }
}
