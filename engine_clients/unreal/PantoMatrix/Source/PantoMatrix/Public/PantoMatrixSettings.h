#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"
#include "Engine/SkeletalMesh.h"

#include "PantoMatrixSettings.generated.h"

/** Project Settings > Plugins > PantoMatrix. */
UCLASS(Config = Game, DefaultConfig, meta = (DisplayName = "PantoMatrix"))
class PANTOMATRIX_API UPantoMatrixSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	virtual FName GetCategoryName() const override { return FName(TEXT("Plugins")); }

	/** The server's WebSockets (pantomatrix serve --web-port); wss:// with TLS. */
	UPROPERTY(Config, EditAnywhere, Category = "Server")
	FString ServerUrl = TEXT("ws://localhost:8080");

	/** For a server that wants one. It is stored in DefaultGame.ini and ships with the game: give a game a token of its own. */
	UPROPERTY(Config, EditAnywhere, Category = "Server")
	FString Token;

	/** The skeleton that the Live Link source streams from a microphone; a name in the server's catalog. */
	UPROPERTY(Config, EditAnywhere, Category = "Live Link")
	FString LiveLinkSkeleton = TEXT("ue5_manny");

	/** Whose animation "Bake PantoMatrix motion" makes. */
	UPROPERTY(Config, EditAnywhere, Category = "Baking")
	TSoftObjectPtr<USkeletalMesh> BakeMesh;

	/** Frames per second. */
	UPROPERTY(Config, EditAnywhere, Category = "Baking", meta = (ClampMin = 1, ClampMax = 240))
	int32 BakeFps = 30;
};
