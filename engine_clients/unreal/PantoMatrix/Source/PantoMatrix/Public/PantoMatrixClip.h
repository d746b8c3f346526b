#pragma once

#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

class FPantoMatrixConnection;
class USkeletalMesh;
struct pm_clip;

/** A whole clip of speech on its way to motion. Belongs to the game thread; letting go of it cancels it. */
class PANTOMATRIX_API FPantoMatrixClip
{
public:
	/** Samples: interleaved 16-bit PCM. Mesh: whose own skeleton to ask for where the options name none; may be null. */
	FPantoMatrixClip(TConstArrayView<int16> Samples, int32 SampleRate, int32 NumChannels, const FPantoMatrixOptions& Options, const USkeletalMesh* Mesh, int32 Fps);
	~FPantoMatrixClip();
	FPantoMatrixClip(const FPantoMatrixClip&) = delete;
	FPantoMatrixClip& operator=(const FPantoMatrixClip&) = delete;

	/** Asked each tick; the engine's ticker has to run meanwhile. */
	bool IsDone() const;
	/** 0 to 1. */
	float GetProgress() const;

	/** Once done: how it ended. */
	FPantoMatrixError GetError();
	/** Once done without an error. */
	int32 GetNumFrames() const;
	double GetFps() const;
	/** A frame's pose. */
	void GetPose(int32 Frame, FPantoMatrixPose& Pose);

private:
	TSharedRef<FPantoMatrixConnection> Connection;
	pm_clip* Clip = nullptr;
	TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe> Layout;
};
