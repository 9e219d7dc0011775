using System;

namespace Femto.Simulation
{
    /// <summary>The broker did what it must not.</summary>
    public sealed class SimulationFault : Exception
    {
        public SimulationFault(string message)
            : base(message)
        {
        }
    }
}
