// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        public static readonly string[] All =
        {
            Arkit,
            DazGenesis8,
            DazGenesis81,
            DazGenesis9,
            Facs,
            FiveVowels,
            MetaMovement,
            Metahuman,
            MixamoFuse,
            Mmd,
            Oculus,
            ReadyPlayerMeSimple,
            ReadyPlayerMeVisemes,
            ReallusionCc3,
            ReallusionCc4,
            ReallusionExplus,
            Rocketbox,
            Sranipal,
            Uma,
            UnifiedExpressions,
            UnityChan,
            Vrchat,
            Vrm,
            Vroid,
        };
    }
}
