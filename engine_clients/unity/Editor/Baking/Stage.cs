using System;
using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;
using UnityEngine.SceneManagement;
using Object = UnityEngine.Object;

namespace PantoMatrix.Editor
{
    /// <summary>A copy of a character in a scene of its own: not seen, heard or saved, and the user's scene is not changed. Its
    /// scripts are off, in play mode too: of them only Awake is called.</summary>
    sealed class Stage : IDisposable
    {
        readonly Scene _scene;
        readonly GameObject _holder;

        public Stage(GameObject character)
        {
            _scene = EditorSceneManager.NewPreviewScene();
            try
            {
                _holder = EditorUtility.CreateGameObjectWithHideFlags("PantoMatrix", HideFlags.HideAndDontSave);
                // What is below it sleeps until its behaviours are off.
                _holder.SetActive(false);
                SceneManager.MoveGameObjectToScene(_holder, _scene);
                Character = Object.Instantiate(character, _holder.transform);
                foreach (var one in Character.GetComponentsInChildren<Behaviour>(true))
                    if (!(one is Animator)) one.enabled = false;
                // An Animator says which bone is what only where it is active.
                Character.SetActive(true);
                _holder.SetActive(true);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public GameObject Character { get; }

        public void Dispose()
        {
            if (_holder != null) Object.DestroyImmediate(_holder);
            EditorSceneManager.ClosePreviewScene(_scene);
        }
    }
}
