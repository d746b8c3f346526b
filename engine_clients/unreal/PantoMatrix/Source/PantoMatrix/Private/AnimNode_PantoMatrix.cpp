#include "AnimNode_PantoMatrix.h"

#include "Animation/AnimInstance.h"
#include "Animation/AnimInstanceProxy.h"
#include "GameFramework/Actor.h"
#include "PantoMatrixAudioToMotion.h"

void FAnimNode_PantoMatrix::Initialize_AnyThread(const FAnimationInitializeContext& Context)
{
	BasePose.Initialize(Context);
}

void FAnimNode_PantoMatrix::CacheBones_AnyThread(const FAnimationCacheBonesContext& Context)
{
	BasePose.CacheBones(Context);
	BonesLayout.Reset();
}

void FAnimNode_PantoMatrix::Update_AnyThread(const FAnimationUpdateContext& Context)
{
	GetEvaluateGraphExposedInputs().Execute(Context);
	BasePose.Update(Context);
}

void FAnimNode_PantoMatrix::PreUpdate(const UAnimInstance* AnimInstance)
{
	const AActor* Actor = AnimInstance->GetOwningActor();
	if (const UPantoMatrixAudioToMotion* Component = Actor ? Actor->FindComponentByClass<UPantoMatrixAudioToMotion>() : nullptr)
	{
		Pose = Component->GetPose();
	}
}

void FAnimNode_PantoMatrix::Evaluate_AnyThread(FPoseContext& Output)
{
	BasePose.Evaluate(Output);
	const float Amount = Pose.Alpha * FMath::Clamp(Alpha, 0.f, 1.f);
	if (!Pose.Layout || Amount <= 0)
	{
		return;
	}
	if (BonesLayout != Pose.Layout)
	{
		FindBones(Output.Pose.GetBoneContainer());
	}
	for (int32 Joint = 0; bApplyJoints && Joint < BoneOfJoint.Num(); ++Joint)
	{
		if (BoneOfJoint[Joint].IsValid())
		{
			FTransform& Bone = Output.Pose[BoneOfJoint[Joint]];
			Bone.SetRotation(FQuat::Slerp(Bone.GetRotation(), Pose.Rotations[Joint], Amount));
		}
	}
	if (bApplyRootTranslation && BoneOfJoint.Num() > 0)
	{
		FTransform& Root = Output.Pose[FCompactPoseBoneIndex(0)];
		Root.SetTranslation(FMath::Lerp(Root.GetTranslation(), Pose.RootTranslation, static_cast<double>(Amount)));
	}
	for (int32 Curve = 0; bApplyCurves && Curve < Pose.Weights.Num(); ++Curve)
	{
		const FName Name = Pose.Layout->CurveNames[Curve];
		Output.Curve.Set(Name, FMath::Lerp(Output.Curve.Get(Name), Pose.Weights[Curve], Amount));
	}
}

void FAnimNode_PantoMatrix::FindBones(const FBoneContainer& Bones)
{
	BonesLayout = Pose.Layout;
	BoneOfJoint.Reset();
	for (int32 Joint = 0; Joint < Pose.Layout->JointNames.Num(); ++Joint)
	{
		// The root of a mesh whose pelvis is a bone of its own is not driven; its translation is applied apart.
		const int32 Bone = Pose.Layout->Driven[Joint] ? Bones.GetPoseBoneIndexForBoneName(Pose.Layout->JointNames[Joint]) : INDEX_NONE;
		BoneOfJoint.Add(Bone == INDEX_NONE ? FCompactPoseBoneIndex(INDEX_NONE) : Bones.MakeCompactPoseIndex(FMeshPoseBoneIndex(Bone)));
	}
}

void FAnimNode_PantoMatrix::GatherDebugData(FNodeDebugData& DebugData)
{
	DebugData.AddDebugItem(FString::Printf(TEXT("%s(%d joints, %d curves, alpha %.2f)"), *DebugData.GetNodeName(this), Pose.Rotations.Num(), Pose.Weights.Num(), Pose.Alpha));
	BasePose.GatherDebugData(DebugData);
}
