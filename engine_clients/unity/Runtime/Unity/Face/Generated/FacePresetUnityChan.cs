// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string UnityChan = @"
name|Unity-chan|Unity-chan and characters made like her: MTH_A I U E O, eyelids and brows on meshes of their own.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|EYE_DEF_C=0.5
eyeWideLeft|EYE_SAP=0.4
eyeBlinkRight|EYE_DEF_C=0.5
eyeWideRight|EYE_SAP=0.4
mouthSmileLeft|MTH_SMILE1=0.3
mouthSmileRight|MTH_SMILE1=0.3
browDownLeft|BLW_ANG1=0.5
browDownRight|BLW_ANG1=0.5
browInnerUp|BLW_CONF=0.6
browOuterUpLeft|BLW_SAP=0.5
browOuterUpRight|BLW_SAP=0.5
vowelA|MTH_A
vowelI|MTH_I
vowelU|MTH_U
vowelE|MTH_E
vowelO|MTH_O
";
    }
}
