#pragma once

#include "Containers/Ticker.h"
#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"
#include "Subsystems/EngineSubsystem.h"

#include "PantoMatrixSubsystem.generated.h"

class FPantoMatrixConnection;
class FPantoMatrixLiveLinkSource;
class FPantoMatrixStream;
struct pm_catalog;

DECLARE_DYNAMIC_DELEGATE_TwoParams(FPantoMatrixCatalogReceived, const FPantoMatrixCatalog&, Catalog, const FPantoMatrixError&, Error);

/** The connection that all characters share. */
UCLASS()
class PANTOMATRIX_API UPantoMatrixSubsystem : public UEngineSubsystem
{
	GENERATED_BODY()

public:
	virtual void Initialize(FSubsystemCollectionBase& Collection) override;
	virtual void Deinitialize() override;

	static UPantoMatrixSubsystem& Get();

	/** Asks the server what it has; a good test of address and token. */
	UFUNCTION(BlueprintCallable, Category = "PantoMatrix")
	void RequestCatalog(FPantoMatrixCatalogReceived OnReceived);

	/** To the server in the project's settings; made again when they have changed. */
	TSharedRef<FPantoMatrixConnection> GetConnection();

	/** Lets go of a stream on the game thread, once no other thread uses it. */
	void Retire(TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Stream);

	/** The Live Link source that components publish through, registered with the first call; null without Live Link. */
	TSharedPtr<FPantoMatrixLiveLinkSource> GetLiveLinkSource();

private:
	struct FCatalogRequest
	{
		TSharedRef<FPantoMatrixConnection> Connection;
		pm_catalog* Catalog;
		FPantoMatrixCatalogReceived OnReceived;
	};

	bool Tick(float DeltaSeconds);
	void AnswerCatalogRequests();

	TSharedPtr<FPantoMatrixConnection> Connection;
	/** Those of earlier settings live as long as their streams. */
	TArray<TWeakPtr<FPantoMatrixConnection>> Connections;
	TArray<FCatalogRequest> CatalogRequests;
	TArray<TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe>> Retired;
	TSharedPtr<FPantoMatrixLiveLinkSource> LiveLinkSource;
	FTSTicker::FDelegateHandle Ticker;
};
