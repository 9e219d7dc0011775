using System;
using System.Collections.Generic;
using Femto.Micro;

namespace Femto.CostMeter
{
    /// <summary>Is the meter exact, is its model right, and can its gate fail?</summary>
    internal sealed class SelfCheck
    {
        private readonly Rewriter _rewriter;
        private readonly Action<string, bool, string> _result;

        public SelfCheck(Rewriter rewriter, Action<string, bool, string> result)
        {
            _rewriter = rewriter;
            _result = result;
        }

        public void Run()
        {
            foreach (MicroRow row in new MicroTable(_rewriter).Run())
            {
                Expect("model: " + row.Name, Math.Abs(row.ErrorPercent) <= MicroTable.ErrorMaxPercent,
                    "predicted " + row.Predicted + " ns");
            }

            Counts();
            Behaviour();
            GateFails();
        }

        private void Counts()
        {
            var t = new TableOperations(new TableOperations(null, null), new Step());
            // for (i = 0; i < 10; i++): ldc, stloc, br; 10 x ldloc, ldc, add, stloc; 11 x ldloc, ldarg, blt; ret.
            Measurement loop = Of("loop", () => t.Loop(10));
            Expect("counts: loop", loop.Instructions == 3 + 40 + 33 + 1, loop.Instructions + " instructions");
            Expect("counts: branches", loop.Counts[(int)Class.Branch] == 12, loop.Counts[(int)Class.Branch]
                + " branches");
            Measurement calls = Of("calls", () => t.InstanceCall(10));
            Expect("counts: calls", calls.Counts[(int)Class.InstanceCall] == 10
                && calls.Counts[(int)Class.OutsideCall] == 1,
                "not 10 calls and 1 from outside");
            Measurement interfaces = Of("interface calls", () => t.InterfaceCall(10));
            Expect("counts: interface calls", interfaces.Counts[(int)Class.VirtualCall] == 10, "not 10");
            Measurement properties = Of("properties", () => t.PropertyGet(10));
            Expect("counts: properties", properties.Counts[(int)Class.PropertyGet] == 10, "not 10");
            Measurement copies = Of("copies", () => t.ArrayCopy(10, new byte[300], new byte[300], 300));
            Expect("counts: copies", copies.CopyLengths[2] == 10 && copies.Counts[(int)Class.Native] == 10, "not 10");
            Measurement again = Of("loop", () => t.Loop(10));
            Expect("counts: repeatable", again.Ns == loop.Ns, "two figures for the same code");
        }

        private void Behaviour()
        {
            for (int n = 0; n < 40; n++)
            {
                if (TableOperations.Control(n) != Control(n))
                {
                    Expect("rewriting keeps behaviour", false, "n = " + n);
                    return;
                }
            }

            Expect("rewriting keeps behaviour", true, null);
        }

        /// <summary>What TableOperations.Control says in its own words, not rewritten.</summary>
        private static int Control(int n)
        {
            int sum = 0;
            for (int i = n; i >= 0; i--)
            {
                switch (i & 3)
                {
                    case 0: sum += 3; break;
                    case 1: sum += i > 8 ? 5 : 7; break;
                    case 2: sum ^= 11; break;
                    default: sum += (i == 3 ? 1000 : 100 / (i - 3)) + 1; break;
                }
            }

            return sum;
        }

        private void GateFails()
        {
            var t = new TableOperations(null, null);
            Measurement allocating = Of("allocating", () => t.Allocate(3));
            Expect("gate refuses an allocation", Report.Judge(allocating) != null, "not refused");
            Measurement unpriced = Of("unpriced", () => t.Unpriced(3));
            Expect("gate refuses a member without a price", Report.Judge(unpriced) != null, "not refused");
            Measurement slow = Measurement.Of(new CodeOperation("slow", 100, () => t.Loop(100)), _rewriter);
            Expect("gate refuses a missed target", Report.Judge(slow) != null, "not refused");

            Measurement now = Of("loop", () => t.Loop(100));
            Record same = Recorded(Of("loop", () => t.Loop(100)));
            Expect("gate takes the same figures", same.Accepts(now, out string none) && none == null, "refused");
            Record less = Recorded(Of("loop", () => t.Loop(94)));
            Expect("gate refuses growth by 6 %", !less.Accepts(now, out _), "not refused");
            Record slightlyLess = Recorded(Of("loop", () => t.Loop(97)));
            Expect("gate takes growth by 3 %", slightlyLess.Accepts(now, out none), "refused");
            Record more = Recorded(Of("loop", () => t.Loop(110)));
            Expect("gate remarks on shrinking", more.Accepts(now, out string remark) && remark != null, "no remark");
            Record empty = Record.Parse(new string[0]);
            Expect("gate refuses what is not recorded", !empty.Accepts(now, out _), "not refused");
        }

        private static Record Recorded(Measurement m)
        {
            return Record.Parse(Record.Format(new List<Measurement> { m }).Split('\n'));
        }

        private Measurement Of(string name, Action run)
        {
            return Measurement.Of(new CodeOperation(name, 0, run), _rewriter);
        }

        private void Expect(string name, bool ok, string message)
        {
            _result(name, ok, ok ? null : message);
        }
    }
}
