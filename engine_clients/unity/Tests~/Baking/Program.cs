using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using StandIn;

namespace PantoMatrix.Tests
{
    /// <summary>Tests of baking in an editor that is no Unity: the first word says which. tests/clients/test_unity_baking.py runs
    /// them.</summary>
    static class Program
    {
        static readonly Dictionary<string, Action<string[]>> Tests = new Dictionary<string, Action<string[]>>
        {
            ["bakes"] = words => BakeTests.Run(words[1], words[2], words[3]),
            ["lost"] = words => BakeTests.Lost(words[1], words[2]),
            ["command"] = words => CommandTests.Run(words[1]),
            ["settings"] = words => CommandTests.Settings(),
            ["window"] = words => CommandTests.Window(),
            ["file"] = words => FileTests.Run(words[1], words[2]),
            ["fuzz"] = words => FileTests.Fuzz(words[1]),
            ["records"] = words => RecordingTests.Run(words[1], words[2]),
            ["again"] = words => FileTests.Reimported(words[1], words[2]),
            ["plays"] = words => PlayTests.Run(words[1], words[2]),
            ["other"] = words => PlayTests.OtherBody(words[1], words[2]),
            ["timeline"] = words => TimelineTests.Run(words[1], words[2]),
        };

        static int Main(string[] words)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            try
            {
                PlayerLoop.Begin(false);
                Tests[words[0]](words);
                Check.Equal(string.Join("; ", PlayerLoop.Logged()), "", "what was logged");
                return 0;
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                return 1;
            }
        }
    }
}
