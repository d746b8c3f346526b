using UnrealBuildTool;

public class PantoMatrixEditor : ModuleRules
{
	public PantoMatrixEditor(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PrivateDependencyModuleNames.AddRange(new[] {
			"AssetTools", "ContentBrowser", "Core", "CoreUObject", "Engine", "PantoMatrix", "Slate", "SlateCore", "ToolMenus", "UnrealEd"
		});
	}
}
