#pragma once

#include "AudioCaptureCore.h"
#include "CoreMinimal.h"
#include "PantoMatrixLiveLinkSource.h"

class FPantoMatrixStream;

/** Moves the subject "PantoMatrix" to what the default microphone hears. */
class FPantoMatrixMicrophoneSource : public FPantoMatrixLiveLinkSource
{
public:
	virtual ~FPantoMatrixMicrophoneSource();

	virtual void Update() override;
	virtual bool RequestSourceShutdown() override;
	virtual FText GetSourceStatus() const override;

private:
	void Open();
	void Close();

	Audio::FAudioCapture Microphone;
	TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Stream;
	FPantoMatrixPose Pose;
	double LastUpdate = 0;
	/** After a failure, when to try again. */
	double OpenAfter = 0;
	FString Failure;
};
