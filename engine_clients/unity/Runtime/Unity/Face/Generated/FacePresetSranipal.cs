// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Sranipal = @"
name|SRanipal (Vive)|HTC's face tracking shapes (Jaw_Open, Mouth_Pout, Eye_Left_Blink ...).
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|Eye_Left_Blink
eyeLookDownLeft|Eye_Left_Down
eyeLookInLeft|Eye_Left_Right
eyeLookOutLeft|Eye_Left_Left
eyeLookUpLeft|Eye_Left_Up
eyeSquintLeft|Eye_Left_Squeeze
eyeWideLeft|Eye_Left_Wide
eyeBlinkRight|Eye_Right_Blink
eyeLookDownRight|Eye_Right_Down
eyeLookInRight|Eye_Right_Left
eyeLookOutRight|Eye_Right_Right
eyeLookUpRight|Eye_Right_Up
eyeSquintRight|Eye_Right_Squeeze
eyeWideRight|Eye_Right_Wide
jawForward|Jaw_Forward
jawLeft|Jaw_Left
jawRight|Jaw_Right
jawOpen|Jaw_Open
mouthClose|Mouth_Ape_Shape
mouthFunnel|Mouth_Upper_Overturn=0.7+Mouth_Lower_Overturn=0.7
mouthPucker|Mouth_Pout
mouthLeft|Mouth_Upper_Left+Mouth_Lower_Left
mouthRight|Mouth_Upper_Right+Mouth_Lower_Right
mouthSmileLeft|Mouth_Smile_Left
mouthSmileRight|Mouth_Smile_Right
mouthFrownLeft|Mouth_Sad_Left
mouthFrownRight|Mouth_Sad_Right
mouthRollLower|Mouth_Lower_Inside
mouthRollUpper|Mouth_Upper_Inside
mouthShrugLower|Mouth_Lower_Overlay
mouthLowerDownLeft|Mouth_Lower_DownLeft
mouthLowerDownRight|Mouth_Lower_DownRight
mouthUpperUpLeft|Mouth_Upper_UpLeft
mouthUpperUpRight|Mouth_Upper_UpRight
browDownLeft|Eye_Frown=0.5
browDownRight|Eye_Frown=0.5
cheekPuff|Cheek_Puff_Left+Cheek_Puff_Right
tongueOut|Tongue_LongStep2|Tongue_LongStep1
tongueUp|Tongue_Up
tongueDown|Tongue_Down
";
    }
}
