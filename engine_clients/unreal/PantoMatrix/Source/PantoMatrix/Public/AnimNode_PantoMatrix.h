#pragma once

#include "Animation/AnimNodeBase.h"
#include "BoneIndices.h"
#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

#include "AnimNode_PantoMatrix.generated.h"

/** Applies the motion of the actor's PantoMatrix component to bones and curves of the same names. */
USTRUCT(BlueprintInternalUseOnly)
struct PANTOMATRIX_API FAnimNode_PantoMatrix : public FAnimNode_Base
{
	GENERATED_BODY()

	/** What the character does otherwise; bones and curves without motion keep it. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = Links)
	FPoseLink BasePose;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = Settings, meta = (PinShownByDefault, ClampMin = 0, ClampMax = 1))
	float Alpha = 1;

	/** Whether joints are turned. For a part of the body, put a Layered Blend Per Bone behind this node. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = Settings)
	bool bApplyJoints = true;

	/** Whether the root moves as well. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = Settings)
	bool bApplyRootTranslation = false;

	/** Whether ARKit's curves are set. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = Settings)
	bool bApplyCurves = true;

	virtual void Initialize_AnyThread(const FAnimationInitializeContext& Context) override;
	virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext& Context) override;
	virtual void Update_AnyThread(const FAnimationUpdateContext& Context) override;
	virtual void Evaluate_AnyThread(FPoseContext& Output) override;
	virtual void GatherDebugData(FNodeDebugData& DebugData) override;
	virtual bool HasPreUpdate() const override { return true; }
	virtual void PreUpdate(const UAnimInstance* AnimInstance) override;

private:
	void FindBones(const FBoneContainer& Bones);

	FPantoMatrixPose Pose;
	/** For each joint its bone, or none. */
	TArray<FCompactPoseBoneIndex> BoneOfJoint;
	/** What BoneOfJoint was made for. */
	TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe> BonesLayout;
};
