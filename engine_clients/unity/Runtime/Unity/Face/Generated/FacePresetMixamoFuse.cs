// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string MixamoFuse = @"
name|Mixamo, Adobe Fuse|Fuse's fifty shapes (Blink_Left, MouthOpen, BrowsDown_Left ...), also with facial_blends. before them.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|Blink_Left
eyeSquintLeft|Squint_Left
eyeWideLeft|EyesWide_Left
eyeBlinkRight|Blink_Right
eyeSquintRight|Squint_Right
eyeWideRight|EyesWide_Right
jawForward|JawForeward|Jaw_Foreward
jawLeft|Jaw_Left
jawRight|Jaw_Right
jawOpen|MouthOpen|Jaw_Down
mouthFunnel|MouthWhistle_NarrowAdjust_Left+MouthWhistle_NarrowAdjust_Right
mouthPucker|MouthNarrow_Left=0.8+MouthNarrow_Right=0.8
mouthLeft|Midmouth_Left
mouthRight|Midmouth_Right
mouthSmileLeft|Smile_Left
mouthSmileRight|Smile_Right
mouthFrownLeft|Frown_Left
mouthFrownRight|Frown_Right
mouthDimpleLeft|Smile_Left=0.25
mouthDimpleRight|Smile_Right=0.25
mouthStretchLeft|MouthNarrow_Left=-0.4
mouthStretchRight|MouthNarrow_Right=-0.4
mouthRollLower|LowerLipIn
mouthRollUpper|UpperLipIn
mouthShrugLower|LowerLipOut=0.5
mouthShrugUpper|UpperLipOut=0.5
mouthPressLeft|LowerLipIn=0.25+UpperLipIn=0.25
mouthPressRight|LowerLipIn=0.25+UpperLipIn=0.25
mouthLowerDownLeft|LowerLipDown_Left
mouthLowerDownRight|LowerLipDown_Right
mouthUpperUpLeft|UpperLipUp_Left
mouthUpperUpRight|UpperLipUp_Right
browDownLeft|BrowsDown_Left
browDownRight|BrowsDown_Right
browInnerUp|BrowsUp_Left=0.6+BrowsUp_Right=0.6
browOuterUpLeft|BrowsUp_Left
browOuterUpRight|BrowsUp_Right
cheekPuff|CheekPuff_Left+CheekPuff_Right
cheekSquintLeft|Squint_Left=0.3
cheekSquintRight|Squint_Right=0.3
noseSneerLeft|NoseScrunch_Left
noseSneerRight|NoseScrunch_Right
";
    }
}
