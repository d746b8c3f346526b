#if !PANTOMATRIX_NO_MICROPHONE
using UnityEngine;

namespace PantoMatrix
{
    /// <summary>Asks the user once, on systems that want it.</summary>
    static class MicrophonePermission
    {
        public static bool IsGiven
        {
            get
            {
#if UNITY_ANDROID && !UNITY_EDITOR
                return UnityEngine.Android.Permission.HasUserAuthorizedPermission(UnityEngine.Android.Permission.Microphone);
#elif UNITY_IOS && !UNITY_EDITOR
                return Application.HasUserAuthorization(UserAuthorization.Microphone);
#else
                return true;
#endif
            }
        }

        public static void Ask()
        {
#if UNITY_ANDROID && !UNITY_EDITOR
            UnityEngine.Android.Permission.RequestUserPermission(UnityEngine.Android.Permission.Microphone);
#elif UNITY_IOS && !UNITY_EDITOR
            Application.RequestUserAuthorization(UserAuthorization.Microphone);
#endif
        }
    }
}
#endif
