// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string ReadyPlayerMeVisemes = @"
name|Ready Player Me visemes|Ready Player Me without ARKit's shapes: fifteen visemes, eyelids and a smile. With ARKit's shapes it is the map ARKit.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|eyeBlinkLeft|eyesClosed=0.5
eyeLookDownLeft|eyeLookDownLeft|eyesLookDown=0.5
eyeLookInLeft|eyeLookInLeft
eyeLookOutLeft|eyeLookOutLeft
eyeLookUpLeft|eyeLookUpLeft|eyesLookUp=0.5
eyeSquintLeft|eyeSquintLeft
eyeWideLeft|eyeWideLeft
eyeBlinkRight|eyeBlinkRight|eyesClosed=0.5
eyeLookDownRight|eyeLookDownRight|eyesLookDown=0.5
eyeLookInRight|eyeLookInRight
eyeLookOutRight|eyeLookOutRight
eyeLookUpRight|eyeLookUpRight|eyesLookUp=0.5
eyeSquintRight|eyeSquintRight
eyeWideRight|eyeWideRight
mouthSmileLeft|mouthSmileLeft|mouthSmile=0.5
mouthSmileRight|mouthSmileRight|mouthSmile=0.5
browDownLeft|browDownLeft
browDownRight|browDownRight
browInnerUp|browInnerUp
browOuterUpLeft|browOuterUpLeft
browOuterUpRight|browOuterUpRight
cheekSquintLeft|cheekSquintLeft
cheekSquintRight|cheekSquintRight
noseSneerLeft|noseSneerLeft
noseSneerRight|noseSneerRight
visemeSil|viseme_sil
visemePP|viseme_PP
visemeFF|viseme_FF
visemeTH|viseme_TH
visemeDD|viseme_DD
visemeKK|viseme_kk
visemeCH|viseme_CH
visemeSS|viseme_SS
visemeNN|viseme_nn
visemeRR|viseme_RR
visemeAA|viseme_aa
visemeE|viseme_E
visemeIH|viseme_I
visemeOH|viseme_O
visemeOU|viseme_U
";
    }
}
