using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    // What Instantiate makes: the objects below a game object with their components; what points at one of them points at its copy.
    internal static class Copies
    {
        private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        internal static Object Of(Object original, Transform parent)
        {
            if (!(original is GameObject root))
            {
                throw new NotSupportedException($"Instantiate({original})");
            }
            Dictionary<Object, Object> copies = new Dictionary<Object, Object>();
            GameObject made = Tree(root, parent, copies);
            made.name = root.name + "(Clone)";
            foreach (KeyValuePair<Object, Object> one in copies)
            {
                if (one.Key is Component component && !(component is Transform))
                {
                    Fill(component, (Component)one.Value, copies);
                }
            }
            foreach (Object one in copies.Values)
            {
                one.GetType().GetMethod("Rebind", Own, null, new Type[0], null)?.Invoke(one, null);
            }
            return made;
        }

        private static GameObject Tree(GameObject original, Transform parent, Dictionary<Object, Object> copies)
        {
            GameObject made = new GameObject(original.name);
            made.transform.SetParent(parent, false);
            copies[original] = made;
            copies[original.transform] = made.transform;
            made.transform.localPosition = original.transform.localPosition;
            made.transform.localRotation = original.transform.localRotation;
            made.transform.localScale = original.transform.localScale;
            for (int i = 0; i < original.transform.childCount; i++)
            {
                Tree(original.transform.GetChild(i).gameObject, made.transform, copies);
            }
            foreach (Component one in original.Components)
            {
                if (!(one is Transform))
                {
                    copies[one] = made.AddComponent(one.GetType());
                }
            }
            return made;
        }

        private static void Fill(Component original, Component copy, Dictionary<Object, Object> copies)
        {
            for (Type type = original.GetType(); type != typeof(Component) && type != typeof(Behaviour) && type != typeof(MonoBehaviour); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(Own))
                {
                    object value = field.GetValue(original);
                    if (value is IDictionary || value is Delegate)
                    {
                        continue;
                    }
                    field.SetValue(copy, Copied(value, copies));
                }
            }
        }

        private static object Copied(object value, Dictionary<Object, Object> copies)
        {
            if (value is Object one)
            {
                return copies.TryGetValue(one, out Object known) ? known : one;
            }
            if (!(value is Array array))
            {
                return value;
            }
            Array made = (Array)array.Clone();
            for (int i = 0; i < made.Length && !array.GetType().GetElementType().IsValueType; i++)
            {
                made.SetValue(Copied(array.GetValue(i), copies), i);
            }
            return made;
        }
    }
}
