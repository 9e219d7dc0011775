namespace Femto.Mqtt
{
    /// <summary>One step of a rule: what a reading passes, or is kept in.</summary>
    public sealed class AggregateStage
    {
        // Kinds.
        /// <summary>At most one reading in <see cref="Ms"/>: the first at once, then the latest.</summary>
        public const int Latest = 1;
        /// <summary>Only what differs by more than <see cref="Amount"/> from the last that passed; the latest after
        /// <see cref="Ms"/> of silence, 0: never.</summary>
        public const int Deadband = 2;
        /// <summary>The same, <see cref="Amount"/> in percent of the last that passed.</summary>
        public const int Percent = 3;
        /// <summary><see cref="Functions"/> of all readings within <see cref="Ms"/>.</summary>
        public const int Window = 4;
        /// <summary>Up to <see cref="Count"/> readings in one message, or those of <see cref="Ms"/>, 0: without a
        /// limit. The last step of a rule.</summary>
        public const int Batch = 5;
        /// <summary>One of <see cref="Count"/> readings.</summary>
        public const int Sample = 6;

        // Functions of a window, to be added. In JSON they stand in this order.
        public const int Min = 1, Max = 2, Mean = 4, Number = 8, First = 16, Last = 32;

        public int Kind;
        /// <summary>Milliseconds, up to a day.</summary>
        public int Ms;
        /// <summary>In millionths: of the unit, or of a percent.</summary>
        public long Amount;
        /// <summary>Readings, 1 to 10,000.</summary>
        public int Count;
        /// <summary>A sum of the functions above.</summary>
        public int Functions;

        /// <summary>Whether it gives one number for each that it lets through: another stage may follow.</summary>
        internal bool Flows()
        {
            if (Kind == Window) return (Functions & (Functions - 1)) == 0 && Functions != Number;
            return Kind != Batch;
        }
    }
}
