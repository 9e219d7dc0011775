using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Femto.Simulation
{
    /// <summary>Breaks one line of a copy of the libraries at a time, and counts the seeds until it is found.</summary>
    public static class Planting
    {
        private const int HangMs = 30000;

        public static int Run(string only, int most)
        {
            string root = PlantedFaults.Root();
            List<PlantedFault> faults = PlantedFaults.Read(Path.Combine(root, "tests/Simulation/planted.txt"));
            string copy = Directory.CreateTempSubdirectory("femto-planted-").FullName;
            int missed = 0;
            try
            {
                Console.WriteLine("| planted | seeds | said |");
                Console.WriteLine("| --- | --- | --- |");
                foreach (PlantedFault fault in faults)
                {
                    if (only != null && fault.Name != only) continue;
                    string said = One(root, copy, fault, most);
                    if (said == null) missed++;
                    Console.WriteLine($"| {fault.Name} | {said ?? $"above {most} | not found"} |");
                }
            }
            finally
            {
                Directory.Delete(copy, true);
            }
            return missed == 0 ? 0 : 1;
        }

        private static string One(string root, string copy, PlantedFault fault, int most)
        {
            if (PlantedFaults.Occurrences(root, fault) != 1)
            {
                throw new InvalidOperationException(fault.Name + ": old text");
            }
            Copy(root, copy, "lib");
            Copy(root, copy, "tests/Simulation");
            foreach (string file in Directory.GetFiles(root, "*.props"))
            {
                Same(file, Path.Combine(copy, Path.GetFileName(file)));
            }
            Same(Path.Combine(root, "nf.sln"), Path.Combine(copy, "nf.sln"));
            string path = Path.Combine(copy, fault.File);
            File.WriteAllText(path, File.ReadAllText(path).Replace(fault.Old, fault.New));
            string project = Path.Combine(copy, "tests/Simulation/Simulation.csproj");
            if (Start("dotnet", $"build {project} -nologo -v quiet -nodeReuse:false", out string built) != 0)
            {
                throw new InvalidOperationException(fault.Name + " does not build: " + built);
            }
            string program = Path.Combine(copy, "artifacts/bin/Simulation/debug/Simulation.dll");
            Start("dotnet", $"{program} --first {most}", out string said);
            return said == "" ? null : said;
        }

        // Runs a program; what it said last. One that says nothing for long is stopped: what it said last is where.
        private static int Start(string program, string arguments, out string last)
        {
            ProcessStartInfo info = new(program, arguments) { RedirectStandardOutput = true };
            using Process process = Process.Start(info);
            string line = "";
            string result = "";
            long at = Environment.TickCount64;
            process.OutputDataReceived += (_, e) =>
            {
                if (e.Data == null) return;
                Volatile.Write(ref at, Environment.TickCount64);
                if (e.Data.StartsWith("at ")) line = e.Data.Substring(3);
                else result = e.Data;
            };
            process.BeginOutputReadLine();
            bool search = arguments.Contains("--first");
            while (!process.WaitForExit(500))
            {
                if (!search || Environment.TickCount64 - Volatile.Read(ref at) < HangMs) continue;
                process.Kill();
                process.WaitForExit();
                last = line + " | never ends";
                return 1;
            }
            process.WaitForExit();
            last = result;
            return process.ExitCode;
        }

        private static void Copy(string root, string copy, string folder)
        {
            string from = Path.Combine(root, folder);
            foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                Same(file, Path.Combine(copy, Path.GetRelativePath(root, file)));
            }
        }

        private static void Same(string from, string to)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to));
            File.WriteAllBytes(to, File.ReadAllBytes(from));
        }
    }
}
