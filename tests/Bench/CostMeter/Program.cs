using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace Femto.CostMeter
{
    /// <summary>
    /// Counts the IL instructions that the libraries execute and predicts their time on the board. See README.md.
    /// </summary>
    internal static class Program
    {
        private const string Usage =
            "usage: dotnet run -c Release --project tests/Bench/CostMeter -- [command]\n"
            + "  (none)         the table: instructions by class and predicted ns of every operation\n"
            + "  check          the gate: fails when an operation grew above what recorded.txt says\n"
            + "  record         writes recorded.txt\n"
            + "  top OPERATION  the operation's methods by their own predicted ns\n"
            + "  blocks METHOD OPERATION  the method's blocks: how often each ran, its ns and its instructions\n"
            + "  micro          the cost table's own operations: predicted beside measured";

        public static int Main(string[] arguments)
        {
            string command = arguments.Length == 0 ? "table" : arguments[0];
            bool known = command == "table" || command == "check" || command == "record" || command == "micro";
            int words = command == "top" ? 2 : command == "blocks" ? 3 : known ? 1 : int.MaxValue;
            if (arguments.Length < words && arguments.Length > 0 || known && arguments.Length > 1)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            var rewriter = new Rewriter();
            Dictionary<string, byte[]> images;
            try
            {
                images = rewriter.Rewrite(Path.Combine(AppContext.BaseDirectory, "measured"));
            }
            catch (InvalidOperationException e)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }

            // The libraries are not beside this program: whatever uses them below gets the rewritten copies.
            AssemblyLoadContext.Default.Resolving += (context, name) =>
                images.TryGetValue(name.Name, out byte[] image) ? Load(context, image) : null;
            var report = new Report(rewriter);
            switch (command)
            {
                case "check": return report.Check();
                case "record": return report.Record();
                case "top": return report.Top(string.Join(" ", arguments, 1, arguments.Length - 1));
                case "blocks": return report.Blocks(arguments[1], string.Join(" ", arguments, 2, arguments.Length - 2));
                case "micro": return report.Micro();
                default: return report.Table();
            }
        }

        private static Assembly Load(AssemblyLoadContext context, byte[] image)
        {
            return context.LoadFromStream(new MemoryStream(image));
        }
    }
}
