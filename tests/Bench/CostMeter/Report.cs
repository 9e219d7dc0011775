using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Femto.CostMeter
{
    /// <summary>Runs what a command asks for and prints it.</summary>
    internal sealed class Report
    {
        private static readonly (string Title, Class[] Classes)[] Columns =
        {
            ("static", new[] { Class.StaticCall }),
            ("inst", new[] { Class.InstanceCall, Class.OutsideCall }),
            ("virt", new[] { Class.VirtualCall }),
            ("prop", new[] { Class.PropertyGet }),
            ("native", new[] { Class.Native }),
            ("fieldR", new[] { Class.FieldRead, Class.FieldAddress }),
            ("fieldW", new[] { Class.FieldWrite }),
            ("statR", new[] { Class.StaticRead }),
            ("statW", new[] { Class.StaticWrite }),
            ("byteR", new[] { Class.ByteRead }),
            ("shortR", new[] { Class.ShortRead }),
            ("intR", new[] { Class.IntRead }),
            ("refR", new[] { Class.OtherRead, Class.ElementAddress }),
            ("byteW", new[] { Class.ByteWrite }),
            ("shortW", new[] { Class.ShortWrite }),
            ("intW", new[] { Class.IntWrite, Class.OtherWrite }),
            ("arith", new[] { Class.Arithmetic, Class.Compare }),
            ("branch", new[] { Class.Branch, Class.Switch }),
            ("local", new[] { Class.Local }),
            ("const", new[] { Class.Constant }),
            ("conv", new[] { Class.Conversion }),
            ("other", new[] { Class.Length, Class.Indirect, Class.Return, Class.Try, Class.Throw, Class.Cast,
                Class.Other }),
            ("alloc", new[] { Class.Allocation }),
        };

        private readonly Rewriter _rewriter;
        private int _passed, _failed;

        public Report(Rewriter rewriter)
        {
            _rewriter = rewriter;
        }

        public int Table()
        {
            List<Measurement> all = MeasureAll();
            Console.WriteLine("{0,-44} {1,8} {2,9} {3,8}", "operation", "instr", "ns", "target");
            foreach (Measurement m in all)
            {
                Console.WriteLine("{0,-44} {1,8} {2,9} {3,8}", m.Operation.Name, Text(m.Instructions), Text(m.Ns),
                    m.Operation.TargetNs > 0 ? Text(m.Operation.TargetNs) : "");
            }

            Console.WriteLine();
            Console.Write("{0,-34}", "instructions by class");
            foreach ((string title, Class[] _) in Columns)
            {
                Console.Write(" {0,6}", title);
            }

            Console.WriteLine();
            foreach (Measurement m in all)
            {
                string name = m.Operation.Name;
                Console.Write("{0,-34}", name.Length > 34 ? name.Substring(0, 34) : name);
                foreach ((string _, Class[] classes) in Columns)
                {
                    double sum = 0;
                    foreach (Class c in classes)
                    {
                        sum += m.Counts[(int)c];
                    }

                    Console.Write(" {0,6}", sum == 0 ? "." : Text(sum));
                }

                Console.WriteLine();
            }

            Console.WriteLine();
            foreach (Measurement m in all)
            {
                PrintMembers(m);
            }

            return 0;
        }

        public int Micro()
        {
            Console.WriteLine("{0,-28} {1,10} {2,10} {3,8}", "cost table", "measured", "predicted", "error");
            foreach (MicroRow row in new MicroTable(_rewriter).Run())
            {
                string measured = row.MeasuredFrom == row.MeasuredTo
                    ? Text(row.MeasuredFrom) : Text(row.MeasuredFrom) + "-" + Text(row.MeasuredTo);
                Console.WriteLine("{0,-28} {1,10} {2,10} {3,8}", row.Name, measured, Text(row.Predicted),
                    Percent(row.ErrorPercent));
            }

            return 0;
        }

        public int Top(string name)
        {
            Operation operation = Find(name);
            if (operation == null)
            {
                return 2;
            }

            Measurement m = Measurement.Of(operation, _rewriter);
            Console.WriteLine("{0}: {1} instructions, {2} ns", m.Operation.Name, Text(m.Instructions), Text(m.Ns));
            Console.WriteLine("{0,9} {1,6} {2,8} {3,8}  method (its own cost)", "ns", "share", "calls", "instr");
            foreach (MethodCost c in m.Methods)
            {
                Console.WriteLine("{0,9} {1,6} {2,8} {3,8}  {4}", Text(c.Ns), Percent(c.Ns / m.Ns * 100), Text(c.Calls),
                    Text(c.Instructions), c.Name);
            }

            PrintMembers(m);
            return 0;
        }

        public int Blocks(string method, string name)
        {
            Operation operation = Find(name);
            if (operation == null)
            {
                return 2;
            }

            foreach (MethodCost c in Measurement.Of(operation, _rewriter).Methods)
            {
                if (c.Name == method || c.Name.EndsWith("." + method))
                {
                    Console.WriteLine("{0}: {1} calls, {2} ns", c.Name, Text(c.Calls), Text(c.Ns));
                    foreach ((Block block, double runs) in c.Blocks)
                    {
                        Console.WriteLine("{0,8} x {1,6} ns = {2,6}  {3}", Text(runs), Text(block.Ns),
                            Text(runs * block.Ns),
                            string.Join("; ", block.Text));
                    }
                }
            }

            return 0;
        }

        private static Operation Find(string name)
        {
            var found = new List<Operation>();
            foreach (Operation o in Operations.All())
            {
                if (o.Name == name)
                {
                    found.Clear();
                    found.Add(o);
                    break;
                }

                if (o.Name.Contains(name))
                {
                    found.Add(o);
                }
            }

            if (found.Count != 1)
            {
                Console.Error.WriteLine(found.Count == 0 ? "no operation \"{0}\"; there are:"
                    : "\"{0}\" fits several:", name);
                foreach (Operation o in found.Count == 0 ? Operations.All() : found)
                {
                    Console.Error.WriteLine("  " + o.Name);
                }

                return null;
            }

            return found[0];
        }

        public int Record()
        {
            string text = CostMeter.Record.Format(MeasureAll());
            File.WriteAllText(CostMeter.Record.File, text);
            Console.Write(text);
            return 0;
        }

        public int Check()
        {
            new SelfCheck(_rewriter, Result).Run();
            Record record = File.Exists(CostMeter.Record.File)
                ? CostMeter.Record.Parse(File.ReadAllLines(CostMeter.Record.File))
                : CostMeter.Record.Parse(new string[0]);
            List<Measurement> all = MeasureAll();
            var measured = new HashSet<string>();
            bool grew = false;
            foreach (Measurement m in all)
            {
                measured.Add(m.Operation.Name);
                bool ok = record.Accepts(m, out string message);
                grew |= !ok;
                string fault = Judge(m);
                Result(m.Operation.Name, ok && fault == null, fault ?? message);
            }

            foreach (string name in record.Names)
            {
                if (!measured.Contains(name))
                {
                    grew = true;
                    Result(name, false, "recorded, but no longer measured");
                }
            }

            if (grew)
            {
                Console.WriteLine("When the growth is meant, record it in the same commit:");
                Console.WriteLine("  dotnet run -c Release --project tests/Bench/CostMeter -- record");
            }

            Console.WriteLine("{0} passed, {1} failed", _passed, _failed);
            return _failed == 0 ? 0 : 1;
        }

        /// <summary>What is wrong with an operation whatever was recorded; null when nothing is.</summary>
        public static string Judge(Measurement m)
        {
            foreach (string allocation in m.Allocations.Keys)
            {
                return "not allowed here: " + allocation;
            }

            foreach (string member in m.Natives.Keys)
            {
                if (!CostModel.NativePrices.ContainsKey(member))
                {
                    return "CostModel has no price for " + member;
                }
            }

            if (m.Operation.TargetNs > 0 && m.Ns > m.Operation.TargetNs)
            {
                return Text(m.Ns) + " ns, above its target of " + Text(m.Operation.TargetNs);
            }

            return null;
        }

        private List<Measurement> MeasureAll()
        {
            var all = new List<Measurement>();
            foreach (Operation operation in Operations.All())
            {
                all.Add(Measurement.Of(operation, _rewriter));
            }

            return all;
        }

        private void Result(string name, bool ok, string message)
        {
            if (ok)
            {
                _passed++;
            }
            else
            {
                _failed++;
            }

            if (!ok || message != null)
            {
                Console.WriteLine("{0} {1}: {2}", ok ? "note" : "FAIL", name, message);
            }
        }

        private static void PrintMembers(Measurement m)
        {
            foreach (KeyValuePair<string, double> native in m.Natives)
            {
                Console.WriteLine("{0}: {1} x {2}", m.Operation.Name, Text(native.Value), native.Key);
            }

            double[] lengths = m.CopyLengths;
            if (lengths[0] + lengths[1] + lengths[2] + lengths[3] > 0)
            {
                Console.WriteLine("{0}: copies up to 16 bytes {1}, 256 {2}, 1024 {3}, more {4}", m.Operation.Name,
                    Text(lengths[0]), Text(lengths[1]), Text(lengths[2]), Text(lengths[3]));
            }

            foreach (KeyValuePair<string, double> allocation in m.Allocations)
            {
                Console.WriteLine("{0}: {1} x {2}", m.Operation.Name, Text(allocation.Value), allocation.Key);
            }
        }

        private static string Text(double number)
        {
            return number.ToString(number < 100 && number != Math.Floor(number) ? "0.0" : "0",
                CultureInfo.InvariantCulture);
        }

        private static string Percent(double number)
        {
            return number.ToString("0", CultureInfo.InvariantCulture) + " %";
        }
    }
}
