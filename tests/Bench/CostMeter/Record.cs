using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;

namespace Femto.CostMeter
{
    /// <summary>The figures of the last change that was measured: recorded.txt, one line an operation.</summary>
    internal sealed class Record
    {
        public const double TolerancePercent = 5;

        private readonly Dictionary<string, double[]> _lines = new Dictionary<string, double[]>();

        public static string File
        {
            get
            {
                foreach (AssemblyMetadataAttribute a in
                    typeof(Record).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
                {
                    if (a.Key == "SourceFolder")
                    {
                        return Path.Combine(a.Value, "recorded.txt");
                    }
                }

                throw new InvalidOperationException("the program does not know its source folder");
            }
        }

        public IEnumerable<string> Names => _lines.Keys;

        public static Record Parse(IEnumerable<string> lines)
        {
            var record = new Record();
            foreach (string line in lines)
            {
                if (line.Length > 0 && line[0] != '#')
                {
                    string[] parts = line.Split('|');
                    record._lines.Add(parts[0].Trim(), new[] { Number(parts[1]), Number(parts[2]) });
                }
            }

            return record;
        }

        public static string Format(IEnumerable<Measurement> measurements)
        {
            var text = new StringBuilder();
            text.Append("# operation | IL instructions | ns predicted. Written by: ");
            text.Append("dotnet run -c Release --project tests/Bench/CostMeter -- record\n");
            foreach (Measurement m in measurements)
            {
                text.AppendFormat(CultureInfo.InvariantCulture, "{0,-44} | {1,7:0.0} | {2,8:0.0}\n",
                    m.Operation.Name, m.Instructions, m.Ns);
            }

            return text.ToString();
        }

        /// <summary>Holds a measurement against its line.</summary>
        /// <param name="message">What there is to say: always when false, else null or a remark.</param>
        public bool Accepts(Measurement m, out string message)
        {
            message = null;
            if (!_lines.TryGetValue(m.Operation.Name, out double[] line))
            {
                message = "not recorded yet";
                return false;
            }

            double instructions = Percent(m.Instructions, line[0]), ns = Percent(m.Ns, line[1]);
            if (instructions > TolerancePercent || ns > TolerancePercent)
            {
                message = string.Format(CultureInfo.InvariantCulture,
                    "grew: {0:0.0} instructions, recorded {1:0.0} ({2:+0.0;-0.0} %); {3:0.0} ns, "
                        + "recorded {4:0.0} ({5:+0.0;-0.0} %)",
                    m.Instructions, line[0], instructions, m.Ns, line[1], ns);
                return false;
            }

            if (instructions < -TolerancePercent || ns < -TolerancePercent)
            {
                message = string.Format(CultureInfo.InvariantCulture,
                    "shrank to {0:0.0} ns from {1:0.0} ({2:+0.0;-0.0} %): record it", m.Ns, line[1], ns);
            }

            return true;
        }

        private static double Percent(double now, double then)
        {
            return then > 0 ? (now - then) / then * 100 : now > 0 ? 100 : 0;
        }

        private static double Number(string text)
        {
            return double.Parse(text.Trim(), CultureInfo.InvariantCulture);
        }
    }
}
