// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Vroid = @"
name|VRoid|VRoid Studio: five vowels, eyelids, brows. With ARKit's shapes added (perfect sync) it is the map ARKit.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|Fcl_EYE_Close_L|Fcl_EYE_Close=0.5
eyeWideLeft|Fcl_EYE_Spread=0.5
eyeBlinkRight|Fcl_EYE_Close_R|Fcl_EYE_Close=0.5
eyeWideRight|Fcl_EYE_Spread=0.5
mouthSmileLeft|Fcl_MTH_Fun=0.35
mouthSmileRight|Fcl_MTH_Fun=0.35
mouthFrownLeft|Fcl_MTH_Angry=0.35
mouthFrownRight|Fcl_MTH_Angry=0.35
browDownLeft|Fcl_BRW_Angry=0.5
browDownRight|Fcl_BRW_Angry=0.5
browInnerUp|Fcl_BRW_Sorrow=0.6
browOuterUpLeft|Fcl_BRW_Surprised=0.5
browOuterUpRight|Fcl_BRW_Surprised=0.5
vowelA|Fcl_MTH_A
vowelI|Fcl_MTH_I
vowelU|Fcl_MTH_U
vowelE|Fcl_MTH_E
vowelO|Fcl_MTH_O
";
    }
}
