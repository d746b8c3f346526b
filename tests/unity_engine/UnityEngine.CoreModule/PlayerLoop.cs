using System;

namespace UnityEngine.LowLevel
{
    /// <summary>Not used by the player of the tests, which only has the functions of components.</summary>
    public struct PlayerLoopSystem
    {
        public delegate void UpdateFunction();

        public Type type;
        public PlayerLoopSystem[] subSystemList;
        public UpdateFunction updateDelegate;
    }

    public class PlayerLoop
    {
        static PlayerLoopSystem s_current = new PlayerLoopSystem
        {
            subSystemList = new[] { new PlayerLoopSystem { type = typeof(UnityEngine.PlayerLoop.EarlyUpdate), subSystemList = new PlayerLoopSystem[0] } },
        };

        internal PlayerLoop() { }

        public static PlayerLoopSystem GetCurrentPlayerLoop() => s_current;
        public static void SetPlayerLoop(PlayerLoopSystem loop) => s_current = loop;
    }
}

namespace UnityEngine.PlayerLoop
{
    public struct EarlyUpdate { }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.Assembly)]
    public class AlwaysLinkAssemblyAttribute : Attribute { }
}
