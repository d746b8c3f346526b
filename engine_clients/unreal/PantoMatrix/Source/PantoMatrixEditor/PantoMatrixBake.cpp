#include "PantoMatrixBake.h"

#include "Animation/AnimData/CurveIdentifier.h"
#include "Animation/AnimData/IAnimationDataController.h"
#include "Animation/AnimSequence.h"
#include "AssetToolsModule.h"
#include "Containers/Ticker.h"
#include "Engine/SkeletalMesh.h"
#include "Factories/AnimSequenceFactory.h"
#include "HAL/PlatformProcess.h"
#include "HAL/PlatformTime.h"
#include "Misc/ScopedSlowTask.h"
#include "PantoMatrixClip.h"
#include "Sound/SoundWave.h"

#define LOCTEXT_NAMESPACE "PantoMatrixBake"

namespace
{
	constexpr float TickSeconds = 0.01f;

	/** False if the user gave up. */
	bool WaitFor(const FPantoMatrixClip& Clip)
	{
		FScopedSlowTask Task(1, LOCTEXT("Waiting", "Making motion from speech"));
		Task.MakeDialog(/*bShowCancelButton=*/ true);
		float Shown = 0;
		for (double Last = FPlatformTime::Seconds(); !Clip.IsDone();)
		{
			if (Task.ShouldCancel())
			{
				return false;
			}
			// The engine's WebSockets live on this ticker, which stands still while the editor waits here.
			const double Now = FPlatformTime::Seconds();
			FTSTicker::GetCoreTicker().Tick(static_cast<float>(Now - Last));
			Last = Now;
			Task.EnterProgressFrame(Clip.GetProgress() - Shown);
			Shown = Clip.GetProgress();
			FPlatformProcess::Sleep(TickSeconds);
		}
		return true;
	}

	void Fill(UAnimSequence& Sequence, FPantoMatrixClip& Clip)
	{
		FPantoMatrixPose Pose;
		Clip.GetPose(0, Pose);
		const FPantoMatrixLayout& Layout = *Pose.Layout;
		const int32 NumFrames = Clip.GetNumFrames();
		const int32 NumJoints = Layout.JointNames.Num();
		TArray<TArray<FVector3f>> Translations;
		TArray<TArray<FQuat4f>> Rotations;
		TArray<TArray<FRichCurveKey>> Curves;
		Translations.SetNum(NumJoints);
		Rotations.SetNum(NumJoints);
		Curves.SetNum(Layout.CurveNames.Num());
		for (int32 Frame = 0; Frame < NumFrames; ++Frame)
		{
			Clip.GetPose(Frame, Pose);
			for (int32 Joint = 0; Joint < NumJoints; ++Joint)
			{
				Translations[Joint].Add(FVector3f(Joint == 0 ? Pose.RootTranslation : Layout.RestTranslations[Joint]));
				Rotations[Joint].Add(FQuat4f(Pose.Rotations[Joint]));
			}
			for (int32 Curve = 0; Curve < Curves.Num(); ++Curve)
			{
				Curves[Curve].Add(FRichCurveKey(static_cast<float>(Frame / Clip.GetFps()), Pose.Weights[Curve]));
			}
		}
		TArray<FVector3f> Scales;
		Scales.Init(FVector3f(1), NumFrames);

		IAnimationDataController& Controller = Sequence.GetController();
		Controller.OpenBracket(LOCTEXT("Filling", "Writing baked motion"), /*bShouldTransact=*/ false);
		Controller.InitializeModel();
		Controller.SetFrameRate(FFrameRate(FMath::RoundToInt32(Clip.GetFps()), 1), false);
		Controller.SetNumberOfFrames(FFrameNumber(FMath::Max(NumFrames - 1, 1)), false);
		for (int32 Joint = 0; Joint < NumJoints; ++Joint)
		{
			if (Layout.Driven[Joint] || Joint == 0)
			{
				Controller.AddBoneCurve(Layout.JointNames[Joint], false);
				Controller.SetBoneTrackKeys(Layout.JointNames[Joint], Translations[Joint], Rotations[Joint], Scales, false);
			}
		}
		for (int32 Curve = 0; Curve < Curves.Num(); ++Curve)
		{
			const FAnimationCurveIdentifier Id(Layout.CurveNames[Curve], ERawCurveTrackTypes::RCT_Float);
			Controller.AddCurve(Id, AACF_DefaultCurve, false);
			Controller.SetCurveKeys(Id, Curves[Curve], false);
		}
		Controller.NotifyPopulated();
		Controller.CloseBracket(false);
	}
}

UAnimSequence* BakePantoMatrixMotion(const FPantoMatrixBake& Bake, FText& OutError)
{
	TArray<uint8> Pcm;
	uint32 SampleRate = 0;
	uint16 NumChannels = 0;
	if (!Bake.Sound || !Bake.Sound->GetImportedSoundWaveData(Pcm, SampleRate, NumChannels) || Pcm.IsEmpty())
	{
		OutError = LOCTEXT("NoSound", "The sound has no imported samples: it is procedural, or it was cooked");
		return nullptr;
	}
	if (!Bake.Mesh || !Bake.Mesh->GetSkeleton())
	{
		OutError = LOCTEXT("NoMesh", "No skeletal mesh to animate: choose one under Project Settings > Plugins > PantoMatrix > Bake Mesh");
		return nullptr;
	}
	const TConstArrayView<int16> Samples(reinterpret_cast<const int16*>(Pcm.GetData()), Pcm.Num() / static_cast<int32>(sizeof(int16)));
	FPantoMatrixClip Clip(Samples, static_cast<int32>(SampleRate), NumChannels, Bake.Options, Bake.Mesh, Bake.Fps);
	if (!WaitFor(Clip))
	{
		OutError = LOCTEXT("Cancelled", "Cancelled");
		return nullptr;
	}
	if (const FPantoMatrixError Error = Clip.GetError(); Error.IsSet())
	{
		OutError = FText::FromString(Error.ToString());
		return nullptr;
	}
	UAnimSequenceFactory* Factory = NewObject<UAnimSequenceFactory>();
	Factory->TargetSkeleton = Bake.Mesh->GetSkeleton();
	Factory->PreviewSkeletalMesh = Bake.Mesh;
	IAssetTools& AssetTools = FModuleManager::LoadModuleChecked<FAssetToolsModule>(TEXT("AssetTools")).Get();
	FString Package;
	FString Name;
	AssetTools.CreateUniqueAssetName(Bake.Folder / Bake.Name, FString(), Package, Name);
	UAnimSequence* Sequence = Cast<UAnimSequence>(AssetTools.CreateAsset(Name, Bake.Folder, UAnimSequence::StaticClass(), Factory));
	if (!Sequence)
	{
		OutError = FText::Format(LOCTEXT("NoAsset", "{0} could not be created"), FText::FromString(Bake.Folder / Name));
		return nullptr;
	}
	Fill(*Sequence, Clip);
	Sequence->PostEditChange();
	Sequence->MarkPackageDirty();
	return Sequence;
}

#undef LOCTEXT_NAMESPACE
