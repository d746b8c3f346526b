using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using UnityEditor;

namespace PantoMatrix.Editor
{
    /// <summary>A server on this machine that the editor starts and ends. It outlives a reload of scripts.</summary>
    static class LocalServer
    {
        const string Program = "pantomatrix", ProcessKey = "PantoMatrix.LocalServer", SinceKey = "PantoMatrix.LocalServer.Since";

        [InitializeOnLoadMethod]
        static void EndWithTheEditor() => EditorApplication.quitting += Stop;

        /// <summary>The program on PATH; null where it is not.</summary>
        public static string Find()
        {
            string name = Environment.OSVersion.Platform == PlatformID.Win32NT ? Program + ".exe" : Program;
            foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            {
                if (folder == "") continue;
                string path = Path.Combine(folder, name);
                if (File.Exists(path)) return path;
            }
            return null;
        }

        public static bool IsRunning
        {
            get
            {
                using (var process = Running()) return process != null;
            }
        }

        /// <summary>port: for WebSockets; 0 for a free one. The first line that it says, once it listens; what it complains of where it does not. Throws
        /// InvalidOperationException where it is not on PATH, or cannot be started.</summary>
        public static Task<string> Start(int port = 8080)
        {
            string program = Find() ?? throw new InvalidOperationException(
                $"no program '{Program}' on PATH: pip install \".[server]\" in the project's folder, then start Unity from a shell that finds it");
            var process = new Process
            {
                StartInfo = new ProcessStartInfo(program, "serve --port 0 --web-port " + port)
                {
                    UseShellExecute = false, CreateNoWindow = true, RedirectStandardOutput = true, RedirectStandardError = true,
                },
            };
            try
            {
                process.Start();
            }
            catch (System.ComponentModel.Win32Exception error)
            {
                throw new InvalidOperationException($"{program} cannot be started: {error.Message}");
            }
            SessionState.SetInt(ProcessKey, process.Id);
            SessionState.SetInt(SinceKey, Since(process));
            string complaint = "it ended at once";
            process.ErrorDataReceived += (_, line) =>
            {
                if (!string.IsNullOrEmpty(line.Data)) complaint = line.Data;
            };
            process.BeginErrorReadLine();
            var first = new TaskCompletionSource<string>();
            // Read to its end: a program whose output nobody reads stands still once the pipe is full.
            process.OutputDataReceived += (_, line) =>
            {
                if (first.Task.IsCompleted) return;
                first.TrySetResult(line.Data ?? Complaint(process, () => complaint));
            };
            process.BeginOutputReadLine();
            return first.Task;
        }

        /// <summary>Nothing where none runs.</summary>
        public static void Stop()
        {
            using (var process = Running())
            {
                SessionState.EraseInt(ProcessKey);
                SessionState.EraseInt(SinceKey);
                if (process == null) return;
                process.Kill();
                process.WaitForExit(5000);
            }
        }

        static string Complaint(Process process, Func<string> last)
        {
            process.WaitForExit();
            return last();
        }

        /// <summary>When it began, in seconds of this century; 0 where it has ended already.</summary>
        static int Since(Process process)
        {
            try
            {
                return (int)(process.StartTime.ToUniversalTime() - new DateTime(2000, 1, 1)).TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }

        static Process Running()
        {
            int number = SessionState.GetInt(ProcessKey, 0);
            if (number == 0) return null;
            try
            {
                var process = Process.GetProcessById(number);
                // The system gives numbers again.
                if (!process.HasExited && Math.Abs(Since(process) - SessionState.GetInt(SinceKey, 0)) <= 2) return process;
                process.Dispose();
                return null;
            }
            catch (Exception error) when (error is ArgumentException || error is InvalidOperationException || error is System.ComponentModel.Win32Exception)
            {
                return null;
            }
        }
    }
}
