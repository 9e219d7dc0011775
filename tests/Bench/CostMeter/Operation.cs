namespace Femto.CostMeter
{
    /// <summary>
    /// Something the board does again and again. Built and made ready outside the measurement; only what the libraries
    /// do inside <see cref="Run"/> is counted.
    /// </summary>
    internal abstract class Operation
    {
        protected Operation(string name, double targetNs = 0)
        {
            Name = name;
            TargetNs = targetNs;
        }

        /// <summary>Lower case, no two blanks in a row: the key in recorded.txt.</summary>
        public string Name { get; }

        /// <summary>The most that the prediction may say; 0: no target.</summary>
        public double TargetNs { get; }

        /// <summary>Runs before each measured run, not counted.</summary>
        public virtual void Before()
        {
        }

        public abstract void Run();

        /// <summary>Throws when the run did not do what it is meant to measure. Not counted.</summary>
        public virtual void After()
        {
        }

        protected void Expect(bool truth, string what)
        {
            if (!truth)
            {
                throw new System.InvalidOperationException(Name + ": expected " + what);
            }
        }
    }
}
