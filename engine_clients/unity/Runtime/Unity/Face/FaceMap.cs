using System.Collections.Generic;
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>What a character's face does for each of ARKit's curves. Copy one of the presets in the package's folder
    /// Runtime/FaceMaps and edit it, or let a character choose by itself.</summary>
    [CreateAssetMenu(menuName = "PantoMatrix/Face Map", fileName = "Face Map")]
    public sealed class FaceMap : ScriptableObject
    {
        public List<FaceMapRow> Rows = new List<FaceMapRow>();
        public FaceJaw Jaw = new FaceJaw();
        public FaceEyes Eyes = new FaceEyes();

        /// <summary>Names of the presets that Choose chooses among.</summary>
        public static IReadOnlyList<string> PresetNames => FacePresets.Names;

        /// <summary>A copy of a preset. Null where none has the name.</summary>
        public static FaceMap Preset(string name)
        {
            var preset = FacePresets.Find(name);
            return preset == null ? null : Of(preset, name);
        }

        /// <summary>The map that moves most of a character's face. Where no preset knows its mouth, lids, gaze or brows, another one
        /// may add them. Never null: a character without a face gets an empty map, and the report says so.</summary>
        public static FaceMap Choose(IReadOnlyList<SkinnedMeshRenderer> renderers, Transform root, out FaceMapReport report)
        {
            var shapes = FaceShapes.Of(root, renderers);
            var chosen = new FaceMapChoice(shapes);
            var map = Of(chosen.Preset, chosen.Report.Name);
            report = chosen.Report;
            report.AddBones(map.Jaw, map.Eyes, shapes.TurnsEyes ? null : root);
            return map;
        }

        /// <summary>What this map moves on a character, and what it does not.</summary>
        public FaceMapReport Report(IReadOnlyList<SkinnedMeshRenderer> renderers, Transform root)
        {
            var shapes = FaceShapes.Of(root, renderers);
            var report = new FaceMapReport(name, new FaceMatch(Rows, shapes));
            report.AddBones(Jaw, Eyes, shapes.TurnsEyes ? null : root);
            return report;
        }

        /// <summary>To be called by scripts that changed the map: faces that move by it follow at their next frame.</summary>
        public void Changed() => ++Changes;

        internal int Changes { get; private set; }

        void OnValidate() => Changed();

        static FaceMap Of(FacePreset preset, string name)
        {
            var map = CreateInstance<FaceMap>();
            map.name = name;
            map.Rows = new List<FaceMapRow>(preset.Rows);
            map.Jaw = preset.Jaw.Copy();
            map.Eyes = preset.Eyes.Copy();
            return map;
        }
    }
}
