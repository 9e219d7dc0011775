using System;

namespace Femto.CostMeter
{
    /// <summary>Any piece of code as an operation.</summary>
    internal sealed class CodeOperation : Operation
    {
        private readonly Action _run;

        public CodeOperation(string name, double targetNs, Action run)
            : base(name, targetNs)
        {
            _run = run;
        }

        public override void Run()
        {
            _run();
        }
    }
}
