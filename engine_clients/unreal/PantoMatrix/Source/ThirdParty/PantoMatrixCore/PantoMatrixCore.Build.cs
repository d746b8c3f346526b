using System.IO;
using UnrealBuildTool;

// The client in C, one folder for each platform as CMake installs it: include/ and lib/ (bin/ on Windows). Nothing of C++
// crosses its border, so it does not matter which compiler and which standard library made it.
public class PantoMatrixCore : ModuleRules
{
	public PantoMatrixCore(ReadOnlyTargetRules Target) : base(Target)
	{
		Type = ModuleType.External;
		string Folder = Path.Combine(ModuleDirectory, Target.Platform.ToString());
		string Library = Path.Combine(Folder, "lib", Target.Platform == UnrealTargetPlatform.Mac ? "libpantomatrix_c.dylib" : "libpantomatrix_c.so");
		string LibraryOnWindows = Path.Combine(Folder, "bin", "pantomatrix_c.dll");
		bool bIsWindows = Target.Platform == UnrealTargetPlatform.Win64;
		if (!File.Exists(bIsWindows ? LibraryOnWindows : Library))
		{
			throw new BuildException("PantoMatrix: no " + (bIsWindows ? LibraryOnWindows : Library) + "; build it as the plugin's README says under \"Install\"");
		}
		PublicSystemIncludePaths.Add(Path.Combine(Folder, "include"));
		if (bIsWindows)
		{
			PublicAdditionalLibraries.Add(Path.Combine(Folder, "lib", "pantomatrix_c.lib"));
			RuntimeDependencies.Add("$(BinaryOutputDir)/pantomatrix_c.dll", LibraryOnWindows);
		}
		else
		{
			PublicAdditionalLibraries.Add(Library);
			RuntimeDependencies.Add("$(BinaryOutputDir)/" + Path.GetFileName(Library), Library);
		}
	}
}
