using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using StandIn;

namespace PantoMatrix.Tests.Faces
{
    /// <summary>Tests of faces, for a plain console: the first word says which. tests/clients/test_unity_faces.py runs them.</summary>
    static class FaceProgram
    {
        static readonly Dictionary<string, Action<string[]>> Tests = new Dictionary<string, Action<string[]>>
        {
            ["characters"] = words => ChoiceTests.Characters(words[0]),
            ["misleading"] = words => ChoiceTests.Misleading(),
            ["spelling"] = words => ChoiceTests.Spelling(),
            ["mouth"] = words => MouthTests.Run(),
            ["visemes"] = words => MouthTests.Print(words[0], words[1]),
            ["applies"] = words => ApplierTests.Run(),
            ["bones"] = words => BoneTests.Run(),
            ["vrm"] = words => VrmTests.Run(),
            ["own face"] = words => OwnFaceTests.Run(),
        };

        static int Main(string[] words)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            try
            {
                PlayerLoop.Begin();
                var rest = new string[words.Length - 1];
                Array.Copy(words, 1, rest, 0, rest.Length);
                Tests[words[0]](rest);
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
