#pragma once

#include "Commandlets/Commandlet.h"
#include "CoreMinimal.h"

#include "PantoMatrixBakeCommandlet.generated.h"

/**
 * UnrealEditor-Cmd Project.uproject -run=PantoMatrixBake -Sounds=/Game/Dialogue -Mesh=/Game/Characters/SKM_Manny -Out=/Game/Animations
 *
 * Bakes a sound, or every sound under a folder, into animations named like the sounds with "_Motion", and saves them. Also
 * -Model=, -Speaker=, -Seed=, -Fps=.
 */
UCLASS()
class UPantoMatrixBakeCommandlet : public UCommandlet
{
	GENERATED_BODY()

public:
	UPantoMatrixBakeCommandlet();

	/** 0 if every sound was baked, 1 if one was not, 2 if the command line is wrong. */
	virtual int32 Main(const FString& Params) override;
};
