using System.IO;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>Makes a PantoMatrixClip of a .pmclip file, as `pantomatrix generate speech.wav -o speech.pmclip` writes it.</summary>
    [ScriptedImporter(1, "pmclip")]
    sealed class ClipImporter : ScriptedImporter
    {
        [Tooltip("What is said in it; the player plays it in time with the motion.")]
        [SerializeField] AudioClip _speech;

        public override void OnImportAsset(AssetImportContext ctx)
        {
            PantoMatrixClip clip;
            try
            {
                clip = PantoMatrixClip.FromFile(File.ReadAllBytes(ctx.assetPath), _speech);
            }
            catch (PantoMatrixException error)
            {
                ctx.LogImportError($"{ctx.assetPath}: {error.Message}");
                return;
            }
            clip.name = Path.GetFileNameWithoutExtension(ctx.assetPath);
            ctx.AddObjectToAsset("clip", clip);
            ctx.SetMainObject(clip);
        }
    }
}
