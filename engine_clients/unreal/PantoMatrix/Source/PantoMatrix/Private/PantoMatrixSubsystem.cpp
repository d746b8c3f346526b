#include "PantoMatrixSubsystem.h"

#include "Engine/Engine.h"
#include "Features/IModularFeatures.h"
#include "ILiveLinkClient.h"
#include "PantoMatrixConnection.h"
#include "PantoMatrixLiveLinkSource.h"
#include "PantoMatrixSettings.h"
#include "PantoMatrixStream.h"

namespace
{
	constexpr double CatalogTimeoutSeconds = 10;

	FPantoMatrixCatalog CatalogOf(const pm_catalog* From)
	{
		FPantoMatrixCatalog Catalog;
		Catalog.ServerVersion = UTF8_TO_TCHAR(pm_catalog_server_version(From));
		for (int32 Index = 0; Index < pm_catalog_count(From, PM_MODELS); ++Index)
		{
			Catalog.Models.Add(UTF8_TO_TCHAR(pm_catalog_name(From, PM_MODELS, Index)));
		}
		for (int32 Index = 0; Index < pm_catalog_speaker_count(From, 0); ++Index)
		{
			Catalog.Speakers.Add(UTF8_TO_TCHAR(pm_catalog_speaker(From, 0, Index)));
		}
		for (int32 Index = 0; Index < pm_catalog_emotion_count(From, 0); ++Index)
		{
			Catalog.Emotions.Add(UTF8_TO_TCHAR(pm_catalog_emotion(From, 0, Index)));
		}
		for (int32 Index = 0; Index < pm_catalog_count(From, PM_SKELETONS); ++Index)
		{
			Catalog.Skeletons.Add(UTF8_TO_TCHAR(pm_catalog_name(From, PM_SKELETONS, Index)));
		}
		return Catalog;
	}
}

void UPantoMatrixSubsystem::Initialize(FSubsystemCollectionBase& Collection)
{
	Super::Initialize(Collection);
	Ticker = FTSTicker::GetCoreTicker().AddTicker(FTickerDelegate::CreateUObject(this, &UPantoMatrixSubsystem::Tick));
}

void UPantoMatrixSubsystem::Deinitialize()
{
	FTSTicker::GetCoreTicker().RemoveTicker(Ticker);
	for (const FCatalogRequest& Request : CatalogRequests)
	{
		pm_catalog_free(Request.Catalog);
	}
	CatalogRequests.Empty();
	if (LiveLinkSource && IModularFeatures::Get().IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		IModularFeatures::Get().GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).RemoveSource(LiveLinkSource);
	}
	LiveLinkSource.Reset();
	Retired.Empty();
	Connection.Reset();
	Super::Deinitialize();
}

UPantoMatrixSubsystem& UPantoMatrixSubsystem::Get()
{
	return *GEngine->GetEngineSubsystem<UPantoMatrixSubsystem>();
}

TSharedRef<FPantoMatrixConnection> UPantoMatrixSubsystem::GetConnection()
{
	const UPantoMatrixSettings& Settings = *GetDefault<UPantoMatrixSettings>();
	if (!Connection || Connection->GetUrl() != Settings.ServerUrl || Connection->GetToken() != Settings.Token)
	{
		Connection = MakeShared<FPantoMatrixConnection>(Settings.ServerUrl, Settings.Token);
		Connections.Add(Connection);
	}
	return Connection.ToSharedRef();
}

void UPantoMatrixSubsystem::RequestCatalog(FPantoMatrixCatalogReceived OnReceived)
{
	const TSharedRef<FPantoMatrixConnection> To = GetConnection();
	CatalogRequests.Add({To, pm_catalog_ask(To->GetClient(), CatalogTimeoutSeconds), OnReceived});
}

void UPantoMatrixSubsystem::Retire(TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe> Stream)
{
	Retired.Add(MoveTemp(Stream));
}

TSharedPtr<FPantoMatrixLiveLinkSource> UPantoMatrixSubsystem::GetLiveLinkSource()
{
	if (LiveLinkSource && !LiveLinkSource->IsSourceStillValid())
	{
		LiveLinkSource.Reset();
	}
	if (!LiveLinkSource && IModularFeatures::Get().IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		LiveLinkSource = MakeShared<FPantoMatrixLiveLinkSource>();
		IModularFeatures::Get().GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).AddSource(LiveLinkSource);
	}
	return LiveLinkSource;
}

bool UPantoMatrixSubsystem::Tick(float DeltaSeconds)
{
	Connections.RemoveAll([](const TWeakPtr<FPantoMatrixConnection>& Each) { return !Each.IsValid(); });
	for (const TWeakPtr<FPantoMatrixConnection>& Each : Connections)
	{
		if (const TSharedPtr<FPantoMatrixConnection> Pinned = Each.Pin())
		{
			Pinned->Pump();
		}
	}
	AnswerCatalogRequests();
	Retired.RemoveAll([](const TSharedPtr<FPantoMatrixStream, ESPMode::ThreadSafe>& Stream) { return Stream.IsUnique(); });
	return true;
}

void UPantoMatrixSubsystem::AnswerCatalogRequests()
{
	for (int32 Index = CatalogRequests.Num() - 1; Index >= 0; --Index)
	{
		if (!pm_catalog_done(CatalogRequests[Index].Catalog))
		{
			continue;
		}
		const FCatalogRequest Request = CatalogRequests[Index];
		CatalogRequests.RemoveAt(Index);
		pm_error Error{};
		const bool bIsThere = pm_catalog_wait(Request.Catalog, &Error) != 0;
		const FPantoMatrixCatalog Catalog = bIsThere ? CatalogOf(Request.Catalog) : FPantoMatrixCatalog();
		pm_catalog_free(Request.Catalog);
		Request.OnReceived.ExecuteIfBound(Catalog, PantoMatrixError(Error));
	}
}
