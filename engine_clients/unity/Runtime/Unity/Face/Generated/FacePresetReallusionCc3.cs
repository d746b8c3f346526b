// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string ReallusionCc3 = @"
name|Reallusion CC3|Character Creator 3 and 3+, facial profile Traditional (some 60 shapes); the jaw opens by its bone.
jaw|always|30|15|CC_Base_JawRoot,JawRoot
eyes|no_shape|30|20|CC_Base_L_Eye,L_Eye|CC_Base_R_Eye,R_Eye
eyeBlinkLeft|Eye_Blink_L|Eye_Blink=0.5
eyeSquintLeft|Eye_Squint_L
eyeWideLeft|Eye_Wide_L
eyeBlinkRight|Eye_Blink_R|Eye_Blink=0.5
eyeSquintRight|Eye_Squint_R
eyeWideRight|Eye_Wide_R
mouthFunnel|Mouth_Pucker_Open
mouthPucker|Mouth_Pucker
mouthLeft|Mouth_L
mouthRight|Mouth_R
mouthSmileLeft|Mouth_Smile_L|Mouth_Smile=0.5
mouthSmileRight|Mouth_Smile_R|Mouth_Smile=0.5
mouthFrownLeft|Mouth_Frown_L|Mouth_Frown=0.5
mouthFrownRight|Mouth_Frown_R|Mouth_Frown=0.5
mouthDimpleLeft|Mouth_Dimple_L
mouthDimpleRight|Mouth_Dimple_R
mouthStretchLeft|Mouth_Widen_Sides=0.5|Mouth_Widen=0.5
mouthStretchRight|Mouth_Widen_Sides=0.5|Mouth_Widen=0.5
mouthRollLower|Mouth_Bottom_Lip_Under
mouthRollUpper|Mouth_Top_Lip_Under
mouthShrugLower|Mouth_Up=0.5
mouthShrugUpper|Mouth_Top_Lip_Up=0.5
mouthPressLeft|Mouth_Lips_Tight=0.5
mouthPressRight|Mouth_Lips_Tight=0.5
mouthLowerDownLeft|Mouth_Snarl_Lower_L
mouthLowerDownRight|Mouth_Snarl_Lower_R
mouthUpperUpLeft|Mouth_Snarl_Upper_L
mouthUpperUpRight|Mouth_Snarl_Upper_R
browDownLeft|Brow_Drop_L
browDownRight|Brow_Drop_R
browInnerUp|Brow_Raise_Inner_L+Brow_Raise_Inner_R
browOuterUpLeft|Brow_Raise_Outer_L
browOuterUpRight|Brow_Raise_Outer_R
cheekPuff|Cheek_Blow_L+Cheek_Blow_R|Cheek_Puff_L+Cheek_Puff_R
cheekSquintLeft|Cheek_Raise_L
cheekSquintRight|Cheek_Raise_R
noseSneerLeft|Nose_Flank_Raise_L
noseSneerRight|Nose_Flank_Raise_R
tongueOut|Tongue_Out
mouthOpen|Mouth_Lips_Open=0.5|Lip_Open=0.5|Mouth_Open
lipsShut|Mouth_Plosive|Explosive
";
    }
}
