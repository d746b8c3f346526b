#if UNITY_WEBGL && !UNITY_EDITOR
using System.Runtime.InteropServices;

namespace PantoMatrix
{
    /// <summary>Of Plugins/WebGL/PantoMatrixSocket.jslib, which says what they do. They never call back.</summary>
    static class WebGlFunctions
    {
        [DllImport("__Internal")]
        public static extern int PantoMatrixSocketOpen(byte[] url, int urlCount, byte[] protocols, int protocolsCount);

        [DllImport("__Internal")]
        public static extern int PantoMatrixSocketState(int handle);

        [DllImport("__Internal")]
        public static extern int PantoMatrixSocketSend(int handle, byte[] data, int from, int count);

        [DllImport("__Internal")]
        public static extern int PantoMatrixSocketNextSize(int handle);

        [DllImport("__Internal")]
        public static extern int PantoMatrixSocketRead(int handle, byte[] into, int from, int room);

        [DllImport("__Internal")]
        public static extern void PantoMatrixSocketClose(int handle);
    }
}
#endif
