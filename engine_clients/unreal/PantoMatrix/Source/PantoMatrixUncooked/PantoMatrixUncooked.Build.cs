using UnrealBuildTool;

public class PantoMatrixUncooked : ModuleRules
{
	public PantoMatrixUncooked(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PrivateDependencyModuleNames.AddRange(new[] { "AnimGraph", "BlueprintGraph", "Core", "CoreUObject", "Engine", "PantoMatrix" });
	}
}
