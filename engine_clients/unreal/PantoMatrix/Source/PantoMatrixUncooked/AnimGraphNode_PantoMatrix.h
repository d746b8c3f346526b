#pragma once

#include "AnimGraphNode_Base.h"
#include "AnimNode_PantoMatrix.h"
#include "CoreMinimal.h"

#include "AnimGraphNode_PantoMatrix.generated.h"

/** The PantoMatrix node in the editor of Animation Blueprints. */
UCLASS()
class UAnimGraphNode_PantoMatrix : public UAnimGraphNode_Base
{
	GENERATED_BODY()

public:
	virtual FText GetNodeTitle(ENodeTitleType::Type TitleType) const override;
	virtual FText GetTooltipText() const override;
	virtual FString GetNodeCategory() const override;

	UPROPERTY(EditAnywhere, Category = Settings)
	FAnimNode_PantoMatrix Node;
};
