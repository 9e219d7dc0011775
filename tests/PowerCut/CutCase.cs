using System;
using System.Globalization;
using System.Linq;

namespace Femto.PowerCut
{
    /// <summary>What names a case: SEED-CALL-MODE-CHANCE-AGAIN.</summary>
    public sealed class CutCase
    {
        public int Seed;
        public int Call;        // the device's call at which the power goes; 0: not at all
        public int Mode;        // a constant of MemoryDevice
        public uint Chance;
        public int Again;       // the call of the recovery at which it goes again; 0: not

        public override string ToString() => FormattableString.Invariant($"{Seed}-{Call}-{Mode}-{Chance}-{Again}");

        public static CutCase Parse(string id)
        {
            int[] n = id.Split('-').Select(x => int.Parse(x, CultureInfo.InvariantCulture)).ToArray();
            return new CutCase { Seed = n[0], Call = n[1], Mode = n[2], Chance = (uint)n[3], Again = n[4] };
        }
    }
}
