// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Vrm = @"
name|VRM expressions|VRM 1.0's and 0.x's expressions: vowels, eyelids, looks and feelings.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|blinkLeft|blink_L|blink=0.5
eyeLookDownLeft|lookDown=0.5
eyeLookInLeft|lookRight=0.5
eyeLookOutLeft|lookLeft=0.5
eyeLookUpLeft|lookUp=0.5
eyeBlinkRight|blinkRight|blink_R|blink=0.5
eyeLookDownRight|lookDown=0.5
eyeLookInRight|lookLeft=0.5
eyeLookOutRight|lookRight=0.5
eyeLookUpRight|lookUp=0.5
vowelA|aa|A
vowelI|ih|I
vowelU|ou|U
vowelE|ee|E
vowelO|oh|O
joy|happy=0.6|joy=0.6
anger|angry=0.6
sorrow|sad=0.6|sorrow=0.6
surprise|surprised=0.6
";
    }
}
