#include "PantoMatrixBakeCommandlet.h"

#include "Animation/AnimSequence.h"
#include "AssetRegistry/AssetRegistryModule.h"
#include "Engine/SkeletalMesh.h"
#include "FileHelpers.h"
#include "Misc/PackageName.h"
#include "Misc/Parse.h"
#include "PantoMatrixBake.h"
#include "PantoMatrixSettings.h"
#include "Sound/SoundWave.h"

DEFINE_LOG_CATEGORY_STATIC(LogPantoMatrixBake, Log, All);

namespace
{
	TArray<USoundWave*> FindSounds(const FString& Path)
	{
		if (USoundWave* Sound = LoadObject<USoundWave>(nullptr, *Path, nullptr, LOAD_NoWarn | LOAD_Quiet))
		{
			return {Sound};
		}
		IAssetRegistry& Registry = FModuleManager::LoadModuleChecked<FAssetRegistryModule>(TEXT("AssetRegistry")).Get();
		Registry.SearchAllAssets(/*bSynchronousSearch=*/ true);
		FARFilter Filter;
		Filter.PackagePaths.Add(FName(*Path));
		Filter.ClassPaths.Add(USoundWave::StaticClass()->GetClassPathName());
		Filter.bRecursivePaths = true;
		TArray<FAssetData> Found;
		Registry.GetAssets(Filter, Found);
		TArray<USoundWave*> Sounds;
		for (const FAssetData& Asset : Found)
		{
			Sounds.Add(Cast<USoundWave>(Asset.GetAsset()));
		}
		return Sounds;
	}
}

UPantoMatrixBakeCommandlet::UPantoMatrixBakeCommandlet()
{
	IsClient = false;
	IsServer = false;
	IsEditor = true;
	LogToConsole = true;
}

int32 UPantoMatrixBakeCommandlet::Main(const FString& Params)
{
	FString Sounds;
	FString Mesh;
	FPantoMatrixBake Bake;
	if (!FParse::Value(*Params, TEXT("Sounds="), Sounds) || !FParse::Value(*Params, TEXT("Out="), Bake.Folder))
	{
		UE_LOG(LogPantoMatrixBake, Error, TEXT("usage: -run=PantoMatrixBake -Sounds=/Game/Dialogue -Mesh=/Game/Characters/SKM_Manny -Out=/Game/Animations"));
		return 2;
	}
	const UPantoMatrixSettings& Settings = *GetDefault<UPantoMatrixSettings>();
	Bake.Fps = Settings.BakeFps;
	FParse::Value(*Params, TEXT("Fps="), Bake.Fps);
	FParse::Value(*Params, TEXT("Model="), Bake.Options.Model);
	FParse::Value(*Params, TEXT("Speaker="), Bake.Options.Speaker);
	FParse::Value(*Params, TEXT("Seed="), Bake.Options.Seed);
	Bake.Mesh = FParse::Value(*Params, TEXT("Mesh="), Mesh) ? LoadObject<USkeletalMesh>(nullptr, *Mesh) : Settings.BakeMesh.LoadSynchronous();

	const TArray<USoundWave*> Found = FindSounds(Sounds);
	if (Found.IsEmpty())
	{
		UE_LOG(LogPantoMatrixBake, Error, TEXT("no sound at %s"), *Sounds);
		return 2;
	}
	int32 NumFailed = 0;
	TArray<UPackage*> Packages;
	for (USoundWave* Sound : Found)
	{
		FText Error;
		Bake.Sound = Sound;
		Bake.Name = Sound->GetName() + TEXT("_Motion");
		if (UAnimSequence* Sequence = BakePantoMatrixMotion(Bake, Error))
		{
			UE_LOG(LogPantoMatrixBake, Display, TEXT("%s -> %s"), *Sound->GetPathName(), *Sequence->GetPathName());
			Packages.Add(Sequence->GetPackage());
		}
		else
		{
			UE_LOG(LogPantoMatrixBake, Error, TEXT("%s: %s"), *Sound->GetPathName(), *Error.ToString());
			++NumFailed;
		}
	}
	if (!Packages.IsEmpty() && !UEditorLoadingAndSavingUtils::SavePackages(Packages, /*bOnlyDirty=*/ true))
	{
		UE_LOG(LogPantoMatrixBake, Error, TEXT("not all of the animations could be saved"));
		return 1;
	}
	return NumFailed > 0 ? 1 : 0;
}
