"""FBX, by Blender."""
