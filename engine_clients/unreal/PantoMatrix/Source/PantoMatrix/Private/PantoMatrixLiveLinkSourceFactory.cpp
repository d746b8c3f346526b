#include "PantoMatrixLiveLinkSourceFactory.h"

#include "PantoMatrixMicrophoneSource.h"

#define LOCTEXT_NAMESPACE "PantoMatrixLiveLinkSourceFactory"

FText UPantoMatrixLiveLinkSourceFactory::GetSourceDisplayName() const
{
	return LOCTEXT("DisplayName", "PantoMatrix (microphone)");
}

FText UPantoMatrixLiveLinkSourceFactory::GetSourceTooltip() const
{
	return LOCTEXT("Tooltip", "Face and body motion to what the microphone hears, from the server in the project's settings");
}

TSharedPtr<ILiveLinkSource> UPantoMatrixLiveLinkSourceFactory::CreateSource(const FString& ConnectionString) const
{
	return MakeShared<FPantoMatrixMicrophoneSource>();
}

#undef LOCTEXT_NAMESPACE
