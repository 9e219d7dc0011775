using System;
using System.Collections.Generic;
using System.IO;

namespace Femto.Simulation
{
    /// <summary>A line of the broker, and what it is changed to in a copy, to see that the simulation finds
    /// it.</summary>
    public sealed class PlantedFault
    {
        public string Name;
        public string File;
        public string Old;
        public string New;
    }

    /// <summary>Reads planted.txt.</summary>
    public static class PlantedFaults
    {
        public static List<PlantedFault> Read(string path)
        {
            List<PlantedFault> list = new();
            foreach (string line in File.ReadAllLines(path))
            {
                if (line.Length == 0 || line[0] == '#') continue;
                PlantedFault last = list.Count == 0 ? null : list[^1];
                string text = line.Length > 2 ? line.Substring(2) : "";
                if (line[0] == '=') list.Add(new PlantedFault { Name = text });
                else if (line[0] == '@') last.File = text;
                else if (line[0] == '-') last.Old = text;
                else if (line[0] == '+') last.New = text;
                else throw new FormatException(path + ": " + line);
            }
            return list;
        }

        /// <summary>The folder that holds nf.sln.</summary>
        public static string Root()
        {
            DirectoryInfo d = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(d.FullName, "nf.sln"))) d = d.Parent;
            return d.FullName;
        }

        /// <summary>How often the old text stands in its file.</summary>
        public static int Occurrences(string root, PlantedFault fault)
        {
            string text = File.ReadAllText(Path.Combine(root, fault.File));
            int n = 0;
            for (int at = text.IndexOf(fault.Old); at >= 0; at = text.IndexOf(fault.Old, at + 1)) n++;
            return n;
        }
    }
}
