#include "Animation/AnimSequence.h"
#include "ContentBrowserMenuContexts.h"
#include "Engine/SkeletalMesh.h"
#include "Misc/MessageDialog.h"
#include "Misc/PackageName.h"
#include "Modules/ModuleManager.h"
#include "PantoMatrixBake.h"
#include "PantoMatrixSettings.h"
#include "Sound/SoundWave.h"
#include "ToolMenus.h"

#define LOCTEXT_NAMESPACE "PantoMatrixEditor"

/** "Bake PantoMatrix motion" in the content browser's menu of sounds. */
class FPantoMatrixEditorModule : public IModuleInterface
{
public:
	virtual void StartupModule() override
	{
		UToolMenus::RegisterStartupCallback(FSimpleMulticastDelegate::FDelegate::CreateRaw(this, &FPantoMatrixEditorModule::RegisterMenus));
	}

	virtual void ShutdownModule() override
	{
		UToolMenus::UnRegisterStartupCallback(this);
		UToolMenus::UnregisterOwner(this);
	}

private:
	void RegisterMenus()
	{
		const FToolMenuOwnerScoped Owner(this);
		UToolMenu* Menu = UToolMenus::Get()->ExtendMenu(TEXT("ContentBrowser.AssetContextMenu.SoundWave"));
		FToolMenuSection& Section = Menu->FindOrAddSection(TEXT("GetAssetActions"));
		Section.AddMenuEntry(
			TEXT("PantoMatrixBake"),
			LOCTEXT("Bake", "Bake PantoMatrix motion"),
			LOCTEXT("BakeTooltip", "Makes an animation of face and body from each of these sounds, beside it, for the mesh in the project's settings"),
			FSlateIcon(),
			FToolMenuExecuteAction::CreateStatic(&FPantoMatrixEditorModule::BakeSelected));
	}

	static void BakeSelected(const FToolMenuContext& MenuContext)
	{
		const UContentBrowserAssetContextMenuContext* Context = MenuContext.FindContext<UContentBrowserAssetContextMenuContext>();
		if (!Context)
		{
			return;
		}
		const UPantoMatrixSettings& Settings = *GetDefault<UPantoMatrixSettings>();
		FPantoMatrixBake Bake;
		Bake.Mesh = Settings.BakeMesh.LoadSynchronous();
		Bake.Fps = Settings.BakeFps;
		for (USoundWave* Sound : Context->LoadSelectedObjects<USoundWave>())
		{
			FText Error;
			Bake.Sound = Sound;
			Bake.Folder = FPackageName::GetLongPackagePath(Sound->GetPathName());
			Bake.Name = Sound->GetName() + TEXT("_Motion");
			if (!BakePantoMatrixMotion(Bake, Error))
			{
				FMessageDialog::Open(EAppMsgType::Ok, FText::Format(LOCTEXT("Failed", "{0}: {1}"), FText::FromString(Sound->GetName()), Error));
				return;
			}
		}
	}
};

#undef LOCTEXT_NAMESPACE

IMPLEMENT_MODULE(FPantoMatrixEditorModule, PantoMatrixEditor)
