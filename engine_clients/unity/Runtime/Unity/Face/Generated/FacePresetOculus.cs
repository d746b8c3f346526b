// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Oculus = @"
name|Oculus visemes|Oculus LipSync's fifteen visemes by their own names (sil, PP, FF ... aa, E, ih, oh, ou).
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|eyesClosed=0.5
eyeLookDownLeft|lookDown=0.5
eyeLookUpLeft|lookUp=0.5
eyeBlinkRight|eyesClosed=0.5
eyeLookDownRight|lookDown=0.5
eyeLookUpRight|lookUp=0.5
browDownLeft|browLowerer=0.5
browDownRight|browLowerer=0.5
browInnerUp|innerBrowRaiser
browOuterUpLeft|outerBrowRaiser=0.5
browOuterUpRight|outerBrowRaiser=0.5
visemeSil|sil
visemePP|PP
visemeFF|FF
visemeTH|TH
visemeDD|DD
visemeKK|kk
visemeCH|CH
visemeSS|SS
visemeNN|nn
visemeRR|RR
visemeAA|aa
visemeE|E
visemeIH|ih|I
visemeOH|oh|O
visemeOU|ou|U
";
    }
}
