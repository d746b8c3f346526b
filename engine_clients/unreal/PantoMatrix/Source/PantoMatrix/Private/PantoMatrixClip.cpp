#include "PantoMatrixClip.h"

#include "PantoMatrixConnection.h"
#include "PantoMatrixFrames.h"
#include "PantoMatrixRequest.h"
#include "PantoMatrixSubsystem.h"

FPantoMatrixClip::FPantoMatrixClip(TConstArrayView<int16> Samples, int32 SampleRate, int32 NumChannels, const FPantoMatrixOptions& Options, const USkeletalMesh* Mesh, int32 Fps)
	: Connection(UPantoMatrixSubsystem::Get().GetConnection())
{
	const FPantoMatrixRequest Request(Options, Mesh, Fps);
	Clip = pm_generate_pcm(Connection->GetClient(), Samples.GetData(), Samples.Num() * sizeof(int16), PM_S16LE, SampleRate, NumChannels, &Request.Get());
}

FPantoMatrixClip::~FPantoMatrixClip()
{
	pm_clip_free(Clip);
}

bool FPantoMatrixClip::IsDone() const
{
	return pm_clip_done(Clip) != 0;
}

float FPantoMatrixClip::GetProgress() const
{
	return static_cast<float>(pm_clip_progress(Clip));
}

FPantoMatrixError FPantoMatrixClip::GetError()
{
	pm_error Error{};
	if (pm_clip_wait(Clip, &Error) && !Layout)
	{
		Layout = MakePantoMatrixLayout(pm_clip_header(Clip));
	}
	return PantoMatrixError(Error);
}

int32 FPantoMatrixClip::GetNumFrames() const
{
	return static_cast<int32>(pm_clip_frame_count(Clip));
}

double FPantoMatrixClip::GetFps() const
{
	return pm_header_fps(pm_clip_header(Clip));
}

void FPantoMatrixClip::GetPose(int32 Frame, FPantoMatrixPose& Pose)
{
	Pose.Layout = Layout;
	Pose.Alpha = 1;
	ReadPantoMatrixFrame(pm_clip_frame(Clip, Frame), Pose);
}
