#pragma once

#include "Components/ActorComponent.h"
#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

#include "PantoMatrixAudioToMotion.generated.h"

class FPantoMatrixStream;
class UAudioComponent;
class UPantoMatrixVoice;
class USkeletalMeshComponent;
class USoundAttenuation;
class USoundBase;
class USoundSubmix;

DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FPantoMatrixStateChanged, EPantoMatrixState, State);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FPantoMatrixFailed, const FPantoMatrixError&, Error);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FPantoMatrixRefused, const FPantoMatrixRefusal&, Refusal);

/**
 * Makes its actor move to speech. Speak plays a sound with its motion; PushAudio does so for speech that a program makes;
 * ListenToSubmix moves to what is heard anyway, a microphone or a voice chat. The pose goes to the PantoMatrix node in the
 * actor's Animation Blueprints, to morph targets, or to Live Link.
 */
UCLASS(ClassGroup = "PantoMatrix", meta = (BlueprintSpawnableComponent))
class PANTOMATRIX_API UPantoMatrixAudioToMotion : public UActorComponent
{
	GENERATED_BODY()

public:
	UPantoMatrixAudioToMotion();

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FPantoMatrixOptions Options;

	/** How much speech after a frame's own time the model may hear; zero for the model's own. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix", meta = (ClampMin = 0, ClampMax = 0.5))
	float LookAheadSeconds = 0;

	/** How much is gathered before the motion starts: the jitter of the network that is evened out. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix", meta = (ClampMin = 0.02, ClampMax = 2))
	float DelaySeconds = 0.1f;

	/** Of the voice that Speak and PushAudio are heard with; none for everywhere. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	TObjectPtr<USoundAttenuation> Attenuation;

	/** Sets the ARKit curves on all skeletal meshes of the actor that have morph targets of these names. MetaHumans do it by their node or by Live Link instead. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	bool bSetMorphTargets = false;

	/** Publishes the motion under this name through Live Link, and the face alone under the name with "_Face"; none for not. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FName LiveLinkSubject;

	UPROPERTY(BlueprintAssignable, Category = "PantoMatrix")
	FPantoMatrixStateChanged OnStateChanged;

	/** A lost connection is opened again by itself; after other errors the state is Ended and the next Speak tries again. */
	UPROPERTY(BlueprintAssignable, Category = "PantoMatrix")
	FPantoMatrixFailed OnFailed;

	/** What ApplyOptions asked for cannot be done: nothing of it was changed, and the motion continues. */
	UPROPERTY(BlueprintAssignable, Category = "PantoMatrix")
	FPantoMatrixRefused OnRefused;

	/** Plays a sound as soon as its motion is there, a quarter of a second later or so. What was being said is cut off. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void Speak(USoundBase* Sound);

	/** Speech that a program makes, as it comes: interleaved samples, heard with its motion. False if too much waits to be sent. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	bool PushAudio(const TArray<float>& Samples, int32 SampleRate, int32 NumChannels);

	/** The sentence that was pushed is over: the mouth closes. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void EndUtterance();

	/** Moves to what a submix sounds, until StopSpeaking. The motion comes a quarter of a second later or so. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void ListenToSubmix(USoundSubmix* Submix);

	/** Stops talking at once; the character keeps idling. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void Interrupt();

	/** Takes Speaker, Emotions, Expression and Strengths of Options to the motion that runs, within a third of a second, in mid-sentence too. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void ApplyOptions();

	/** Lets go of the stream; the motion fades out. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void StopSpeaking();

	UFUNCTION(BlueprintPure, Category = "PantoMatrix")
	EPantoMatrixState GetState() const { return State; }

	/** Whether the pose is of speech; else the character idles. */
	UFUNCTION(BlueprintPure, Category = "PantoMatrix")
	bool IsSpeaking() const;

	/** Of an ARKit curve, 0 to 1; 0 for a name that is not a curve. */
	UFUNCTION(BlueprintPure, Category = "PantoMatrix")
	float GetCurve(FName Curve) const;

	/** The pose of this tick. */
	const FPantoMatrixPose& GetPose() const { return Pose; }

	virtual void TickComponent(float DeltaSeconds, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction) override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;

protected:
	virtual void BeginPlay() override;

private:
	UFUNCTION()
	void OnSoundFinished();

	int32 DeviceSampleRate() const;
	void OpenStream(int32 SampleRate, bool bKeepSound);
	void CloseStream();
	void TellChanges();
	void SetMorphTargets() const;
	const USkeletalMeshComponent* BodyMesh() const;

	/** Plays what Speak was given, unheard: the voice is heard instead. */
	UPROPERTY(Transient)
	TObjectPtr<UAudioComponent> Source;

	UPROPERTY(Transient)
	TObjectPtr<UPantoMatrixVoice> Voice;

	UPROPERTY(Transient)
	TObjectPtr<USoundSubmix> ListenedTo;

	TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Stream;
	FPantoMatrixPose Pose;
	EPantoMatrixState State = EPantoMatrixState::Ended;
	FPantoMatrixError LastError;
};
