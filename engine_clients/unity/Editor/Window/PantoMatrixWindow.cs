using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEditor;
using UnityEngine;
using V1 = PantoMatrix.V1;

namespace PantoMatrix.Editor
{
    /// <summary>Window > PantoMatrix: whether the server answers and what it can do, what the scene's characters do, and a server on this
    /// machine.</summary>
    sealed class PantoMatrixWindow : EditorWindow
    {
        CancellationTokenSource _cancel;
        Task<V1.GetCatalogResponse> _asked;
        Task<string> _starting;
        V1.GetCatalogResponse _catalog;
        string _fault = "", _serverFault = "";
        double _askedAt, _milliseconds;
        Vector2 _scroll;

        [MenuItem("Window/PantoMatrix")]
        public static void Open() => GetWindow<PantoMatrixWindow>("PantoMatrix").Show();

        void OnEnable()
        {
            _cancel = new CancellationTokenSource();
            EditorApplication.update += Poll;
            Ask();
        }

        void OnDisable()
        {
            EditorApplication.update -= Poll;
            _cancel.Cancel();
            _cancel.Dispose();
        }

        /// <summary>Asks for the catalog.</summary>
        public void Ask()
        {
            if (_asked != null) return;
            _fault = "";
            _askedAt = EditorApplication.timeSinceStartup;
            var cancelled = _cancel.Token;
            try
            {
                var client = PantoMatrixConnection.Default.Client;
                client.Timeout = TimeSpan.FromSeconds(10);
                _asked = Task.Run(() => client.Catalog(cancelled));
            }
            catch (ArgumentException error)
            {
                _fault = error.Message;
            }
        }

        /// <summary>What came back; null before, and where there is no server.</summary>
        public V1.GetCatalogResponse Catalog => _catalog;

        /// <summary>Why there is no catalog, for people; empty where there is one.</summary>
        public string Fault => _fault;

        void Poll()
        {
            if (_asked != null && _asked.IsCompleted)
            {
                _milliseconds = (EditorApplication.timeSinceStartup - _askedAt) * 1000;
                _catalog = _asked.Status == TaskStatus.RanToCompletion ? _asked.Result : null;
                if (_asked.IsFaulted) _fault = _asked.Exception.GetBaseException().Message;
                _asked = null;
                Repaint();
            }
            if (_starting != null && _starting.IsCompleted)
            {
                _serverFault = LocalServer.IsRunning ? "" : _starting.Status == TaskStatus.RanToCompletion ? _starting.Result : "it did not start";
                _starting = null;
                Ask();
                Repaint();
            }
            if (Application.isPlaying) Repaint();
        }

        void OnGUI()
        {
            _scroll = EditorGUILayout.BeginScrollView(_scroll);
            DrawServer();
            DrawCatalog();
            DrawCharacters();
            EditorGUILayout.EndScrollView();
        }

        void DrawServer()
        {
            EditorGUILayout.LabelField("Server", EditorStyles.boldLabel);
            EditorGUILayout.LabelField("Asked", string.Join(", ", PantoMatrixConnection.Default.Addresses));
            EditorGUILayout.BeginHorizontal();
            EditorGUI.BeginDisabledGroup(_asked != null);
            if (GUILayout.Button("Ask again")) Ask();
            EditorGUI.EndDisabledGroup();
            if (GUILayout.Button("Settings")) SettingsService.OpenProjectSettings(ProjectSettings.Path);
            bool isRunning = LocalServer.IsRunning;
            EditorGUI.BeginDisabledGroup(_starting != null);
            if (GUILayout.Button(isRunning ? "Stop the local server" : "Start a local server"))
            {
                if (isRunning) LocalServer.Stop();
                else StartServer();
            }
            EditorGUI.EndDisabledGroup();
            EditorGUILayout.EndHorizontal();
            if (_serverFault != "") EditorGUILayout.HelpBox(_serverFault, MessageType.Error);
        }

        void StartServer()
        {
            _serverFault = "";
            try
            {
                _starting = LocalServer.Start();
            }
            catch (InvalidOperationException error)
            {
                _serverFault = error.Message;
            }
        }

        void DrawCatalog()
        {
            if (_fault != "") EditorGUILayout.HelpBox(_fault + "\nStart a server: pantomatrix serve --web-port 8080", MessageType.Warning);
            if (_catalog == null) return;
            EditorGUILayout.LabelField("Version", _catalog.ServerVersion);
            EditorGUILayout.LabelField("Answered within", $"{_milliseconds:0} ms");
            foreach (var model in _catalog.Models)
            {
                EditorGUILayout.LabelField(model.Name, EditorStyles.boldLabel);
                EditorGUILayout.LabelField(model.Description, EditorStyles.wordWrappedLabel);
                EditorGUILayout.LabelField("Speakers", string.Join(", ", model.Speakers.ConvertAll(one => one.Id)));
                EditorGUILayout.LabelField("Emotions", model.Emotions.Count == 0 ? "none" : string.Join(", ", model.Emotions));
                EditorGUILayout.LabelField("Live", model.Streaming ? "yes" : "no");
            }
        }

        static void DrawCharacters()
        {
            EditorGUILayout.LabelField("Characters", EditorStyles.boldLabel);
#if UNITY_6000_4_OR_NEWER
            var characters = FindObjectsByType<PantoMatrixCharacter>();
#else
            var characters = FindObjectsByType<PantoMatrixCharacter>(FindObjectsSortMode.None);
#endif
            foreach (var character in characters)
                EditorGUILayout.LabelField(character.name, $"{character.State}, {character.Latency * 1000:0} ms");
        }
    }
}
