#pragma once

#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

#include "pantomatrix/c_api.h"

class USkeletalMesh;

/** Options as the library takes them, with the memory that they point to. */
class FPantoMatrixRequest
{
public:
	/** Mesh: whose own skeleton to ask for where the options name none; may be null. */
	FPantoMatrixRequest(const FPantoMatrixOptions& Options, const USkeletalMesh* Mesh, int32 Fps = 0);
	FPantoMatrixRequest(const FPantoMatrixRequest&) = delete;
	FPantoMatrixRequest& operator=(const FPantoMatrixRequest&) = delete;

	const pm_motion_options& Get() const { return Message; }
	/** What of it a running stream can take: speaker, emotions, strengths. */
	pm_change GetChange() const;

private:
	const char* Keep(const FString& Text);
	void AddJoints(const USkeletalMesh& Mesh);

	pm_motion_options Message{};
	TArray<TArray<char>> Texts;
	TArray<pm_joint> Joints;
	TArray<pm_emotion> Emotions;
	TArray<pm_part> Parts;
	pm_gestures Gestures{};
};
