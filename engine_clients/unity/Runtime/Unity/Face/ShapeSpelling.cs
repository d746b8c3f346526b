using System;
using System.Collections.Generic;
using System.Text;

namespace PantoMatrix
{
    /// <summary>One name in many spellings: jawOpen, Jaw_Open, head.jawOpen, head__jaw open; mouthSmileLeft, Mouth_Smile_L.</summary>
    static class ShapeSpelling
    {
        /// <summary>The name without case and separators, its side spelt out at the end.</summary>
        public static string Key(string name)
        {
            var words = Words(name);
            int sides = 0;
            foreach (string word in words)
                if (Side(word) != null) ++sides;
            var key = new StringBuilder(name.Length + 4);
            string side = null;
            foreach (string word in words)
                if (sides == 1 && words.Count > 1 && Side(word) != null) side = Side(word);
                else key.Append(Side(word) ?? word);
            return key.Append(side).ToString();
        }

        /// <summary>What is left of a name without what exporters put before it: the name of a blendshape node, a figure or a mesh,
        /// up to the last point or the first two underscores. Null where nothing is.</summary>
        public static string WithoutPrefix(string name)
        {
            int point = name.LastIndexOf('.');
            string after = point < 0 ? "" : name.Substring(point + 1);
            if (after.Length > 0 && !IsNumber(after) && Side(after.ToLowerInvariant()) == null) return after;
            int twice = name.IndexOf("__", StringComparison.Ordinal);
            if (twice > 0 && twice + 2 < name.Length) return name.Substring(twice + 2);
            return point > 0 && IsNumber(after) ? name.Substring(0, point) : null;
        }

        /// <summary>The name without its first word, without its first two and so on.</summary>
        public static IEnumerable<string> Ends(string name)
        {
            for (int at = 1; at + 1 < name.Length; ++at)
                if (IsSeparator(name[at - 1]) && !IsSeparator(name[at])) yield return name.Substring(at);
        }

        static List<string> Words(string name)
        {
            var words = new List<string>();
            var word = new StringBuilder();
            for (int at = 0; at < name.Length; ++at)
            {
                char now = name[at];
                if (!char.IsLetterOrDigit(now))
                {
                    Take(words, word);
                    continue;
                }
                bool begins = at > 0 && char.IsUpper(now)
                    && (!char.IsUpper(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1])));
                if (begins) Take(words, word);
                word.Append(char.ToLowerInvariant(now));
            }
            Take(words, word);
            return words;
        }

        static void Take(List<string> words, StringBuilder word)
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Length = 0;
        }

        static string Side(string word)
        {
            switch (word)
            {
                case "l":
                case "left": return "left";
                case "r":
                case "right": return "right";
                default: return null;
            }
        }

        static bool IsSeparator(char letter) => letter == '_' || letter == '.' || letter == ' ' || letter == ':' || letter == '-';

        static bool IsNumber(string text)
        {
            foreach (char letter in text)
                if (letter < '0' || letter > '9') return false;
            return text.Length > 0;
        }
    }
}
