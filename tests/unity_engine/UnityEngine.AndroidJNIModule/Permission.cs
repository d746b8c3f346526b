using System;

namespace UnityEngine.Android
{
    public struct Permission
    {
        public const string Microphone = "android.permission.RECORD_AUDIO";
        public static bool HasUserAuthorizedPermission(string permission) => Application.HasUserAuthorization(UserAuthorization.Microphone);
        public static void RequestUserPermission(string permission) => Application.RequestUserAuthorization(UserAuthorization.Microphone);
        public static void RequestUserPermission(string permission, PermissionCallbacks callbacks) => RequestUserPermission(permission);
    }

    public class PermissionCallbacks
    {
        public event Action<string> PermissionGranted { add { } remove { } }
        public event Action<string> PermissionDenied { add { } remove { } }
    }
}
