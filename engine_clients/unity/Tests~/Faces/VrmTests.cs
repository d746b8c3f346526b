using System;
using System.Linq;
using System.Reflection;
using UniVRM10;
using UnityEngine;
using VRM;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>VRM characters, whose faces are expressions.</summary>
    static class VrmTests
    {
        static readonly string[] Names = FaceCurves.Arkit.ToArray();

        public static void Run()
        {
            // As Unity does at the start of a game; twice, as without a reload of the domain.
            for (int time = 0; time < 2; ++time)
            {
                Begin("PantoMatrix.Vrm10Face, PantoMatrix.Vrm10");
                Begin("PantoMatrix.Vrm0Face, PantoMatrix.Vrm0");
            }
            Presets10();
            PerfectSync10();
            Presets0();
            Console.WriteLine("vrm ok");
        }

        static void Begin(string type)
        {
            foreach (var method in Type.GetType(type, true).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                if (method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>() != null) method.Invoke(null, null);
        }

        static float[] Row(params (string, float)[] weights)
        {
            var row = new float[52];
            foreach (var (name, weight) in weights) row[Array.IndexOf(Names, name)] = weight;
            return row;
        }

        static Vrm10Instance Character10(Character character, params string[] custom)
        {
            var vrm = character.Root.gameObject.AddComponent<Vrm10Instance>();
            vrm.Vrm = ScriptableObject.CreateInstance<VRM10Object>();
            foreach (ExpressionPreset preset in Enum.GetValues(typeof(ExpressionPreset)))
                if (preset != ExpressionPreset.custom) Add(vrm, preset, preset.ToString());
            foreach (string name in custom) Add(vrm, ExpressionPreset.custom, name);
            return vrm;
        }

        static void Add(Vrm10Instance vrm, ExpressionPreset preset, string name)
        {
            var clip = ScriptableObject.CreateInstance<VRM10Expression>();
            clip.name = name;
            vrm.Vrm.Expression.AddClip(preset, clip);
        }

        static void Presets10()
        {
            var character = new Character("VRM 1.0");
            var mesh = character.AddMesh("Face", new[] { "Fcl_MTH_A", "Fcl_MTH_I", "Fcl_MTH_U", "Fcl_MTH_E", "Fcl_MTH_O", "Fcl_EYE_Close_L" });
            var vrm = Character10(character);
            var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
            Check.Equal(map.name, "VRM expressions", "the map");
            Check.Equal(report.Derived, 9, "vowels and feelings");
            var face = new FaceApplier(map, character.Renderers, character.Root, Names);
            face.Apply(Row(("jawOpen", 0.8f), ("eyeBlinkLeft", 1f), ("eyeLookOutLeft", 1f), ("eyeLookInRight", 1f), ("eyeLookUpLeft", 0.5f), ("eyeLookUpRight", 0.5f)), 0, 1);
            Check.That(Of(vrm, ExpressionPreset.aa) > 0.9f, "A is said");
            Check.Near(Of(vrm, ExpressionPreset.blinkLeft), 1, 1e-6, "the left lid");
            Check.Near(Of(vrm, ExpressionPreset.blinkRight), 0, 1e-6, "the right lid");
            Check.Near(Of(vrm, ExpressionPreset.blink), 0, 1e-6, "both lids");
            Check.Near(Of(vrm, ExpressionPreset.lookLeft), 0, 1e-6, "UniVRM turns the eyes");
            Check.Near(vrm.Runtime.LookAt.Yaw, -30, 1e-3, "to the left");
            Check.Near(vrm.Runtime.LookAt.Pitch, 10, 1e-3, "UniVRM's pitch goes up");
            Check.Equal(vrm.LookAtTargetType, VRM10ObjectLookAt.LookAtTargetTypes.YawPitchValue, "what the eyes follow");
            Check.Equal(StandIn.PlayerLoop.WritesTo(mesh), 0L, "UniVRM writes the mesh");
            face.Rest();
            Check.Near(Of(vrm, ExpressionPreset.aa), 0, 1e-6, "at rest");
            Check.Equal(vrm.LookAtTargetType, VRM10ObjectLookAt.LookAtTargetTypes.SpecifiedTransform, "what the eyes followed before");
        }

        static void PerfectSync10()
        {
            var character = new Character("Perfect sync");
            var vrm = Character10(character, Names.Select(name => char.ToUpperInvariant(name[0]) + name.Substring(1)).ToArray());
            var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
            Check.Equal(map.name, "ARKit", "the map");
            Check.Equal(report.Curves, 52, "curves");
            new FaceApplier(map, character.Renderers, character.Root, Names).Apply(Row(("jawOpen", 0.5f)), 0, 1);
            Check.Near(vrm.Runtime.Expression.GetWeight(ExpressionKey.CreateCustom("JawOpen")), 0.5, 1e-6, "the jaw");
            Check.Near(Of(vrm, ExpressionPreset.aa), 0, 1e-6, "no vowel beside it");
        }

        static float Of(Vrm10Instance vrm, ExpressionPreset preset) =>
            vrm.Runtime.Expression.GetWeight(ExpressionKey.CreateFromPreset(preset));

        static void Presets0()
        {
            var character = new Character("VRM 0.x");
            var vrm = character.Root.gameObject.AddComponent<VRMBlendShapeProxy>();
            vrm.BlendShapeAvatar = ScriptableObject.CreateInstance<BlendShapeAvatar>();
            foreach (BlendShapePreset preset in Enum.GetValues(typeof(BlendShapePreset)))
            {
                var clip = ScriptableObject.CreateInstance<BlendShapeClip>();
                clip.Preset = preset;
                clip.BlendShapeName = preset == BlendShapePreset.Unknown ? "Surprised" : preset.ToString();
                vrm.BlendShapeAvatar.Clips.Add(clip);
            }
            var map = FaceMap.Choose(character.Renderers, character.Root, out var report);
            Check.Equal(map.name, "VRM expressions", "the map");
            Check.Equal(report.Derived, 9, "vowels and feelings");
            var face = new FaceApplier(map, character.Renderers, character.Root, Names);
            face.Apply(Row(("jawOpen", 0.15f), ("mouthFunnel", 0.45f), ("mouthPucker", 0.35f), ("eyeBlinkRight", 0.5f)), 0, 1);
            Check.That(Of(vrm, BlendShapePreset.U) > 0.9f, "U is said");
            Check.Near(Of(vrm, BlendShapePreset.Blink_R), 0.5, 1e-6, "the right lid");
            face.Rest();
            Check.Near(Of(vrm, BlendShapePreset.U), 0, 1e-6, "at rest");
        }

        static float Of(VRMBlendShapeProxy vrm, BlendShapePreset preset) => vrm.GetValue(BlendShapeKey.CreateFromPreset(preset));
    }
}
