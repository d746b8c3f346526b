#if UNITY_WEBGL && !UNITY_EDITOR
using System;
using UnityEngine;
using UnityEngine.LowLevel;

// A scene may use nothing of this assembly but what begins here.
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]

namespace PantoMatrix
{
    /// <summary>A page has one thread: from the start, the player's loop does what is done in threads elsewhere.</summary>
    static class WebGlStart
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.AfterAssembliesLoaded)]
        static void Begin()
        {
            OneThread.Use((url, token) => new WebGlSocket(url, token));
            var loop = UnityEngine.LowLevel.PlayerLoop.GetCurrentPlayerLoop();
            var phases = loop.subSystemList;
            int early = Array.FindIndex(phases, phase => phase.type == typeof(UnityEngine.PlayerLoop.EarlyUpdate));
            var systems = phases[early].subSystemList;
            Array.Resize(ref systems, systems.Length + 1);
            systems[systems.Length - 1] = new PlayerLoopSystem { type = typeof(WebGlStart), updateDelegate = OneThread.Step };
            phases[early].subSystemList = systems;
            UnityEngine.LowLevel.PlayerLoop.SetPlayerLoop(loop);
        }
    }
}
#endif
