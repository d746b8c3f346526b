using UnityEngine;
using UnityEngine.SceneManagement;

namespace UnityEditor.SceneManagement
{
    public sealed class EditorSceneManager : SceneManager
    {
        private static int s_last;

        public static Scene NewPreviewScene() => new Scene { Number = ++s_last };
        public static bool ClosePreviewScene(Scene scene)
        {
            foreach (GameObject one in World.GameObjects.ToArray())
            {
                if (one && one.scene.Number == scene.Number)
                {
                    Object.DestroyImmediate(one);
                }
            }
            return true;
        }
    }
}
