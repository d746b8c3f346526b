#pragma once

#include "CoreMinimal.h"
#include "LiveLinkSourceFactory.h"

#include "PantoMatrixLiveLinkSourceFactory.generated.h"

/** "PantoMatrix (microphone)" in Live Link's list of sources. */
UCLASS()
class PANTOMATRIX_API UPantoMatrixLiveLinkSourceFactory : public ULiveLinkSourceFactory
{
	GENERATED_BODY()

public:
	virtual FText GetSourceDisplayName() const override;
	virtual FText GetSourceTooltip() const override;
	virtual EMenuType GetMenuType() const override { return EMenuType::MenuEntry; }
	virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString& ConnectionString) const override;
};
