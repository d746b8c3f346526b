// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string ReadyPlayerMeSimple = @"
name|Ready Player Me, simple|Ready Player Me as it is downloaded without shapes chosen: mouthOpen, mouthSmile, eyesClosed.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|eyesClosed=0.5
eyeLookDownLeft|eyesLookDown=0.5
eyeLookUpLeft|eyesLookUp=0.5
eyeBlinkRight|eyesClosed=0.5
eyeLookDownRight|eyesLookDown=0.5
eyeLookUpRight|eyesLookUp=0.5
mouthSmileLeft|mouthSmile=0.5
mouthSmileRight|mouthSmile=0.5
mouthOpen|mouthOpen
";
    }
}
