#include "PantoMatrixRequest.h"

#include "Engine/SkeletalMesh.h"
#include "ReferenceSkeleton.h"

FPantoMatrixRequest::FPantoMatrixRequest(const FPantoMatrixOptions& Options, const USkeletalMesh* Mesh, int32 Fps)
{
	Message.model = Keep(Options.Model);
	Message.speaker = Keep(Options.Speaker);
	Message.face_rig = "arkit52";
	Message.coordinate_system = "unreal_mesh";
	Message.fps = Fps;
	Message.seed = static_cast<uint64>(FMath::Max(Options.Seed, 0));
	Message.root = static_cast<pm_root>(Options.Root);
	if (!Options.Skeleton.IsEmpty() || !Mesh)
	{
		Message.skeleton = Keep(Options.Skeleton);
	}
	else
	{
		AddJoints(*Mesh);
	}
	if (Options.GestureAmplitude != 1 || Options.GestureRate != 1)
	{
		Gestures = {Options.GestureAmplitude, Options.GestureRate};
		Message.gestures = &Gestures;
	}
	for (const auto& [Emotion, Strength] : Options.Emotions)
	{
		Emotions.Add({Keep(Emotion), Strength});
	}
	for (const auto& [Part, Strength] : Options.Strengths)
	{
		Parts.Add({static_cast<int>(Part), Strength});
	}
	Message.emotions = Emotions.GetData();
	Message.emotion_count = Emotions.Num();
	Message.expression = Keep(Options.Expression);
	Message.parts = Parts.GetData();
	Message.part_count = Parts.Num();
	Message.frame_encoding = static_cast<pm_frame_encoding>(Options.FrameEncoding);
}

pm_change FPantoMatrixRequest::GetChange() const
{
	// Null would leave them as they are.
	static constexpr pm_emotion NoEmotions{};
	static constexpr pm_part NoParts{};
	pm_change Change{};
	Change.speaker = Message.speaker;
	Change.expression = Message.expression;
	Change.emotions = Emotions.Num() > 0 ? Emotions.GetData() : &NoEmotions;
	Change.emotion_count = Emotions.Num();
	Change.parts = Parts.Num() > 0 ? Parts.GetData() : &NoParts;
	Change.part_count = Parts.Num();
	return Change;
}

const char* FPantoMatrixRequest::Keep(const FString& Text)
{
	if (Text.IsEmpty())
	{
		return nullptr;
	}
	const FTCHARToUTF8 Utf8(*Text);
	TArray<char>& Kept = Texts.Emplace_GetRef();
	Kept.Append(reinterpret_cast<const char*>(Utf8.Get()), Utf8.Length());
	Kept.Add('\0');
	return Kept.GetData();
}

void FPantoMatrixRequest::AddJoints(const USkeletalMesh& Mesh)
{
	// The raw bones are those of the asset; virtual bones follow them by themselves.
	const FReferenceSkeleton& Skeleton = Mesh.GetRefSkeleton();
	const TArray<FMeshBoneInfo>& Bones = Skeleton.GetRawRefBoneInfo();
	const TArray<FTransform>& Pose = Skeleton.GetRawRefBonePose();
	for (int32 Bone = 0; Bone < Bones.Num(); ++Bone)
	{
		const FVector At = Pose[Bone].GetTranslation();
		const FQuat Turn = Pose[Bone].GetRotation();
		pm_joint Joint{};
		Joint.name = Keep(Bones[Bone].Name.ToString());
		Joint.parent = Bones[Bone].ParentIndex;
		const double Translation[] = {At.X, At.Y, At.Z};
		const double Rotation[] = {Turn.X, Turn.Y, Turn.Z, Turn.W};
		for (int32 Axis = 0; Axis < 3; ++Axis)
		{
			Joint.translation[Axis] = static_cast<float>(Translation[Axis]);
		}
		for (int32 Axis = 0; Axis < 4; ++Axis)
		{
			Joint.rotation[Axis] = static_cast<float>(Rotation[Axis]);
		}
		Joints.Add(Joint);
	}
	Message.joints = Joints.GetData();
	Message.joint_count = Joints.Num();
}
