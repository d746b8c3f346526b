#pragma once

#include "CoreMinimal.h"
#include "ILiveLinkSource.h"
#include "PantoMatrixTypes.h"

/**
 * Publishes motion as Live Link subjects: under a subject's name the skeleton with ARKit's curves (animation role), under the
 * name with "_Face" the curves alone, as Live Link Face does (basic role), which is what MetaHumans ask for.
 */
class PANTOMATRIX_API FPantoMatrixLiveLinkSource : public ILiveLinkSource
{
public:
	/** The game thread's. */
	void Publish(FName Subject, const FPantoMatrixPose& Pose);

	virtual void ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid) override;
	virtual bool IsSourceStillValid() const override { return bIsValid; }
	virtual bool RequestSourceShutdown() override;
	virtual FText GetSourceType() const override;
	virtual FText GetSourceMachineName() const override;
	virtual FText GetSourceStatus() const override;

private:
	void Describe(FName Subject, const FPantoMatrixLayout& Layout);

	ILiveLinkClient* Client = nullptr;
	FGuid SourceGuid;
	bool bIsValid = true;
	TMap<FName, TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe>> Described;
};
