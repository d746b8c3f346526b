using System;
using System.Collections.Generic;

namespace PantoMatrix.Tests
{
    /// <summary>What the test programs assert with.</summary>
    static class Check
    {
        public static void That(bool holds, string what)
        {
            if (!holds) throw new Exception("does not hold: " + what);
        }

        public static void Equal<T>(T found, T expected, string what) =>
            That(EqualityComparer<T>.Default.Equals(found, expected), $"{what} is {found}, expected {expected}");

        public static void Near(double found, double expected, double tolerance, string what) =>
            That(Math.Abs(found - expected) <= tolerance, $"{what} is {found}, expected {expected}");

        public static void Contains(string text, string part) => That(text.Contains(part), $"'{text}' says '{part}'");

        public static T Throws<T>(Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T error)
            {
                return error;
            }
            throw new Exception($"no {typeof(T).Name}");
        }
    }
}
