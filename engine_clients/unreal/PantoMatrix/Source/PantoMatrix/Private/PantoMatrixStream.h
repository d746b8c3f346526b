#pragma once

#include "CoreMinimal.h"
#include "HAL/CriticalSection.h"
#include "ISourceBufferListener.h"
#include "ISubmixBufferListener.h"
#include "PantoMatrixConnection.h"
#include "PantoMatrixTypes.h"

class FPantoMatrixRequest;

/** How a stream is fed and heard. */
struct FPantoMatrixStreamOptions
{
	int32 SampleRate = 48000;
	/** Play the speech as the motion comes to it (Sound); else it is heard elsewhere, and late frames are dropped. */
	bool bKeepSound = true;
	/** Zero for the model's own. */
	float LookAheadSeconds = 0;
	float DelaySeconds = 0.1f;
};

/** Live speech to motion. Let go of it on the game thread (UPantoMatrixSubsystem::Retire). */
class FPantoMatrixStream : public ISourceBufferListener, public ISubmixBufferListener
{
public:
	FPantoMatrixStream(TSharedRef<FPantoMatrixConnection> InConnection, const FPantoMatrixRequest& Request, const FPantoMatrixStreamOptions& InOptions);
	virtual ~FPantoMatrixStream();

	const FPantoMatrixStreamOptions& GetOptions() const { return Options; }

	/** Interleaved samples at the stream's rate. False, and none taken, if too much waits to be sent. Any thread. */
	bool PushAudio(const float* Samples, int32 NumFrames, int32 NumChannels);
	/** The sentence is over. Any thread. */
	void EndUtterance();
	/** Stop talking at once: the sound ends, the server is told what was shown and sends the rest again with the mouth shut. Any thread. */
	void Interrupt();
	/** Speaker, emotions and strengths change, in mid-sentence too. Any thread. */
	void Change(const FPantoMatrixRequest& Request);

	/** Moves the clock on and writes the pose; false, and the pose untouched, before the first. The game thread's. */
	bool Update(float DeltaSeconds, FPantoMatrixPose& Pose);
	EPantoMatrixState GetState() const;
	/** The last one. */
	FPantoMatrixError GetError() const;
	/** Takes the oldest that Update met; false if there is none. */
	bool TakeRefusal(FPantoMatrixRefusal& Refusal);
	/** Whether nobody speaks in the pose. */
	bool IsIdle() const;
	double GetTime() const;
	bool IsStalled() const;

	/** Mono samples of the speech as its motion is shown. The audio render thread's. */
	void Sound(float* Samples, int32 NumSamples);

	virtual void OnNewBuffer(const ISourceBufferListener::FOnNewBufferParams& Params) override;
	virtual void OnSourceReleased(const int32 SourceId) override {}
	virtual void OnNewSubmixBuffer(const USoundSubmix* OwningSubmix, float* AudioData, int32 NumSamples, int32 NumChannels, const int32 SampleRate, double AudioClock) override;

private:
	TSharedRef<FPantoMatrixConnection> Connection;
	FPantoMatrixStreamOptions Options;
	pm_live* Live = nullptr;
	TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe> Layout;

	/** The library takes audio from one thread at a time. */
	FCriticalSection AudioLock;
	TArray<int16> Mixed;
};
