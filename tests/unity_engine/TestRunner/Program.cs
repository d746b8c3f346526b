using System;
using System.Reflection;
using StandIn;

// Runs what has [Test] in assemblies, as Unity's test runner would, and prints the names of those that passed.
internal static class Program
{
    private static int Main(string[] assemblies)
    {
        int failed = 0;
        foreach (string path in assemblies)
        {
            foreach (Type type in Assembly.LoadFrom(path).GetExportedTypes())
            {
                foreach (MethodInfo method in type.GetMethods())
                {
                    if (Array.Exists(method.GetCustomAttributes(false), one => one.GetType().Name == "TestAttribute"))
                    {
                        failed += Passes(type, method) ? 0 : 1;
                    }
                }
            }
        }
        return failed;
    }

    private static bool Passes(Type type, MethodInfo method)
    {
        PlayerLoop.Begin(false);
        try
        {
            method.Invoke(Activator.CreateInstance(type), null);
        }
        catch (TargetInvocationException fault)
        {
            Console.Error.WriteLine($"{type.Name}.{method.Name}: {fault.InnerException}");
            return false;
        }
        Console.WriteLine($"{type.Name}.{method.Name}");
        return true;
    }
}
