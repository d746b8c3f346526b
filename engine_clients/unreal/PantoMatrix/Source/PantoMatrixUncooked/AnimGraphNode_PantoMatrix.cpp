#include "AnimGraphNode_PantoMatrix.h"

#define LOCTEXT_NAMESPACE "AnimGraphNode_PantoMatrix"

FText UAnimGraphNode_PantoMatrix::GetNodeTitle(ENodeTitleType::Type TitleType) const
{
	return LOCTEXT("Title", "PantoMatrix");
}

FText UAnimGraphNode_PantoMatrix::GetTooltipText() const
{
	return LOCTEXT("Tooltip", "Applies the speech motion of the actor's PantoMatrix Audio To Motion component to bones and curves");
}

FString UAnimGraphNode_PantoMatrix::GetNodeCategory() const
{
	return TEXT("PantoMatrix");
}

#undef LOCTEXT_NAMESPACE
