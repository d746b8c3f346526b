using System;

namespace UnityEngine
{
    public static class JsonUtility
    {
        public static string ToJson(object obj) => throw new NotSupportedException();
        public static T FromJson<T>(string json) => throw new NotSupportedException();
    }
}
