using System;
using System.Collections.Generic;

namespace PantoMatrix.Tests
{
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

        public static PantoMatrixException Throws(Action action)
        {
            try
            {
                action();
            }
            catch (PantoMatrixException error)
            {
                return error;
            }
            throw new Exception("nothing was thrown");
        }
    }
}
