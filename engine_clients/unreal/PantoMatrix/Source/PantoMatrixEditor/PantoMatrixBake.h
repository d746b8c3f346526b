#pragma once

#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

class UAnimSequence;
class USkeletalMesh;
class USoundWave;

/** What to bake. */
struct FPantoMatrixBake
{
	USoundWave* Sound = nullptr;
	USkeletalMesh* Mesh = nullptr;
	FPantoMatrixOptions Options;
	int32 Fps = 30;
	/** Of the new asset: "/Game/Folder" and "Name". */
	FString Folder;
	FString Name;
};

/**
 * Waits for the server, with a progress bar that can be cancelled, and makes an animation of the sound: a track for each
 * joint that moves, a curve for each of ARKit's. Null, and why in OutError, if it failed.
 */
UAnimSequence* BakePantoMatrixMotion(const FPantoMatrixBake& Bake, FText& OutError);
