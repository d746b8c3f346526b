#include "PantoMatrixFrames.h"

TSharedRef<const FPantoMatrixLayout, ESPMode::ThreadSafe> MakePantoMatrixLayout(const pm_header* Header)
{
	TSharedRef<FPantoMatrixLayout, ESPMode::ThreadSafe> Layout = MakeShared<FPantoMatrixLayout, ESPMode::ThreadSafe>();
	for (int32 Joint = 0; Joint < pm_header_joints(Header); ++Joint)
	{
		float Rest[3];
		pm_header_rest_translation(Header, Joint, Rest);
		Layout->JointNames.Add(FName(UTF8_TO_TCHAR(pm_header_joint_name(Header, Joint))));
		Layout->Parents.Add(pm_header_joint_parent(Header, Joint));
		Layout->RestTranslations.Add(FVector(Rest[0], Rest[1], Rest[2]));
		Layout->Driven.Add(*pm_header_joint_role(Header, Joint) != '\0');
	}
	for (int32 Curve = 0; Curve < pm_header_curves(Header); ++Curve)
	{
		Layout->CurveNames.Add(FName(UTF8_TO_TCHAR(pm_header_curve_name(Header, Curve))));
	}
	return Layout;
}

void ReadPantoMatrixFrame(const float* Frame, FPantoMatrixPose& Pose)
{
	const int32 NumJoints = Pose.Layout->JointNames.Num();
	if (NumJoints > 0)
	{
		Pose.RootTranslation = FVector(Frame[0], Frame[1], Frame[2]);
		Frame += 3;
	}
	Pose.Rotations.SetNumUninitialized(NumJoints, EAllowShrinking::No);
	for (FQuat& Rotation : Pose.Rotations)
	{
		Rotation = FQuat(Frame[0], Frame[1], Frame[2], Frame[3]);
		Frame += 4;
	}
	Pose.Weights.SetNumUninitialized(Pose.Layout->CurveNames.Num(), EAllowShrinking::No);
	FMemory::Memcpy(Pose.Weights.GetData(), Frame, Pose.Weights.Num() * sizeof(float));
}
