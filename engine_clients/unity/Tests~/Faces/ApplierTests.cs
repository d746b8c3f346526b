using System;
using System.Collections.Generic;
using System.Linq;
using StandIn;
using UnityEngine;
using Object = UnityEngine.Object;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>What a FaceApplier writes, and what it leaves alone.</summary>
    static class ApplierTests
    {
        static readonly List<string> Names = FaceCurves.Arkit.ToList();

        public static void Run()
        {
            MeshesTogether();
            Fades();
            GainsAndChoices();
            OtherHeaders();
            MapsThatChange();
            Console.WriteLine(Allocates() ? "applies ok" : "applies ok, nothing allocated");
        }

        /// <summary>A row with a body before the weights, all 0 but these.</summary>
        static float[] Row(params (string, float)[] weights)
        {
            var row = new float[7 + 52];
            foreach (var (name, weight) in weights) row[7 + Names.IndexOf(name)] = weight;
            return row;
        }

        static FaceApplier Of(Character character, FaceMap map = null) =>
            new FaceApplier(map, character.Renderers, character.Root, Names);

        static void MeshesTogether()
        {
            var character = new Character("Together");
            var head = character.AddMesh("Head", Names.Concat(new[] { "Freckles", "NoseBig" }));
            var teeth = character.AddMesh("Teeth", new[] { "teeth.jawOpen", "teeth.jawLeft" });
            var tongue = character.AddMesh("Tongue", new[] { "tongue_jawOpen", "tongue_tongueOut" }, 1);
            var beard = character.AddMesh("Beard", new[] { "Jaw_Open", "Mouth_Smile_L" });
            var body = character.AddMesh("Body", new[] { "Fat", "Open" });
            head.SetBlendShapeWeight(head.sharedMesh.GetBlendShapeIndex("NoseBig"), 40);
            long bodyWrites = PlayerLoop.WritesTo(body), headWrites = PlayerLoop.WritesTo(head);
            var face = Of(character);
            Check.Equal(face.Shapes, 52 + 2 + 2 + 2, "shapes");
            face.Apply(Row(("jawOpen", 0.5f), ("tongueOut", 0.25f), ("mouthSmileLeft", 1f)), 7, 1);
            Check.Near(character.Weight("jawOpen"), 50, 1e-4, "the head's jaw");
            Check.Near(character.Weight("teeth.jawOpen"), 50, 1e-4, "the teeth's");
            Check.Near(character.Weight("tongue_jawOpen"), 0.5, 1e-6, "the tongue's, whose whole weight is 1");
            Check.Near(character.Weight("tongue_tongueOut"), 0.25, 1e-6, "the tongue");
            Check.Near(character.Weight("Jaw_Open"), 50, 1e-4, "the beard's");
            Check.Near(character.Weight("Mouth_Smile_L"), 100, 1e-4, "the beard's smile");
            Check.Near(character.Weight("mouthSmileRight"), 0, 1e-6, "the other side");
            Check.Near(character.Weight("NoseBig"), 40, 1e-6, "a shape that is no expression");
            Check.Equal(PlayerLoop.WritesTo(body), bodyWrites, "writes to the body");
            Check.Equal(PlayerLoop.WritesTo(head) - headWrites, 3L, "writes to the head");
            face.Apply(Row(("jawOpen", 0.5f), ("tongueOut", 0.25f), ("mouthSmileLeft", 1f)), 7, 1);
            Check.Equal(PlayerLoop.WritesTo(head) - headWrites, 3L, "what stays is not written again");
            Object.DestroyImmediate(teeth.gameObject);
            face.Apply(Row(("jawOpen", 1f)), 7, 1);
            Check.Near(character.Weight("jawOpen"), 100, 1e-4, "the head's jaw without teeth");
            face.Rest();
            Check.Near(character.Weight("jawOpen"), 0, 1e-6, "at rest");
        }

        static void Fades()
        {
            var character = new Character("Fades");
            var head = character.AddMesh("Head", Names);
            int jaw = head.sharedMesh.GetBlendShapeIndex("jawOpen");
            head.SetBlendShapeWeight(jaw, 20);
            var face = Of(character);
            for (int frame = 0; frame < 5; ++frame)
            {
                face.Apply(Row(("jawOpen", 1f)), 7, 0.5f);
                Check.Near(head.GetBlendShapeWeight(jaw), 60, 1e-3, "half of the way, in every frame");
            }
            face.Apply(Row(("jawOpen", 1f)), 7, 0);
            Check.Near(head.GetBlendShapeWeight(jaw), 20, 1e-3, "none of the way");
            for (int frame = 0; frame < 5; ++frame)
            {
                // An Animator writes before every frame.
                head.SetBlendShapeWeight(jaw, 10 * frame);
                face.Apply(Row(("jawOpen", 1f)), 7, 0.5f);
                Check.Near(head.GetBlendShapeWeight(jaw), 5 * frame + 50, 1e-3, "half of what the Animator wrote");
            }
            face.Rest();
            Check.Near(head.GetBlendShapeWeight(jaw), 40, 1e-3, "what the Animator wrote last");
        }

        static void GainsAndChoices()
        {
            var character = new Character("Gains");
            character.AddMesh("Head", new[] { "Wide_Narrow", "Both lids", "Lid_L", "Twice", "More", "Offset" });
            character.AddMesh("Lashes", new[] { "Both lids" });
            var map = ScriptableObject.CreateInstance<FaceMap>();
            map.Rows.Add(new FaceMapRow("mouthStretchLeft", "Wide_Narrow", 0.8f));
            map.Rows.Add(new FaceMapRow("mouthPucker", "Wide_Narrow", -1));
            map.Rows.Add(new FaceMapRow("eyeBlinkLeft", "Lid_L"));
            map.Rows.Add(new FaceMapRow("eyeBlinkLeft", "Both lids", 0.5f, 1));
            map.Rows.Add(new FaceMapRow("eyeBlinkRight", "Both lids", 0.5f));
            map.Rows.Add(new FaceMapRow("jawLeft", "Twice"));
            map.Rows.Add(new FaceMapRow("jawRight", "Twice"));
            map.Rows.Add(new FaceMapRow("jawOpen", "More", 1.5f));
            map.Rows.Add(new FaceMapRow("cheekPuff", "Offset") { Offset = 0.2f });
            map.Rows.Add(new FaceMapRow("", ""));
            map.Rows.Add(new FaceMapRow("jawOpen", "not there"));
            var face = Of(character, map);
            face.Apply(Row(("mouthPucker", 1f), ("eyeBlinkLeft", 1f), ("jawLeft", 0.7f), ("jawRight", 0.7f), ("jawOpen", 1f)), 7, 1);
            Check.Near(character.Weight("Wide_Narrow"), -100, 1e-4, "the other way");
            Check.Near(character.Weight("Lid_L"), 100, 1e-4, "the first choice");
            Check.Near(character.Weight("Both lids"), 0, 1e-4, "the second choice of the head");
            Check.Near(character.Renderers[1].GetBlendShapeWeight(0), 50, 1e-4, "the second choice where there is no first");
            Check.Near(character.Weight("Twice"), 100, 1e-4, "two curves on one shape, at most whole");
            Check.Near(character.Weight("More"), 150, 1e-4, "more than whole where the map says so");
            Check.Near(character.Weight("Offset"), 20, 1e-4, "the offset");
        }

        static void OtherHeaders()
        {
            var character = new Character("Headers");
            character.AddMesh("Head", Names);
            var other = new FaceApplier(null, character.Renderers, character.Root, new[] { "JawOpen", "something else" });
            other.Apply(new[] { 0.5f, 1f }, 0, 1);
            Check.Near(character.Weight("jawOpen"), 50, 1e-4, "a header in other letters");
            other.Apply(new[] { float.NaN, 1f }, 0, 1);
            Check.Near(character.Weight("jawOpen"), 0, 1e-4, "what is not a number");
            other.Rest();
            var none = new FaceApplier(null, character.Renderers, character.Root, new string[0]);
            none.Apply(new float[0], 0, 1);
            Check.Near(character.Weight("jawOpen"), 0, 1e-4, "a motion without a face");
        }

        static void MapsThatChange()
        {
            var character = new Character("Changes");
            character.AddMesh("Head", Names);
            var map = FaceMap.Preset("ARKit");
            var face = Of(character, map);
            face.Apply(Row(("jawOpen", 0.5f), ("mouthPucker", 0.4f)), 7, 1);
            for (int row = 0; row < map.Rows.Count; ++row)
                if (map.Rows[row].Curve == "jawOpen") map.Rows[row] = new FaceMapRow("jawOpen", "jawOpen", 0.5f);
            map.Rows.RemoveAll(row => row.Curve == "mouthPucker");
            map.Changed();
            face.Apply(Row(("jawOpen", 0.5f), ("mouthPucker", 0.4f)), 7, 1);
            Check.Near(character.Weight("jawOpen"), 25, 1e-4, "half as much");
            Check.Near(character.Weight("mouthPucker"), 0, 1e-4, "what the map no longer moves");
            face.Rest();
            Check.Near(character.Weight("jawOpen"), 0, 1e-4, "at rest");
        }

        static bool Allocates()
        {
            var character = new Character("Allocates");
            for (int mesh = 0; mesh < 4; ++mesh) character.AddMesh("Mesh " + mesh, Names.Concat(FaceCurves.Derived));
            character.AddBone("Jaw");
            character.AddBone("LeftEye");
            var map = FaceMap.Choose(character.Renderers, character.Root, out _);
            foreach (string name in FaceCurves.Derived) map.Rows.Add(new FaceMapRow(name, name));
            map.Jaw.Use = map.Eyes.Use = FaceBoneUse.Always;
            var face = Of(character, map);
            var rows = new[] { Row(("jawOpen", 0.5f)), Row(("jawOpen", 0.3f), ("mouthFunnel", 0.4f), ("eyeLookInLeft", 0.3f)) };
            for (int frame = 0; frame < 100; ++frame) face.Apply(rows[frame % 2], 7, 0.7f);
            var measure = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread");
            if (measure == null) return true;
            var allocated = (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), measure);
            allocated();
            long before = allocated();
            for (int frame = 0; frame < 1000; ++frame) face.Apply(rows[frame % 2], 7, 0.7f);
            Check.Equal(allocated() - before, 0L, "bytes allocated in 1000 frames");
            return false;
        }
    }
}
