#pragma once

#include "Components/SynthComponent.h"
#include "CoreMinimal.h"

#include "PantoMatrixVoice.generated.h"

class FPantoMatrixStream;

/** Plays a stream's speech at the moments of its motion. */
UCLASS()
class UPantoMatrixVoice : public USynthComponent
{
	GENERATED_BODY()

public:
	/** Before Start; null to be silent. */
	void SetStream(TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> InStream);

protected:
	virtual bool Init(int32& SampleRate) override;
	virtual int32 OnGenerateAudio(float* OutAudio, int32 NumSamples) override;

private:
	FCriticalSection Lock;
	TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Stream;
};
