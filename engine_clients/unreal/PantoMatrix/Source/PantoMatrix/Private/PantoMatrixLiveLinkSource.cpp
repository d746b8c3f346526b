#include "PantoMatrixLiveLinkSource.h"

#include "HAL/PlatformTime.h"
#include "ILiveLinkClient.h"
#include "PantoMatrixSettings.h"
#include "Roles/LiveLinkAnimationRole.h"
#include "Roles/LiveLinkAnimationTypes.h"
#include "Roles/LiveLinkBasicRole.h"
#include "Roles/LiveLinkBasicTypes.h"

#define LOCTEXT_NAMESPACE "PantoMatrixLiveLink"

namespace
{
	FName FaceSubject(FName Subject)
	{
		return FName(*(Subject.ToString() + TEXT("_Face")));
	}
}

void FPantoMatrixLiveLinkSource::ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid)
{
	Client = InClient;
	SourceGuid = InSourceGuid;
}

bool FPantoMatrixLiveLinkSource::RequestSourceShutdown()
{
	bIsValid = false;
	Client = nullptr;
	return true;
}

FText FPantoMatrixLiveLinkSource::GetSourceType() const
{
	return LOCTEXT("SourceType", "PantoMatrix");
}

FText FPantoMatrixLiveLinkSource::GetSourceMachineName() const
{
	return FText::FromString(GetDefault<UPantoMatrixSettings>()->ServerUrl);
}

FText FPantoMatrixLiveLinkSource::GetSourceStatus() const
{
	return Described.Num() > 0 ? LOCTEXT("Publishing", "Publishing") : LOCTEXT("Waiting", "Waiting for motion");
}

void FPantoMatrixLiveLinkSource::Publish(FName Subject, const FPantoMatrixPose& Pose)
{
	if (!Client || !Pose.Layout)
	{
		return;
	}
	TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe>& Last = Described.FindOrAdd(Subject);
	if (Last != Pose.Layout)
	{
		Last = Pose.Layout;
		Describe(Subject, *Pose.Layout);
	}
	const double Now = FPlatformTime::Seconds();
	FLiveLinkFrameDataStruct Body(FLiveLinkAnimationFrameData::StaticStruct());
	FLiveLinkAnimationFrameData& Frame = *Body.Cast<FLiveLinkAnimationFrameData>();
	Frame.WorldTime = FLiveLinkWorldTime(Now);
	Frame.PropertyValues = Pose.Weights;
	for (int32 Joint = 0; Joint < Pose.Rotations.Num(); ++Joint)
	{
		const bool bIsRoot = Joint == 0;
		Frame.Transforms.Add(FTransform(Pose.Rotations[Joint], bIsRoot ? Pose.RootTranslation : Pose.Layout->RestTranslations[Joint]));
	}
	Client->PushSubjectFrameData_AnyThread({SourceGuid, Subject}, MoveTemp(Body));

	FLiveLinkFrameDataStruct Face(FLiveLinkBaseFrameData::StaticStruct());
	Face.Cast<FLiveLinkBaseFrameData>()->WorldTime = FLiveLinkWorldTime(Now);
	Face.Cast<FLiveLinkBaseFrameData>()->PropertyValues = Pose.Weights;
	Client->PushSubjectFrameData_AnyThread({SourceGuid, FaceSubject(Subject)}, MoveTemp(Face));
}

void FPantoMatrixLiveLinkSource::Describe(FName Subject, const FPantoMatrixLayout& Layout)
{
	FLiveLinkStaticDataStruct Body(FLiveLinkSkeletonStaticData::StaticStruct());
	FLiveLinkSkeletonStaticData& Skeleton = *Body.Cast<FLiveLinkSkeletonStaticData>();
	Skeleton.SetBoneNames(Layout.JointNames);
	Skeleton.SetBoneParents(Layout.Parents);
	Skeleton.PropertyNames = Layout.CurveNames;
	Client->PushSubjectStaticData_AnyThread({SourceGuid, Subject}, ULiveLinkAnimationRole::StaticClass(), MoveTemp(Body));

	FLiveLinkStaticDataStruct Face(FLiveLinkBaseStaticData::StaticStruct());
	Face.Cast<FLiveLinkBaseStaticData>()->PropertyNames = Layout.CurveNames;
	Client->PushSubjectStaticData_AnyThread({SourceGuid, FaceSubject(Subject)}, ULiveLinkBasicRole::StaticClass(), MoveTemp(Face));
}

#undef LOCTEXT_NAMESPACE
