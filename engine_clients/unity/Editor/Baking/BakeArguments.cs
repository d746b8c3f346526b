using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEditor;
using UnityEngine;
using Object = UnityEngine.Object;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Editor
{
    /// <summary>What a command line asks for. What it does not say is as in Project Settings > PantoMatrix.</summary>
    sealed class BakeArguments
    {
        public const string Help =
@"Bakes speech into assets, which are never overwritten.

Unity -batchmode -projectPath PROJECT -executeMethod PantoMatrix.Editor.Bake.Run -- Assets/Speech --result clip

PATH...                     AudioClips, or folders with all below them
--result KIND               clip, generic, humanoid or face
--character PATH            a prefab or a model; a clip needs none
--face-map PATH             a Face Map
--folder PATH               where assets go, below Assets; none: beside the speech
--server ADDRESS            localhost:8080, or wss://host; its token is in PANTOMATRIX_TOKEN
--model NAME                of the server's catalog
--speaker ID
--seed NUMBER
--fps NUMBER                frames a second; 0: the model's own
--emotions NAME=STRENGTH,...
--expression NAME           neutral, friendly or serious
--root MODE                 free, in_place or locked
--rotation-tolerance DEGREES
--position-tolerance METRES
--weight-tolerance WEIGHT   of blendshapes and muscles
--help

Ends with 0 if all was baked, 1 if something was not, 2 if the command line is wrong.";

        public bool IsHelp { get; private set; }
        public List<string> Paths { get; } = new List<string>();
        public BakeSettings Settings { get; private set; }

        /// <summary>Null for the project's own.</summary>
        public PantoMatrixConnection Connection { get; private set; }

        /// <summary>Throws ArgumentException with what is wrong.</summary>
        public static BakeArguments Read(string[] words)
        {
            var read = new BakeArguments { Settings = BakeDefaults.instance.Settings.Copy() };
            for (int i = 0; i < words.Length; ++i)
            {
                string word = words[i];
                if (word == "--help" || word == "-h") read.IsHelp = true;
                else if (!word.StartsWith("-", StringComparison.Ordinal)) read.Paths.Add(word);
                else if (!word.StartsWith("--", StringComparison.Ordinal) || !read.Set(word, i + 1 < words.Length ? words[++i] : null))
                    throw new ArgumentException($"unknown option {word}");
            }
            if (read.IsHelp) return read;
            if (read.Paths.Count == 0) throw new ArgumentException("no speech was named");
            if (read.Settings.Result != BakeResult.PantoMatrixClip && read.Settings.Character == null)
                throw new ArgumentException("an animation is for a character: --character names one");
            return read;
        }

        /// <summary>False if the option is unknown.</summary>
        bool Set(string option, string value)
        {
            switch (option)
            {
                case "--result": Settings.Result = ResultOf(Given(option, value)); return true;
                case "--character": Settings.Character = Asset<GameObject>(option, value); return true;
                case "--face-map": Settings.FaceMap = Asset<FaceMap>(option, value); return true;
                case "--folder": Settings.Folder = FolderOf(Given(option, value)); return true;
                case "--server": Connection = ConnectionTo(Given(option, value)); return true;
                case "--model": Settings.Motion.Model = Given(option, value); return true;
                case "--speaker": Settings.Motion.Speaker = Given(option, value); return true;
                case "--seed": Settings.Motion.Seed = (int)Number(option, value, 0, int.MaxValue, true); return true;
                case "--fps": Settings.Motion.FramesPerSecond = (float)Number(option, value, 0, 240); return true;
                case "--emotions": Settings.Motion.Emotions = EmotionsOf(option, Given(option, value)); return true;
                case "--expression": Settings.Motion.Expression = Given(option, value); return true;
                case "--root": Settings.Motion.Root = RootOf(Given(option, value)); return true;
                case "--rotation-tolerance": Settings.Tolerance.Degrees = (float)Number(option, value, 0, 180); return true;
                case "--position-tolerance": Settings.Tolerance.Metres = (float)Number(option, value, 0, 1000); return true;
                case "--weight-tolerance": Settings.Tolerance.Weight = (float)Number(option, value, 0, 1); return true;
                default: return false;
            }
        }

        static string Given(string option, string value)
        {
            if (value == null || value.StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"{option} needs a value");
            return value;
        }

        static BakeResult ResultOf(string value)
        {
            switch (value)
            {
                case "clip": return BakeResult.PantoMatrixClip;
                case "generic": return BakeResult.GenericAnimation;
                case "humanoid": return BakeResult.HumanoidAnimation;
                case "face": return BakeResult.FaceAnimation;
                default: throw new ArgumentException($"--result is '{value}', expected clip, generic, humanoid or face");
            }
        }

        static V1.RootMode RootOf(string value)
        {
            switch (value)
            {
                case "free": return V1.RootMode.Free;
                case "in_place": return V1.RootMode.InPlace;
                case "locked": return V1.RootMode.Locked;
                default: throw new ArgumentException($"--root is '{value}', expected free, in_place or locked");
            }
        }

        static T Asset<T>(string option, string value) where T : Object
        {
            var found = AssetDatabase.LoadAssetAtPath<T>(Given(option, value));
            if (found == null) throw new ArgumentException($"{option}: no {typeof(T).Name} at '{value}'");
            return found;
        }

        static string FolderOf(string value)
        {
            if (value == "Assets" || value.Replace('\\', '/').StartsWith("Assets/", StringComparison.Ordinal)) return value;
            throw new ArgumentException($"--folder is '{value}', expected one below Assets");
        }

        static PantoMatrixConnection ConnectionTo(string address)
        {
            var connection = ScriptableObject.CreateInstance<PantoMatrixConnection>();
            connection.Addresses = new[] { address };
            // Throws now, not later, if it is not an address.
            _ = connection.Connection;
            return connection;
        }

        static double Number(string option, string value, double least, double most, bool isWhole = false)
        {
            if (double.TryParse(Given(option, value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
                && (!isWhole || number == Math.Floor(number)))
                return number;
            throw new ArgumentException(string.Format(CultureInfo.InvariantCulture, "{0} is '{1}', expected {2} to {3}", option, value, least, most));
        }

        static List<EmotionLevel> EmotionsOf(string option, string value)
        {
            var levels = new List<EmotionLevel>();
            foreach (string one in value.Split(','))
            {
                var parts = one.Split('=');
                if (parts.Length != 2 || parts[0] == "") throw new ArgumentException($"{option} has '{one}', expected one like joy=0.7");
                levels.Add(new EmotionLevel(parts[0], (float)Number(option, parts[1], 0, 1)));
            }
            return levels;
        }
    }
}
