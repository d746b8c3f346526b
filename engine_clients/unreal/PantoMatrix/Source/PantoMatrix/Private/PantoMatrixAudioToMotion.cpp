#include "PantoMatrixAudioToMotion.h"

#include "AudioDevice.h"
#include "Components/AudioComponent.h"
#include "Components/SkeletalMeshComponent.h"
#include "Engine/SkeletalMesh.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "PantoMatrixLiveLinkSource.h"
#include "PantoMatrixLog.h"
#include "PantoMatrixRequest.h"
#include "PantoMatrixStream.h"
#include "PantoMatrixSubsystem.h"
#include "PantoMatrixVoice.h"
#include "Sound/SoundBase.h"
#include "Sound/SoundSubmix.h"

namespace
{
	/** How long a character takes between its other animation and this motion. */
	constexpr float FadeSeconds = 0.3f;
	constexpr int32 UsualSampleRate = 48000;
}

UPantoMatrixAudioToMotion::UPantoMatrixAudioToMotion()
{
	PrimaryComponentTick.bCanEverTick = true;
	PrimaryComponentTick.TickGroup = TG_PrePhysics;
}

void UPantoMatrixAudioToMotion::BeginPlay()
{
	Super::BeginPlay();
	// Meshes evaluate their animation after this tick's pose is there.
	TInlineComponentArray<USkeletalMeshComponent*> Meshes(GetOwner());
	for (USkeletalMeshComponent* Mesh : Meshes)
	{
		Mesh->AddTickPrerequisiteComponent(this);
	}
}

void UPantoMatrixAudioToMotion::EndPlay(const EEndPlayReason::Type Reason)
{
	CloseStream();
	Super::EndPlay(Reason);
}

void UPantoMatrixAudioToMotion::Speak(USoundBase* Sound)
{
	if (!Sound)
	{
		UE_LOG(LogPantoMatrix, Warning, TEXT("%s: Speak without a sound"), *GetPathName());
		return;
	}
	Interrupt();
	OpenStream(DeviceSampleRate(), /*bKeepSound=*/ true);
	if (!Source)
	{
		Source = NewObject<UAudioComponent>(GetOwner());
		Source->bAutoActivate = false;
		Source->bAutoDestroy = false;
		// The source is not heard, so it must not fall silent with distance either.
		Source->bAllowSpatialization = false;
		Source->bOverrideAttenuation = true;
		Source->AttenuationOverrides.bAttenuate = false;
		Source->AttenuationOverrides.bSpatialize = false;
		Source->OnAudioFinished.AddUniqueDynamic(this, &UPantoMatrixAudioToMotion::OnSoundFinished);
		Source->RegisterComponent();
	}
	Source->SetSound(Sound);
	Source->SetSourceBufferListener(Stream, /*InShouldZeroBuffer=*/ true);
	Source->Play();
}

void UPantoMatrixAudioToMotion::OnSoundFinished()
{
	// It is told late: by then another sound may play.
	if (!Source->IsPlaying())
	{
		EndUtterance();
	}
}

bool UPantoMatrixAudioToMotion::PushAudio(const TArray<float>& Samples, int32 SampleRate, int32 NumChannels)
{
	if (NumChannels < 1 || Samples.Num() % NumChannels != 0)
	{
		UE_LOG(LogPantoMatrix, Warning, TEXT("%s: PushAudio with %d samples for %d channels"), *GetPathName(), Samples.Num(), NumChannels);
		return false;
	}
	OpenStream(SampleRate, /*bKeepSound=*/ true);
	return Stream->PushAudio(Samples.GetData(), Samples.Num() / NumChannels, NumChannels);
}

void UPantoMatrixAudioToMotion::EndUtterance()
{
	if (Stream)
	{
		Stream->EndUtterance();
	}
}

void UPantoMatrixAudioToMotion::ListenToSubmix(USoundSubmix* Submix)
{
	FAudioDevice* Device = GetWorld() ? GetWorld()->GetAudioDeviceRaw() : nullptr;
	if (!Submix || !Device)
	{
		UE_LOG(LogPantoMatrix, Warning, TEXT("%s: ListenToSubmix without a submix or a sound device"), *GetPathName());
		return;
	}
	CloseStream();
	OpenStream(DeviceSampleRate(), /*bKeepSound=*/ false);
	ListenedTo = Submix;
	Device->RegisterSubmixBufferListener(Stream.ToSharedRef(), *Submix);
}

void UPantoMatrixAudioToMotion::Interrupt()
{
	if (Source)
	{
		Source->SetSourceBufferListener(nullptr, false);
		Source->Stop();
	}
	if (Stream)
	{
		Stream->Interrupt();
	}
}

void UPantoMatrixAudioToMotion::ApplyOptions()
{
	if (Stream)
	{
		Stream->Change(FPantoMatrixRequest(Options, nullptr));
	}
}

bool UPantoMatrixAudioToMotion::IsSpeaking() const
{
	return Stream && !Stream->IsIdle();
}

void UPantoMatrixAudioToMotion::StopSpeaking()
{
	CloseStream();
}

float UPantoMatrixAudioToMotion::GetCurve(FName Curve) const
{
	const int32 Index = Pose.Layout ? Pose.Layout->CurveNames.IndexOfByKey(Curve) : INDEX_NONE;
	return Pose.Weights.IsValidIndex(Index) ? Pose.Weights[Index] * Pose.Alpha : 0;
}

