using System;
using System.Collections.Generic;
using System.IO;
using PantoMatrix.Editor;
using StandIn;
using UnityEditor;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Tests
{
    static class BakeTests
    {
        /// <summary>Of 32-bit floats, beside a tolerance.</summary>
        const float Rounding = 2e-3f;

        public static void Run(string server, string wav, string avatar)
        {
            var speech = Project.Open(wav);
            var connection = Sounds.At(server);
            var actor = new Actor(avatar);
            var settings = new BakeSettings { Character = actor.Object };
            try
            {
                ClipIsTheFrames(speech, settings, connection);
                Generic(speech, settings, connection, avatar);
                Humanoid(speech, settings, connection, avatar);
                Face(speech, settings, connection);
                NothingIsOverwritten(speech, settings, connection);
                Samples(settings, connection);
                Mistakes(speech, settings, connection, actor);
                Menu(speech, connection, actor);
            }
            finally
            {
                Project.Close();
            }
            Check.Equal(UnityEngine.Object.FindObjectsByType<Animator>(FindObjectsInactive.Include, FindObjectsSortMode.None).Length, 4, "characters in the scene");
        }

        public static string Bake(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection)
        {
            var all = Editor.Bake.All(new[] { speech }, settings, connection);
            Check.Equal(all[0].Error, null, "error");
            return all[0].Path;
        }

        public static Motion Ask(BakeSettings settings, PantoMatrixConnection connection, Transform root, MemoryStream bytes = null)
        {
            var audio = new V1.Audio { Encoded = new V1.EncodedAudio { Data = File.ReadAllBytes("Assets/Speech/hello.wav") } };
            var rig = root == null ? null : CharacterRig.Of(root.GetComponent<Animator>(), root);
            return connection.Client.Generate(
                settings.Request(audio, rig), null, default, block => bytes?.Write(block.Data.Array, block.Data.Offset, block.Data.Count)).Result;
        }

        static void ClipIsTheFrames(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection)
        {
            string path = Bake(speech, settings, connection);
            Check.Equal(path, "Assets/Speech/hello.asset", "path");
            var clip = AssetDatabase.LoadAssetAtPath<PantoMatrixClip>(path);
            var bytes = new MemoryStream();
            var motion = Ask(settings, connection, settings.Character.transform, bytes);
            byte[] file = clip.ToFile(), frames = bytes.ToArray();
            for (int i = 0; i < frames.Length; ++i) Check.That(file[file.Length - frames.Length + i] == frames[i], $"byte {i} of the frames");
            Check.Equal(clip.FrameCount, motion.Frames.FrameCount, "frames");
            Check.Equal(clip.Speech, speech, "speech");
            float[] row = new float[clip.Layout.Floats], same = new float[clip.Layout.Floats];
            for (double seconds = -0.1; seconds < clip.Duration + 0.1; seconds += 0.021)
            {
                clip.Sample(seconds, row);
                motion.Sample(seconds, same);
                for (int i = 0; i < row.Length; ++i) Check.That(row[i] == same[i], $"number {i} at {seconds} s");
            }
            Console.WriteLine($"clip: {file.Length} bytes for {clip.Duration:0.0} s");
        }

        static void Generic(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection, string avatar)
        {
            settings.Result = BakeResult.GenericAnimation;
            string path = Bake(speech, settings, connection);
            Check.Equal(path, "Assets/Speech/hello.anim", "path");
            var clip = AssetDatabase.LoadAssetAtPath<AnimationClip>(path);
            var motion = Ask(settings, connection, settings.Character.transform);
            var shown = new Actor(avatar, "Shown", isNested: false);
            var wanted = new Actor(avatar, "Wanted", isNested: false);
            var rig = CharacterRig.Of(wanted.Animator, wanted.Object.transform);
            var body = new BodyApplier(rig, motion.Header, motion.Layout);
            float[] row = new float[motion.Layout.Floats];
            int jaw = motion.Layout.Weights + motion.Header.CurveNames.IndexOf("jawOpen");
            double turns = 0, places = 0, weights = 0;
            for (int half = 0; half < 2 * motion.Frames.FrameCount - 1; ++half)
            {
                double seconds = half / 2.0 / motion.Layout.Fps;
                motion.Sample(seconds, row);
                body.Apply(row, 1, null, true);
                clip.SampleAnimation(shown.Object, (float)seconds);
                for (int i = 0; i < rig.Joints.Length; ++i)
                {
                    if (motion.Header.Skeleton.Joints[i].Role == "") continue;
                    var joint = shown.Joints[rig.Joints[i].name];
                    turns = Math.Max(turns, Apart(joint.localRotation, rig.Joints[i].localRotation));
                    int at = motion.Layout.Rotations + 4 * i;
                    if (i > 0) turns = Math.Max(turns, Apart(joint.localRotation, new Quaternion(row[at], row[at + 1], row[at + 2], row[at + 3])));
                }
                var hips = shown.Human("Hips");
                places = Math.Max(places, (hips.position - rig.Joints[0].position).magnitude);
                weights = Math.Max(weights, Math.Abs(shown.Face.GetBlendShapeWeight(0) / 100 - row[jaw]));
            }
            Check.That(turns <= settings.Tolerance.Degrees + Rounding, $"rotations are {turns} degrees off");
            Check.That(places <= Math.Sqrt(3) * settings.Tolerance.Metres + 1e-5, $"the hips are {places} m off");
            Check.That(weights <= settings.Tolerance.Weight + 1e-4, $"weights are {weights} off");
            int keys = 0, all = 0;
            foreach (var binding in AnimationUtility.GetCurveBindings(clip))
            {
                var curve = AnimationUtility.GetEditorCurve(clip, binding);
                keys += curve.length;
                all += motion.Frames.FrameCount;
                Check.Near(curve[curve.length - 1].time, (motion.Frames.FrameCount - 1) / motion.Layout.Fps, 1e-5, "the last key");
            }
            Continuous(clip);
            Check.That(keys < all / 2, $"{keys} keys of {all}");
            Console.WriteLine($"generic: {keys} keys of {all}, {turns:0.000} degrees, {places:0.00000} m, {weights:0.0000} off");
        }

        /// <summary>Degrees. Unity's own Angle is no better than a tenth of one.</summary>
        public static double Apart(Quaternion a, Quaternion b)
        {
            double x = (double)a.w * b.x - (double)a.x * b.w - (double)a.y * b.z + (double)a.z * b.y;
            double y = (double)a.w * b.y + (double)a.x * b.z - (double)a.y * b.w - (double)a.z * b.x;
            double z = (double)a.w * b.z - (double)a.x * b.y + (double)a.y * b.x - (double)a.z * b.w;
            double norms = Math.Sqrt(Quaternion.Dot(a, a) * Quaternion.Dot(b, b));
            return 360 / Math.PI * Math.Asin(Math.Min(1, Math.Sqrt(x * x + y * y + z * z) / norms));
        }

        static void Continuous(AnimationClip clip)
        {
            foreach (var binding in AnimationUtility.GetCurveBindings(clip))
            {
                if (!binding.propertyName.EndsWith("Rotation.x", StringComparison.Ordinal) && binding.propertyName != "RootQ.x") continue;
                var four = Array.ConvertAll(new[] { 'x', 'y', 'z', 'w' }, axis => AnimationUtility.GetEditorCurve(
                    clip, EditorCurveBinding.FloatCurve(binding.path, binding.type, binding.propertyName.TrimEnd('x') + axis)));
                for (float seconds = 0; seconds < clip.length; seconds += 0.007f)
                {
                    float norm = 0;
                    foreach (var one in four) norm += one.Evaluate(seconds) * one.Evaluate(seconds);
                    Check.Near(norm, 1, 0.02, $"length of {binding.path} at {seconds} s");
                }
            }
        }

        static void Humanoid(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection, string avatar)
        {
            settings.Result = BakeResult.HumanoidAnimation;
            var clip = AssetDatabase.LoadAssetAtPath<AnimationClip>(Bake(speech, settings, connection));
            Check.That(clip.humanMotion, "it is human motion");
            var motion = Ask(settings, connection, settings.Character.transform);
            var wanted = new Actor(avatar, "Human", isNested: false);
            var body = new BodyApplier(CharacterRig.Of(wanted.Animator, wanted.Object.transform), motion.Header, motion.Layout);
            var row = new float[motion.Layout.Floats];
            double muscles = 0, turns = 0, places = 0;
            using (var handler = new HumanPoseHandler(wanted.Animator.avatar, wanted.Object.transform))
            {
                var pose = new HumanPose();
                float Of(string property, double seconds) =>
                    AnimationUtility.GetEditorCurve(clip, EditorCurveBinding.FloatCurve("", typeof(Animator), property)).Evaluate((float)seconds);
                for (int frame = 0; frame < motion.Frames.FrameCount; frame += 3)
                {
                    double seconds = frame / motion.Layout.Fps;
                    motion.Sample(seconds, row);
                    body.Apply(row, 1, null, true);
                    handler.GetHumanPose(ref pose);
                    for (int i = 0; i < pose.muscles.Length; ++i)
                    {
                        string name = HumanTrait.MuscleName[i];
                        if (i >= 55) name = name.Replace("Left ", "LeftHand.").Replace("Right ", "RightHand.").Replace("Thumb ", "Thumb.").Replace("Index ", "Index.")
                            .Replace("Middle ", "Middle.").Replace("Ring ", "Ring.").Replace("Little ", "Little.");
                        muscles = Math.Max(muscles, Math.Abs(Of(name, seconds) - pose.muscles[i]));
                    }
                    turns = Math.Max(turns, Apart(pose.bodyRotation, new Quaternion(Of("RootQ.x", seconds), Of("RootQ.y", seconds), Of("RootQ.z", seconds), Of("RootQ.w", seconds))));
                    for (int i = 0; i < 3; ++i) places = Math.Max(places, Math.Abs(Of("RootT." + "xyz"[i], seconds) - pose.bodyPosition[i]));
                }
            }
            Check.That(muscles <= settings.Tolerance.Weight + 1e-4, $"muscles are {muscles} off");
            Check.That(turns <= settings.Tolerance.Degrees + Rounding, $"the body is {turns} degrees off");
            Check.That(places <= settings.Tolerance.Metres + 1e-4, $"the body is {places} off");
            Check.That(AnimationUtility.GetAnimationClipSettings(clip).loopBlendPositionXZ, "the hips move within the pose");
            Continuous(clip);
            Console.WriteLine($"humanoid: muscles {muscles:0.0000}, {turns:0.000} degrees, {places:0.00000} off");
        }

        static void Face(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection)
        {
            settings.Result = BakeResult.FaceAnimation;
            var clip = AssetDatabase.LoadAssetAtPath<AnimationClip>(Bake(speech, settings, connection));
            var motion = Ask(settings, connection, null);
            var names = new List<string>();
            foreach (var binding in AnimationUtility.GetCurveBindings(clip))
            {
                // The mesh has no shapes for where the eyes look.
                if (binding.type == typeof(Transform) && binding.path.EndsWith("Eye", StringComparison.Ordinal)) continue;
                Check.Equal(binding.type, typeof(SkinnedMeshRenderer), $"type of {binding.path} {binding.propertyName}");
                Check.Equal(binding.path, "Face", "path");
                string name = binding.propertyName.Substring("blendShape.".Length);
                names.Add(name);
                int weight = motion.Layout.Weights + motion.Header.CurveNames.IndexOf(name);
                var curve = AnimationUtility.GetEditorCurve(clip, binding);
                for (int frame = 0; frame < motion.Frames.FrameCount; ++frame)
                    Check.Near(
                        curve.Evaluate((float)(frame / motion.Layout.Fps)) / 100, motion.Frames.Data[frame * motion.Layout.Floats + weight],
                        settings.Tolerance.Weight + 1e-4, $"{name} in frame {frame}");
            }
            Check.That(names.Contains("jawOpen") && names.Contains("eyeBlinkLeft"), string.Join(", ", names));
        }

        static void NothingIsOverwritten(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection)
        {
            var before = AssetDatabase.LoadMainAssetAtPath("Assets/Speech/hello.anim");
            Check.Equal(Bake(speech, settings, connection), "Assets/Speech/hello 3.anim", "path");
            Check.That(ReferenceEquals(before, AssetDatabase.LoadMainAssetAtPath("Assets/Speech/hello.anim")), "the first one is as it was");
            settings.Folder = "Assets/Made/Here";
            Check.Equal(Bake(speech, settings, connection), "Assets/Made/Here/hello.anim", "path");
            settings.Folder = "";
        }

        /// <summary>Without a file its samples are sent.</summary>
        static void Samples(BakeSettings settings, PantoMatrixConnection connection)
        {
            var speech = AudioClip.Create("made", 32000, 2, 16000, false);
            speech.SetData(new float[64000], 0);
            Check.Equal(Bake(speech, settings, connection), "Assets/made.anim", "path");
            PlayerLoop.SetImport(speech, AudioClipLoadType.Streaming, AudioDataLoadState.Loaded);
            var all = Editor.Bake.All(new[] { speech }, settings, connection);
            Check.That(all[0].Error.Contains("Decompress On Load"), all[0].Error);
        }

        static void Mistakes(AudioClip speech, BakeSettings settings, PantoMatrixConnection connection, Actor actor)
        {
            int before = Project.Assets().Count, objects = Objects();
            void Fails(string said, PantoMatrixConnection to = null)
            {
                var all = Editor.Bake.All(new[] { speech }, settings, to != null ? to : connection);
                Check.That(all.Count == 1 && all[0].Path == null && all[0].Error.Contains(said), $"{(all.Count > 0 ? all[0].Error : "nothing")}, expected {said}");
            }
            settings.Character = null;
            Fails("an animation is for a character");
            settings.Character = actor.Object;
            Fails("cannot connect", Sounds.At("localhost:1"));
            settings.Motion.Model = "nobody";
            Fails("unknown model");
            settings.Motion.Model = "";
            settings.Folder = "../elsewhere";
            Fails("is not a folder of the project");
            settings.Folder = "";
            settings.Character = new GameObject("Nothing");
            Fails("moves");
            UnityEngine.Object.DestroyImmediate(settings.Character);
            settings.Character = actor.Object;
            int asked = 0;
            var none = Editor.Bake.All(new[] { speech, speech }, settings, connection, (text, done) => ++asked > 1);
            Check.Equal(none.Count, 0, "speeches that were baked though it was cancelled");
            Check.Equal(Project.Assets().Count, before, "assets");
            Check.Equal(Objects(), objects, "objects in the scene");
        }

        static int Objects() => UnityEngine.Object.FindObjectsByType<Transform>(FindObjectsInactive.Include, FindObjectsSortMode.None).Length;

        static void Menu(AudioClip speech, PantoMatrixConnection connection, Actor actor)
        {
            PlayerLoop.Provide(PantoMatrixConnection.ResourceName, connection);
            typeof(PantoMatrixConnection).GetMethod("Forget", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Invoke(null, null);
            Selection.objects = new UnityEngine.Object[] { speech, actor.Object };
            Project.Click(typeof(Editor.Bake), "BakeSelected");
            Check.Equal(AssetDatabase.GetAssetPath(Selection.objects[0]), "Assets/Speech/hello 1.asset", "what is selected then");
            Check.That(!Project.ProgressIsShown, "the progress bar is gone");
            int before = Project.Assets().Count;
            Selection.objects = new UnityEngine.Object[] { speech };
            Project.Cancels = done => true;
            Project.Click(typeof(Editor.Bake), "BakeSelected");
            Check.Equal(Project.Assets().Count, before, "assets after it was cancelled");
            Check.That(!Project.ProgressIsShown, "the progress bar is gone");
        }

        /// <summary>The server is killed while it answers: says "now", and waits for a line.</summary>
        public static void Lost(string server, string samples)
        {
            float[] said = Sounds.Read(samples, 1000);
            var speech = AudioClip.Create("long", 12 * said.Length, 1, Sounds.Rate, false);
            for (int i = 0; i < 12; ++i) speech.SetData(said, i * said.Length);
            bool isTold = false;
            var all = Editor.Bake.All(new[] { speech }, new BakeSettings(), Sounds.At(server), (text, done) =>
            {
                if (done > 0 && !isTold)
                {
                    isTold = true;
                    Console.WriteLine("now");
                    Console.ReadLine();
                }
                return false;
            });
            Check.That(isTold, "it took long enough");
            Check.That(all.Count == 1 && all[0].Path == null && all[0].Error != null, "it failed");
            Check.Equal(string.Join(", ", Project.Assets()), "", "assets");
        }
    }
}
