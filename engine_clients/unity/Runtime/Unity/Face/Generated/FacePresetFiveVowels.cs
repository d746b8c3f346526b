// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string FiveVowels = @"
name|Five vowels|Characters with shapes for A, I, U, E, O by short names (A, mouth_a, lip_a) and a blink.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|blinkLeft|winkLeft|eye_close_L|blink=0.5|eye_close=0.5|eyesClosed=0.5
eyeBlinkRight|blinkRight|winkRight|eye_close_R|blink=0.5|eye_close=0.5|eyesClosed=0.5
browDownLeft|eye_brow_down_L|brow_down=0.5|eye_brow_down=0.5
browDownRight|eye_brow_down_R|brow_down=0.5|eye_brow_down=0.5
browOuterUpLeft|eye_brow_up_L|brow_up=0.5|eye_brow_up=0.5
browOuterUpRight|eye_brow_up_R|brow_up=0.5|eye_brow_up=0.5
vowelA|mouth_a|lip_a|mouth_a_1|vowel_a|viseme_A|A
vowelI|mouth_i|lip_i|mouth_i_1|vowel_i|viseme_I|I
vowelU|mouth_u|lip_u|mouth_u_1|vowel_u|viseme_U|U
vowelE|mouth_e|lip_e|mouth_e_1|vowel_e|viseme_E|E
vowelO|mouth_o|lip_o|mouth_o_1|vowel_o|viseme_O|O
";
    }
}
