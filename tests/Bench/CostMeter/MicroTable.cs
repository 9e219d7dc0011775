using System;
using System.Collections.Generic;
using Femto.Micro;

namespace Femto.CostMeter
{
    /// <summary>An operation of the cost table: predicted over the empty loop, beside what was measured on the board's
    /// interpreter.</summary>
    internal sealed class MicroRow
    {
        public string Name;
        public double MeasuredFrom, MeasuredTo, Predicted;

        /// <summary>How far outside the measured range, in per cent of its nearer end; 0 inside.</summary>
        public double ErrorPercent
        {
            get
            {
                double nearest = Math.Clamp(Predicted, MeasuredFrom, MeasuredTo);
                return (Predicted - nearest) / nearest * 100;
            }
        }
    }

    /// <summary>Runs the cost table's own operations through the meter: the check of the model.</summary>
    internal sealed class MicroTable
    {
        /// <summary>The model's error against the table, per cent, that README.md states.</summary>
        public const double ErrorMaxPercent = 6;

        private const int Loops = 1000;

        private readonly Rewriter _rewriter;
        private readonly List<MicroRow> _rows = new List<MicroRow>();
        private double _loopNs;

        public MicroTable(Rewriter rewriter)
        {
            _rewriter = rewriter;
        }

        public List<MicroRow> Run()
        {
            var t = new TableOperations(new TableOperations(null, null), new Step());
            var from = new byte[1024];
            var to = new byte[1024];
            _loopNs = Ns(() => t.Loop(Loops));
            _rows.Add(new MicroRow { Name = "empty loop", Predicted = _loopNs, MeasuredFrom = 14, MeasuredTo = 14 });
            Row("int add", 7, 7, () => t.Add(Loops, 3));
            Row("byte[] read", 10, 10, () => t.ByteRead(Loops, 3));
            Row("byte[] write", 11, 11, () => t.ByteWrite(Loops, 3, 4));
            Row("field read", 9, 10, () => t.FieldRead(Loops));
            Row("field write", 9, 10, () => t.FieldWrite(Loops, 5));
            Row("static read", 9, 10, () => t.StaticRead(Loops));
            Row("static write", 9, 10, () => t.StaticWrite(Loops, 5));
            Row("static call", 26, 34, () => t.StaticCall(Loops));
            Row("static call, 1 argument", 26, 34, () => t.StaticCallOf1(Loops));
            Row("static call, 4 arguments", 41, 41, () => t.StaticCallOf4(Loops));
            Row("instance call", 34, 34, () => t.InstanceCall(Loops));
            Row("property get", 38, 38, () => t.PropertyGet(Loops));
            Row("interface call", 57, 57, () => t.InterfaceCall(Loops));
            Row("try/finally", 86, 86, () => t.TryFinally(Loops));
            Row("lock", 260, 260, () => t.Lock(Loops));
            Row("Array.Copy of 16", 109, 109, () => t.ArrayCopy(Loops, from, to, 16));
            Row("Array.Copy of 256", 113, 113, () => t.ArrayCopy(Loops, from, to, 256));
            Row("Array.Copy of 1024", 125, 125, () => t.ArrayCopy(Loops, from, to, 1024));
            Row("copy loop over 16", 583, 583, () => t.CopyLoop(Loops, from, to, 16));
            return _rows;
        }

        private void Row(string name, double from, double to, Action run)
        {
            _rows.Add(new MicroRow { Name = name, MeasuredFrom = from, MeasuredTo = to,
                Predicted = Ns(run) - _loopNs });
        }

        private double Ns(Action run)
        {
            return Measurement.Of(new CodeOperation("micro", 0, run), _rewriter).Ns / Loops;
        }
    }
}
