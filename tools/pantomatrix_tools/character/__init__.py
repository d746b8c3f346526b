"""The character of the preview, made from MakeHuman's figure."""
