using UnrealBuildTool;

public class PantoMatrix : ModuleRules
{
	public PantoMatrix(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PublicDependencyModuleNames.AddRange(new[] { "AudioMixer", "Core", "CoreUObject", "DeveloperSettings", "Engine", "LiveLinkInterface" });
		PrivateDependencyModuleNames.AddRange(new[] { "AudioCaptureCore", "AudioExtensions", "PantoMatrixCore", "WebSockets" });
	}
}
