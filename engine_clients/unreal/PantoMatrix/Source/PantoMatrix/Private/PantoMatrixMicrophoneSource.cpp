#include "PantoMatrixMicrophoneSource.h"

#include "HAL/PlatformTime.h"
#include "PantoMatrixRequest.h"
#include "PantoMatrixSettings.h"
#include "PantoMatrixStream.h"
#include "PantoMatrixSubsystem.h"

namespace
{
	const FName SubjectName(TEXT("PantoMatrix"));
	constexpr double RetrySeconds = 5;
	constexpr uint32 BlockFrames = 480;
}

FPantoMatrixMicrophoneSource::~FPantoMatrixMicrophoneSource()
{
	Close();
}

void FPantoMatrixMicrophoneSource::Update()
{
	const double Now = FPlatformTime::Seconds();
	if (!Stream && IsSourceStillValid() && Now >= OpenAfter)
	{
		OpenAfter = Now + RetrySeconds;
		Open();
	}
	if (Stream)
	{
		if (Stream->Update(static_cast<float>(Now - LastUpdate), Pose))
		{
			Publish(SubjectName, Pose);
		}
		Failure = Stream->GetState() == EPantoMatrixState::Streaming ? FString() : Stream->GetError().Message;
		if (Stream->GetState() == EPantoMatrixState::Ended)
		{
			Close();
			OpenAfter = Now + RetrySeconds;
		}
	}
	LastUpdate = Now;
}

void FPantoMatrixMicrophoneSource::Open()
{
	Audio::FCaptureDeviceInfo Device;
	if (!Microphone.GetCaptureDeviceInfo(Device))
	{
		Failure = TEXT("no microphone");
		return;
	}
	FPantoMatrixOptions Options;
	Options.Skeleton = GetDefault<UPantoMatrixSettings>()->LiveLinkSkeleton;
	const FPantoMatrixRequest Request(Options, nullptr);
	FPantoMatrixStreamOptions StreamOptions;
	StreamOptions.SampleRate = Device.PreferredSampleRate;
	StreamOptions.bKeepSound = false;
	Stream = MakeShared<FPantoMatrixStream, ESPMode::ThreadSafe>(UPantoMatrixSubsystem::Get().GetConnection(), Request, StreamOptions);
	const TWeakPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Weak = Stream;
	const bool bIsOpen = Microphone.OpenAudioCaptureStream(
		Audio::FAudioCaptureDeviceParams(),
		[Weak](const void* Samples, int32 NumFrames, int32 NumChannels, int32 SampleRate, double StreamTime, bool bOverflow)
		{
			const TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Pinned = Weak.Pin();
			if (Pinned && SampleRate == Pinned->GetOptions().SampleRate)
			{
				Pinned->PushAudio(static_cast<const float*>(Samples), NumFrames, NumChannels);
			}
		},
		BlockFrames);
	if (!bIsOpen || !Microphone.StartStream())
	{
		Close();
		Failure = TEXT("the microphone could not be opened");
	}
}

void FPantoMatrixMicrophoneSource::Close()
{
	if (Microphone.IsStreamOpen())
	{
		Microphone.StopStream();
		Microphone.CloseStream();
	}
	if (Stream)
	{
		UPantoMatrixSubsystem::Get().Retire(MoveTemp(Stream));
		Stream.Reset();
	}
}

bool FPantoMatrixMicrophoneSource::RequestSourceShutdown()
{
	Close();
	return FPantoMatrixLiveLinkSource::RequestSourceShutdown();
}

FText FPantoMatrixMicrophoneSource::GetSourceStatus() const
{
	return Failure.IsEmpty() ? FPantoMatrixLiveLinkSource::GetSourceStatus() : FText::FromString(Failure);
}
