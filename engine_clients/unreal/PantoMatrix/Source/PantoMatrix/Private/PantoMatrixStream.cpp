#include "PantoMatrixStream.h"

#include "PantoMatrixFrames.h"
#include "PantoMatrixRequest.h"

FPantoMatrixStream::FPantoMatrixStream(TSharedRef<FPantoMatrixConnection> InConnection, const FPantoMatrixRequest& Request, const FPantoMatrixStreamOptions& InOptions)
	: Connection(InConnection)
	, Options(InOptions)
{
	pm_live_options LiveOptions{};
	LiveOptions.motion = Request.Get();
	LiveOptions.encoding = PM_S16LE;
	LiveOptions.sample_rate_hz = Options.SampleRate;
	LiveOptions.look_ahead_seconds = Options.LookAheadSeconds;
	LiveOptions.delay_seconds = Options.DelaySeconds;
	LiveOptions.late = Options.bKeepSound ? PM_LATE_HOLD : PM_LATE_DROP;
	LiveOptions.keep_sound = Options.bKeepSound;
	// Synthesized speech comes faster than it is spoken.
	LiveOptions.audio_buffer_seconds = Options.bKeepSound ? 30 : 2;
	Live = pm_live_open(Connection->GetClient(), &LiveOptions);
}

FPantoMatrixStream::~FPantoMatrixStream()
{
	pm_live_free(Live);
}

bool FPantoMatrixStream::PushAudio(const float* Samples, int32 NumFrames, int32 NumChannels)
{
	FScopeLock Lock(&AudioLock);
	Mixed.SetNumUninitialized(NumFrames, EAllowShrinking::No);
	for (int32 Frame = 0; Frame < NumFrames; ++Frame)
	{
		float Sum = 0;
		for (int32 Channel = 0; Channel < NumChannels; ++Channel)
		{
			Sum += Samples[Frame * NumChannels + Channel];
		}
		Mixed[Frame] = static_cast<int16>(FMath::Clamp(Sum / NumChannels, -1.f, 1.f) * 32767.f);
	}
	return pm_live_push_audio(Live, Mixed.GetData(), Mixed.Num() * sizeof(int16)) != 0;
}

void FPantoMatrixStream::EndUtterance()
{
	FScopeLock Lock(&AudioLock);
	pm_live_end_utterance(Live);
}

void FPantoMatrixStream::Interrupt()
{
	FScopeLock Lock(&AudioLock);
	pm_live_interrupt(Live);
}

void FPantoMatrixStream::Change(const FPantoMatrixRequest& Request)
{
	const pm_change Changed = Request.GetChange();
	FScopeLock Lock(&AudioLock);
	pm_live_change(Live, &Changed);
}

bool FPantoMatrixStream::Update(float DeltaSeconds, FPantoMatrixPose& Pose)
{
	if (!pm_live_update(Live, DeltaSeconds))
	{
		return false;
	}
	const pm_header* Header = pm_live_header(Live);
	if (!Layout || Layout->JointNames.Num() != pm_header_joints(Header) || Layout->CurveNames.Num() != pm_header_curves(Header))
	{
		Layout = MakePantoMatrixLayout(Header);
	}
	Pose.Layout = Layout;
	ReadPantoMatrixFrame(pm_live_pose(Live), Pose);
	return true;
}

EPantoMatrixState FPantoMatrixStream::GetState() const
{
	return static_cast<EPantoMatrixState>(pm_live_state(Live));
}

FPantoMatrixError FPantoMatrixStream::GetError() const
{
	pm_error Error{};
	pm_live_error(Live, &Error);
	return PantoMatrixError(Error);
}

bool FPantoMatrixStream::TakeRefusal(FPantoMatrixRefusal& Refusal)
{
	pm_refusal Met{};
	if (!pm_live_refusal(Live, &Met))
	{
		return false;
	}
	Refusal.Reason = UTF8_TO_TCHAR(Met.reason);
	Refusal.Text = UTF8_TO_TCHAR(Met.text);
	Refusal.Field = UTF8_TO_TCHAR(Met.field);
	return true;
}

bool FPantoMatrixStream::IsIdle() const
{
	return pm_live_idle(Live) != 0;
}

double FPantoMatrixStream::GetTime() const
{
	return pm_live_time(Live);
}

bool FPantoMatrixStream::IsStalled() const
{
	return pm_live_stalled(Live) != 0;
}

void FPantoMatrixStream::Sound(float* Samples, int32 NumSamples)
{
	pm_live_sound(Live, Samples, NumSamples);
}

void FPantoMatrixStream::OnNewBuffer(const ISourceBufferListener::FOnNewBufferParams& Params)
{
	if (Params.NumChannels > 0 && Params.SampleRate == Options.SampleRate)
	{
		PushAudio(Params.AudioData, Params.NumSamples / Params.NumChannels, Params.NumChannels);
	}
}

void FPantoMatrixStream::OnNewSubmixBuffer(const USoundSubmix* OwningSubmix, float* AudioData, int32 NumSamples, int32 NumChannels, const int32 SampleRate, double AudioClock)
{
	if (NumChannels > 0 && SampleRate == Options.SampleRate)
	{
		PushAudio(AudioData, NumSamples / NumChannels, NumChannels);
	}
}
