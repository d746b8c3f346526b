using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("PantoMatrix.Editor.Tests")]
