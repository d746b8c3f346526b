using System;
using System.Collections.Generic;
using System.Reflection;
using PantoMatrix;
using PantoMatrix.Samples;
using StandIn;
using UnityEngine;

/// <summary>The samples in a player that is no Unity, with a server's address. tests/clients/test_unity_samples.py runs it.</summary>
static class Program
{
    const int Rate = 16000;

    static int Main(string[] words)
    {
        PlayerLoop.Begin();
        var connection = ScriptableObject.CreateInstance<PantoMatrixConnection>();
        connection.Addresses = new[] { words[0] };
        PlayerLoop.Provide(PantoMatrixConnection.ResourceName, connection);
        var character = Character();
        var heard = new List<string>();
        character.SpeechStarted += speech => heard.Add(speech.Clip == null ? "pushed" : speech.Clip.name);

        var lines = new[] { Clip("first"), Clip("second") };
        var talking = character.gameObject.AddComponent<TalkingCharacter>();
        talking.GetType().GetField("_lines", BindingFlags.NonPublic | BindingFlags.Instance).SetValue(talking, lines);
        PlayerLoop.StepUntil(() => heard.Count == 2);
        talking.enabled = false;

        character.gameObject.AddComponent<SynthesizedSpeech>();
        float widest = 0;
        PlayerLoop.StepUntil(() =>
        {
            if (heard.Count == 3) widest = Math.Max(widest, character.GetCurve("jawOpen"));
            return heard.Count == 3 && character.CurrentSpeech == null;
        });
        character.gameObject.AddComponent<MicrophoneCharacter>();
        PlayerLoop.Step(1 / 60.0);
        PlayerLoop.Quit();
        foreach (string one in PlayerLoop.Logged()) Console.WriteLine(one);
        Console.WriteLine($"{string.Join(", ", heard)}: {(widest > 0.1 ? "the jaw moves" : "the jaw hardly moves")}");
        return 0;
    }

    static PantoMatrixCharacter Character()
    {
        var mesh = new Mesh { vertices = new Vector3[1] };
        foreach (string shape in new[] { "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "eyeBlinkLeft", "eyeBlinkRight" })
            mesh.AddBlendShapeFrame(shape, 100, new Vector3[1], null, null);
        var face = new GameObject("Face");
        face.AddComponent<SkinnedMeshRenderer>().sharedMesh = mesh;
        var character = face.AddComponent<PantoMatrixCharacter>();
        character.ApplyBody = false;
        return character;
    }

    static AudioClip Clip(string name)
    {
        var samples = new float[Rate];
        for (int i = 0; i < samples.Length; ++i) samples[i] = 0.3f * Mathf.Sin(0.06f * i);
        var clip = AudioClip.Create(name, samples.Length, 1, Rate, false);
        clip.SetData(samples, 0);
        return clip;
    }
}
