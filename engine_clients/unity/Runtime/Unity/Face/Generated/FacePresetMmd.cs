// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit.
namespace PantoMatrix
{
    static partial class FacePresetTables
    {
        const string Mmd = @"
name|MikuMikuDance|MikuMikuDance's Japanese names: あ い う え お, まばたき, 怒り, 困る.
jaw|no_shape|25|8|Jaw,jaw,JawRoot,lowerJaw,mixamorig:Jaw
eyes|no_shape|30|20|LeftEye,Eye_L,eye.L,J_Adj_L_FaceEye,CC_Base_L_Eye,lEye,l_eye|RightEye,Eye_R,eye.R,J_Adj_R_FaceEye,CC_Base_R_Eye,rEye,r_eye
eyeBlinkLeft|ウィンク２|ｳｨﾝｸ２|まばたき=0.5
eyeWideLeft|びっくり=0.5
eyeBlinkRight|ウィンク２右|ｳｨﾝｸ２右|まばたき=0.5
eyeWideRight|びっくり=0.5
mouthSmileLeft|にやり=0.3
mouthSmileRight|にやり=0.3
browDownLeft|怒り=0.5
browDownRight|怒り=0.5
browInnerUp|困る=0.6
browOuterUpLeft|上=0.5
browOuterUpRight|上=0.5
tongueOut|ぺろっ
vowelA|あ
vowelI|い
vowelU|う
vowelE|え
vowelO|お
";
    }
}
