using UnityEditor;
using UnityEngine;

namespace PantoMatrix.Editor
{
    /// <summary>How Assets > PantoMatrix > Bake bakes: of the project, set in Project Settings > PantoMatrix.</summary>
    [FilePath("ProjectSettings/PantoMatrixBake.asset", FilePathAttribute.Location.ProjectFolder)]
    sealed class BakeDefaults : ScriptableSingleton<BakeDefaults>
    {
        [SerializeField] BakeSettings _settings = new BakeSettings();

        public BakeSettings Settings => _settings;

        public void Save() => Save(true);
    }
}
