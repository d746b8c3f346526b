using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using StandIn;

namespace PantoMatrix.Tests
{
    /// <summary>Tests of characters in a player that is no Unity: the first word says which. tests/clients/test_unity_character.py
    /// runs them.</summary>
    static class Program
    {
        static readonly Dictionary<string, Action<string[]>> Tests = new Dictionary<string, Action<string[]>>
        {
            ["clocks"] = words => ClockTests.Run(),
            ["mishaps"] = words => MishapTests.Run(words[0], words[1], words[2]),
            ["mistakes"] = words => MistakeTests.Run(words[0]),
            ["rigs"] = words => RigTests.Run(words[0]),
            ["speaks"] = words => SpeakTests.Run(words[0], words[1], words[2], words[3], words[4]),
            ["pushes"] = words => PushTests.Run(words[0], words[1], words[2]),
            ["listens"] = words => ListenTests.Run(words[0], words[1]),
            ["changes"] = words => ChangeTests.Run(words[0], words[1]),
            ["handlers"] = words => HandlerTests.Run(words[0], words[1]),
            ["voices"] = words => VoiceTests.Run(words[0], words[1]),
            ["two"] = words => ChangeTests.Two(words[0], words[1], words[2]),
            ["lost"] = words => LostTests.Run(words[0], words[1], words[2]),
            ["alone"] = words => LostTests.Alone(words[0]),
            ["ends"] = words => LostTests.Ends(words[0], words[1]),
        };

        static int Main(string[] words)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            try
            {
                PlayerLoop.Begin();
                Tests[words[0]](words.AsRest(1));
                Check.Equal(string.Join("; ", PlayerLoop.Logged()), "", "what was logged");
                return 0;
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                return 1;
            }
        }

        static string[] AsRest(this string[] words, int from)
        {
            var rest = new string[words.Length - from];
            Array.Copy(words, from, rest, 0, rest.Length);
            return rest;
        }
    }
}
