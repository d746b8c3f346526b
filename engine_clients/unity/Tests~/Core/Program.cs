using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace PantoMatrix.Tests
{
    /// <summary>Tests of the core, for a plain console: the first word says which. tests/clients/test_unity.py runs them.</summary>
    static class Program
    {
        static readonly Dictionary<string, Action<string[]>> Tests = new Dictionary<string, Action<string[]>>
        {
            ["vectors"] = words => VectorTests.Run(words[0]),
            ["fuzz"] = words => FuzzTests.Run(words[0], double.Parse(words[1], CultureInfo.InvariantCulture)),
            ["cut_short"] = words => FakeTests.Run(),
            ["calls"] = words => CallTests.Run(words[0], words[1], words[2]),
            ["playing"] = words => PlayingTests.Run(),
            ["live"] = words => LiveTests.Run(words[0], words[1]),
            ["allocates"] = words => AllocationTests.Run(words[0], words[1], double.Parse(words[2], CultureInfo.InvariantCulture)),
            ["goes_on"] = words => LiveTests.GoesOn(words[0], words[1], words[2], words[3]),
            ["full"] = words => OutageTests.Full(words[0], words[1]),
            ["interrupted"] = words => OutageTests.Interrupted(words[0], words[1]),
            ["cut"] = words => OutageTests.Cut(words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture)),
            ["certificate"] = words => CallTests.OwnCertificate(words[0], words[1]),
            ["refused"] = words => CallTests.Refused(words[0], words[1]),
        };

        static int Main(string[] words)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            try
            {
                Tests[words[0]](words.AsRest(1));
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
