#include "PantoMatrixVoice.h"

#include "PantoMatrixStream.h"

void UPantoMatrixVoice::SetStream(TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> InStream)
{
	FScopeLock Guard(&Lock);
	Stream = MoveTemp(InStream);
}

bool UPantoMatrixVoice::Init(int32& SampleRate)
{
	NumChannels = 1;
	FScopeLock Guard(&Lock);
	if (Stream)
	{
		SampleRate = Stream->GetOptions().SampleRate;
	}
	return true;
}

int32 UPantoMatrixVoice::OnGenerateAudio(float* OutAudio, int32 NumSamples)
{
	FScopeLock Guard(&Lock);
	if (Stream)
	{
		Stream->Sound(OutAudio, NumSamples);
	}
	else
	{
		FMemory::Memzero(OutAudio, NumSamples * sizeof(float));
	}
	return NumSamples;
}
