using System;

namespace UnityEngine
{
    public class GUIContent
    {
        public static GUIContent none = new GUIContent("");
        public GUIContent() { }
        public GUIContent(string text) : this(text, "") { }
        public GUIContent(string text, string tooltip) { this.text = text; this.tooltip = tooltip; }
        public string text { get; set; }
        public string tooltip { get; set; }
    }

    public enum FontStyle { Normal = 0, Bold = 1, Italic = 2, BoldAndItalic = 3 }

    public sealed class GUIStyle
    {
        public GUIStyle() { }
        public GUIStyle(GUIStyle other) { }
        public bool wordWrap { get; set; }
        public bool richText { get; set; }
        public FontStyle fontStyle { get; set; }
        public int fontSize { get; set; }
        public static implicit operator GUIStyle(string str) => new GUIStyle();
        public static GUIStyle none => new GUIStyle();
    }

    public sealed class GUILayoutOption { }

    public class GUI
    {
        public static bool enabled { get; set; } = true;
        public static bool changed { get; set; }
        public static Color color { get; set; }
        public static void Label(Rect position, string text) { }

        public abstract class Scope : IDisposable
        {
            protected abstract void CloseScope();
            public void Dispose() => CloseScope();
        }
        public static bool Button(Rect position, string text) => false;
    }

    public class GUILayout
    {
        public static void Label(string text, params GUILayoutOption[] options) { }
        public static void Label(GUIContent content, params GUILayoutOption[] options) { }
        public static void Label(string text, GUIStyle style, params GUILayoutOption[] options) { }
        public static bool Button(string text, params GUILayoutOption[] options) => false;
        public static bool Button(GUIContent content, params GUILayoutOption[] options) => false;
        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) => value;
        public static string TextField(string text, params GUILayoutOption[] options) => text;
        public static void BeginHorizontal(params GUILayoutOption[] options) { }
        public static void EndHorizontal() { }
        public static void BeginVertical(params GUILayoutOption[] options) { }
        public static void EndVertical() { }
        public static void BeginArea(Rect screenRect) { }
        public static void EndArea() { }
        public static void Space(float pixels) { }
        public static void FlexibleSpace() { }
        public static GUILayoutOption Width(float width) => new GUILayoutOption();
        public static GUILayoutOption Height(float height) => new GUILayoutOption();
        public static GUILayoutOption MinWidth(float minWidth) => new GUILayoutOption();
        public static GUILayoutOption MaxWidth(float maxWidth) => new GUILayoutOption();
        public static GUILayoutOption ExpandWidth(bool expand) => new GUILayoutOption();
    }
}