void UPantoMatrixAudioToMotion::TickComponent(float DeltaSeconds, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction)
{
	Super::TickComponent(DeltaSeconds, TickType, ThisTickFunction);
	const bool bMoves = Stream && Stream->Update(DeltaSeconds, Pose);
	Pose.Alpha = FMath::Clamp(Pose.Alpha + (bMoves ? DeltaSeconds : -DeltaSeconds) / FadeSeconds, 0.f, 1.f);
	TellChanges();
	if (!Pose.Layout)
	{
		return;
	}
	if (bSetMorphTargets)
	{
		SetMorphTargets();
	}
	if (!LiveLinkSubject.IsNone() && bMoves)
	{
		if (const TSharedPtr<FPantoMatrixLiveLinkSource> LiveLink = UPantoMatrixSubsystem::Get().GetLiveLinkSource())
		{
			LiveLink->Publish(LiveLinkSubject, Pose);
		}
	}
}

void UPantoMatrixAudioToMotion::TellChanges()
{
	const EPantoMatrixState Now = Stream ? Stream->GetState() : EPantoMatrixState::Ended;
	const FPantoMatrixError Error = Stream ? Stream->GetError() : FPantoMatrixError();
	if (Error.IsSet() && Error.ToString() != LastError.ToString())
	{
		UE_LOG(LogPantoMatrix, Warning, TEXT("%s: %s"), *GetPathName(), *Error.ToString());
		OnFailed.Broadcast(Error);
	}
	FPantoMatrixRefusal Refusal;
	while (Stream && Stream->TakeRefusal(Refusal))
	{
		UE_LOG(LogPantoMatrix, Warning, TEXT("%s: not changed: %s"), *GetPathName(), *Refusal.Text);
		OnRefused.Broadcast(Refusal);
	}
	LastError = Now == EPantoMatrixState::Streaming ? FPantoMatrixError() : Error;
	if (Now != State)
	{
		State = Now;
		OnStateChanged.Broadcast(State);
	}
}

void UPantoMatrixAudioToMotion::SetMorphTargets() const
{
	TInlineComponentArray<USkeletalMeshComponent*> Meshes(GetOwner());
	for (USkeletalMeshComponent* Mesh : Meshes)
	{
		for (int32 Curve = 0; Curve < Pose.Weights.Num(); ++Curve)
		{
			Mesh->SetMorphTarget(Pose.Layout->CurveNames[Curve], Pose.Weights[Curve] * Pose.Alpha, /*bRemoveZeroWeight=*/ false);
		}
	}
}

int32 UPantoMatrixAudioToMotion::DeviceSampleRate() const
{
	const FAudioDevice* Device = GetWorld() ? GetWorld()->GetAudioDeviceRaw() : nullptr;
	return Device ? FMath::TruncToInt(Device->GetSampleRate()) : UsualSampleRate;
}

void UPantoMatrixAudioToMotion::OpenStream(int32 SampleRate, bool bKeepSound)
{
	if (Stream)
	{
		const FPantoMatrixStreamOptions& Now = Stream->GetOptions();
		const bool bFits = Now.SampleRate == SampleRate && Now.bKeepSound == bKeepSound;
		if (bFits && Stream->GetState() != EPantoMatrixState::Ended)
		{
			return;
		}
		CloseStream();
	}
	const USkeletalMeshComponent* Body = BodyMesh();
	const FPantoMatrixRequest Request(Options, Body ? Body->GetSkeletalMeshAsset() : nullptr);
	Stream = MakeShared<FPantoMatrixStream, ESPMode::ThreadSafe>(
		UPantoMatrixSubsystem::Get().GetConnection(), Request, FPantoMatrixStreamOptions{SampleRate, bKeepSound, LookAheadSeconds, DelaySeconds});
	if (!bKeepSound)
	{
		return;
	}
	Voice = NewObject<UPantoMatrixVoice>(GetOwner());
	Voice->SetStream(Stream);
	Voice->AttenuationSettings = Attenuation;
	Voice->SetupAttachment(GetOwner()->GetRootComponent());
	Voice->RegisterComponent();
	Voice->Start();
}

void UPantoMatrixAudioToMotion::CloseStream()
{
	if (Source)
	{
		Source->SetSourceBufferListener(nullptr, false);
		Source->Stop();
	}
	if (Voice)
	{
		Voice->Stop();
		Voice->SetStream(nullptr);
		Voice->DestroyComponent();
		Voice = nullptr;
	}
	if (ListenedTo)
	{
		if (FAudioDevice* Device = GetWorld() ? GetWorld()->GetAudioDeviceRaw() : nullptr)
		{
			Device->UnregisterSubmixBufferListener(Stream.ToSharedRef(), *ListenedTo);
		}
		ListenedTo = nullptr;
	}
	if (Stream)
	{
		UPantoMatrixSubsystem::Get().Retire(MoveTemp(Stream));
		Stream.Reset();
	}
}

const USkeletalMeshComponent* UPantoMatrixAudioToMotion::BodyMesh() const
{
	TInlineComponentArray<USkeletalMeshComponent*> Meshes(GetOwner());
	for (const USkeletalMeshComponent* Mesh : Meshes)
	{
		if (Mesh->GetSkeletalMeshAsset() && !Mesh->LeaderPoseComponent.IsValid())
		{
			return Mesh;
		}
	}
	return nullptr;
}
