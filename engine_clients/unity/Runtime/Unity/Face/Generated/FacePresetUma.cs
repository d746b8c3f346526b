// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Uma = @"
name|UMA expressions|The values of UMA's expression player, each from -1 to 1. They are not blendshapes: give them to FaceShapes.Register (see the manual).
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|leftEyeOpen_Close=-1
eyeLookDownLeft|leftEyeUp_Down=-1
eyeLookInLeft|leftEyeIn_Out
eyeLookOutLeft|leftEyeIn_Out=-1
eyeLookUpLeft|leftEyeUp_Down
eyeWideLeft|leftEyeOpen_Close
eyeBlinkRight|rightEyeOpen_Close=-1
eyeLookDownRight|rightEyeUp_Down=-1
eyeLookInRight|rightEyeIn_Out
eyeLookOutRight|rightEyeIn_Out=-1
eyeLookUpRight|rightEyeUp_Down
eyeWideRight|rightEyeOpen_Close
jawForward|jawForward_Back
jawLeft|jawLeft_Right
jawRight|jawLeft_Right=-1
jawOpen|jawOpen_Close
mouthFunnel|mouthNarrow_Pucker=-0.7
mouthPucker|mouthNarrow_Pucker=-1
mouthLeft|mouthLeft_Right
mouthRight|mouthLeft_Right=-1
mouthSmileLeft|leftMouthSmile_Frown
mouthSmileRight|rightMouthSmile_Frown
mouthFrownLeft|leftMouthSmile_Frown=-1
mouthFrownRight|rightMouthSmile_Frown=-1
mouthLowerDownLeft|leftLowerLipUp_Down=-1
mouthLowerDownRight|rightLowerLipUp_Down=-1
mouthUpperUpLeft|leftUpperLipUp_Down
mouthUpperUpRight|rightUpperLipUp_Down
browDownLeft|leftBrowUp_Down=-1
browDownRight|rightBrowUp_Down=-1
browInnerUp|midBrowUp_Down
browOuterUpLeft|leftBrowUp_Down
browOuterUpRight|rightBrowUp_Down
cheekPuff|leftCheekPuff_Squint+rightCheekPuff_Squint
cheekSquintLeft|leftCheekPuff_Squint=-1
cheekSquintRight|rightCheekPuff_Squint=-1
noseSneerLeft|noseSneer=0.5
noseSneerRight|noseSneer=0.5
tongueOut|tongueOut
tongueUp|tongueUp_Down
tongueDown|tongueUp_Down=-1
";
    }
}
