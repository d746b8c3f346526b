// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Vrchat = @"
name|VRChat visemes|VRChat's fifteen visemes (vrc.v_aa ...) and blinks.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|vrc.blink_left|vrc.blink=0.5
eyeBlinkRight|vrc.blink_right|vrc.blink=0.5
visemeSil|vrc.v_sil
visemePP|vrc.v_pp
visemeFF|vrc.v_ff
visemeTH|vrc.v_th
visemeDD|vrc.v_dd
visemeKK|vrc.v_kk
visemeCH|vrc.v_ch
visemeSS|vrc.v_ss
visemeNN|vrc.v_nn
visemeRR|vrc.v_rr
visemeAA|vrc.v_aa
visemeE|vrc.v_e|vrc.v_ee
visemeIH|vrc.v_ih
visemeOH|vrc.v_oh
visemeOU|vrc.v_ou
";
    }
}
