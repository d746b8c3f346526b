using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using UnityEditor;
using UnityEngine;
using Object = UnityEngine.Object;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Editor
{
    /// <summary>One speech that is baked. Nothing is in the project until all of it is made.</summary>
    static class BakeJob
    {
        /// <summary>The asset's path. isCancelled: asked all the time, with how far it is, 0 to 1. Throws OperationCanceledException,
        /// PantoMatrixException, InvalidOperationException with what to change; then the project is as it was.</summary>
        public static string Run(AudioClip speech, BakeSettings settings, Client client, Func<float, bool> isCancelled)
        {
            bool isClip = settings.Result == BakeResult.PantoMatrixClip;
            if (!isClip && settings.Character == null)
                throw new InvalidOperationException("an animation is for a character: choose one in Project Settings > PantoMatrix, or select one too");
            // A head may have no hips.
            var rig = settings.Result == BakeResult.FaceAnimation ? null : RigOf(settings.Character);
            var request = settings.Request(SpeechSource.Of(speech), rig);
            var motion = Generate(client, request, speech, isCancelled);
            Object made = motion;
            try
            {
                if (!isClip) made = Animation(motion, settings);
                made.name = speech.name;
                return Save(made, Folder(speech, settings.Folder) + "/" + speech.name + (isClip ? ".asset" : ".anim"));
            }
            catch
            {
                if (!AssetDatabase.Contains(made)) Object.DestroyImmediate(made);
                throw;
            }
            finally
            {
                if (!isClip) Object.DestroyImmediate(motion);
            }
        }

        static CharacterRig RigOf(GameObject character)
        {
            if (character == null) return null;
            return CharacterRig.Of(character.GetComponentInChildren<Animator>(true), character.transform);
        }

        /// <summary>Waits, so that the editor's main thread is told how far it is.</summary>
        static PantoMatrixClip Generate(Client client, V1.GenerateMotionRequest request, AudioClip speech, Func<float, bool> isCancelled)
        {
            const int PollMilliseconds = 20;
            var frames = new MemoryStream();
            using (var cancel = new CancellationTokenSource())
            {
                double progress = 0;
                var task = Task.Run(() => client.Generate(
                    request, done => Volatile.Write(ref progress, done), cancel.Token,
                    block => frames.Write(block.Data.Array, block.Data.Offset, block.Data.Count)));
                while (!Ends(task, PollMilliseconds))
                    if (isCancelled((float)Volatile.Read(ref progress))) cancel.Cancel();
                // Throws what went wrong.
                var header = task.GetAwaiter().GetResult().Header;
                cancel.Token.ThrowIfCancellationRequested();
                header.FrameCount = task.Result.Frames.FrameCount;
                return PantoMatrixClip.Create(header, frames.ToArray(), speech);
            }
        }

        static bool Ends(Task task, int milliseconds)
        {
            try
            {
                return task.Wait(milliseconds);
            }
            catch (AggregateException)
            {
                return true;
            }
        }

        static AnimationClip Animation(PantoMatrixClip motion, BakeSettings settings)
        {
            using (var recording = new Recording(settings.Character, settings.FaceMap, motion, settings.Result))
            {
                recording.Record();
                if (recording.Rotations.Count + recording.Shapes.Count == 0)
                    throw new InvalidOperationException(
                        $"nothing of '{settings.Character.name}' moves: it has neither joints nor blendshapes that are known; a Face Map says what its shapes are");
                return AnimationMaker.Make(recording, motion.FramesPerSecond, settings.Result, settings.Tolerance);
            }
        }

        static string Folder(AudioClip speech, string folder)
        {
            if (!string.IsNullOrEmpty(folder)) return ProjectFolder.Make(folder);
            string path = AssetDatabase.GetAssetPath(speech).Replace('\\', '/');
            // Packages cannot be written to.
            return path.StartsWith("Assets/", StringComparison.Ordinal) ? path.Substring(0, path.LastIndexOf('/')) : "Assets";
        }

        static string Save(Object asset, string path)
        {
            path = AssetDatabase.GenerateUniqueAssetPath(path);
            try
            {
                AssetDatabase.CreateAsset(asset, path);
            }
            catch (Exception error) when (error is UnityException || error is IOException || error is UnauthorizedAccessException)
            {
                AssetDatabase.DeleteAsset(path);
                throw new InvalidOperationException($"{path} cannot be written: {error.Message}");
            }
            if (!AssetDatabase.Contains(asset)) throw new InvalidOperationException($"{path} cannot be written");
            return path;
        }
    }
}
