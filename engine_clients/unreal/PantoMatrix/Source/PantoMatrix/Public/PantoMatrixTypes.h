#pragma once

#include "CoreMinimal.h"

#include "PantoMatrixTypes.generated.h"

UENUM(BlueprintType)
enum class EPantoMatrixState : uint8
{
	Connecting,
	Streaming,
	WaitingToReconnect,
	Ended,
};

UENUM(BlueprintType)
enum class EPantoMatrixRoot : uint8
{
	/** As the model moves it. */
	Free = 1,
	/** Stays over its place; height and rotation are the model's. */
	InPlace = 2,
	/** As in the reference pose. */
	Locked = 3,
};

/** How frames come over the network. Numbered as in the contract. */
UENUM(BlueprintType)
enum class EPantoMatrixFrameEncoding : uint8
{
	Float32 = 1,
	/** Half the bytes. */
	Float16 = 2,
	/** A third of the bytes: rotations at most 0.02 degrees off, curves 0.002. */
	Compact = 3,
};

/** Numbered as in the contract. */
UENUM(BlueprintType)
enum class EPantoMatrixPart : uint8
{
	None = 0 UMETA(Hidden),
	Face = 1,
	UpperBody = 2,
	Hands = 3,
	LowerBody = 4,
};

/** What is asked of the server. */
USTRUCT(BlueprintType)
struct PANTOMATRIX_API FPantoMatrixOptions
{
	GENERATED_BODY()

	/** A name in the server's catalog; empty for "builtin". */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FString Model;

	/** A speaker of the model, which sets the style; empty for its first. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FString Speaker;

	/** A skeleton in the server's catalog; empty for the skeletal mesh's own, to which the server retargets. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FString Skeleton;

	/** The same speech, options and seed give the same motion. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	int32 Seed = 0;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	EPantoMatrixRoot Root = EPantoMatrixRoot::InPlace;

	/** How far hands and head go. Models that cannot be told leave it at 1. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix", meta = (ClampMin = 0, ClampMax = 2))
	float GestureAmplitude = 1;

	/** How many gestures there are. Models that cannot be told leave it at 1. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix", meta = (ClampMin = 0.25, ClampMax = 2))
	float GestureRate = 1;

	/** 0 to 1 each, by the names in the server's catalog, for example "joy". */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	TMap<FString, float> Emotions;

	/** How the face looks where it neither speaks nor feels: "neutral", "friendly" or "serious"; empty for neutral. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	FString Expression;

	/** Factors on how far parts move, 0 to 2. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	TMap<EPantoMatrixPart, float> Strengths;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "PantoMatrix")
	EPantoMatrixFrameEncoding FrameEncoding = EPantoMatrixFrameEncoding::Float32;
};

/** Why something failed. */
USTRUCT(BlueprintType)
struct PANTOMATRIX_API FPantoMatrixError
{
	GENERATED_BODY()

	/** "unavailable", "invalid_argument" and so on, gRPC's names; empty for none. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Code;

	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Message;

	/** Names the call in the server's log. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString RequestId;

	/** For programs, a name of the contract's: "UNKNOWN_NAME", "OVERLOADED" and so on; empty where no server said it. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Reason;

	bool IsSet() const { return !Code.IsEmpty(); }
	FString ToString() const { return Code + TEXT(": ") + Message; }
};

/** Why a change was not followed; the stream went on. */
USTRUCT(BlueprintType)
struct PANTOMATRIX_API FPantoMatrixRefusal
{
	GENERATED_BODY()

	/** A name of the contract's: "UNKNOWN_NAME", "INVALID_OPTION" and so on. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Reason;

	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Text;

	/** What it is about, for example "options.emotions"; may be empty. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString Field;
};

/** What a server has. */
USTRUCT(BlueprintType)
struct PANTOMATRIX_API FPantoMatrixCatalog
{
	GENERATED_BODY()

	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	FString ServerVersion;

	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	TArray<FString> Models;

	/** Of the first model. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	TArray<FString> Speakers;

	/** That the first model can show. */
	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	TArray<FString> Emotions;

	UPROPERTY(BlueprintReadOnly, Category = "PantoMatrix")
	TArray<FString> Skeletons;
};

/** What the numbers of a pose belong to. Does not change once made. */
struct PANTOMATRIX_API FPantoMatrixLayout
{
	TArray<FName> JointNames;
	/** INDEX_NONE for the root. */
	TArray<int32> Parents;
	/** In the parent's frame, centimetres. */
	TArray<FVector> RestTranslations;
	/** Whether the motion turns the joint; the others keep their rest rotation. */
	TArray<bool> Driven;
	/** ARKit's names. */
	TArray<FName> CurveNames;
};

/** One moment of a motion, in the component space of Epic's skeletal meshes. */
struct PANTOMATRIX_API FPantoMatrixPose
{
	/** Null before the first pose. */
	TSharedPtr<const FPantoMatrixLayout, ESPMode::ThreadSafe> Layout;
	/** Of joint 0, centimetres. */
	FVector RootTranslation = FVector::ZeroVector;
	/** Relative to the parent. */
	TArray<FQuat> Rotations;
	/** 0 to 1. */
	TArray<float> Weights;
	/** How much of it to apply: 0 before it began and after it was stopped. */
	float Alpha = 0;
};
