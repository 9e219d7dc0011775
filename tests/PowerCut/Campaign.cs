using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Femto.Mqtt.Unit;

namespace Femto.PowerCut
{
    /// <summary>Cuts the power at every call of the device, of one scenario after the other.</summary>
    public sealed class Campaign
    {
        public int Cuts, Scenarios, Failed;
        /// <summary>The case that failed first in their order, and how many were played before it.</summary>
        public string First;
        public int FirstAt;
        public int FailuresMax = 20;

        private readonly object gate = new();

        /// <summary>Plays the cases of the seeds from here on, so many cuts.</summary>
        public void Run(int seed, int cuts, Action<string> tell)
        {
            FirstAt = int.MaxValue;
            while (Cuts < cuts && Failed < FailuresMax)
            {
                List<CutCase> cases = new();
                for (; cases.Count < 600 && Cuts + cases.Count < cuts; seed++)
                {
                    Scenarios++;
                    Add(cases, seed, tell);
                    if (Failed >= FailuresMax) break;
                }
                int most = Math.Min(cases.Count, cuts - Cuts);
                int before = Cuts;
                ParallelOptions options = new() { MaxDegreeOfParallelism = 2 };
                Parallel.For(0, most, options, i =>
                {
                    string wrong = new CutWorld(cases[i]).Play();
                    if (wrong != null) Fail(cases[i], before + i + 1, wrong, tell);
                });
                Cuts += most;
            }
        }

        // A call of the device in the whole scenario each; what becomes of the unsynced, and whether the recovery is
        // cut too, go round.
        private void Add(List<CutCase> cases, int seed, Action<string> tell)
        {
            var whole = new CutWorld(new CutCase { Seed = seed });
            string wrong = whole.Play();
            if (wrong != null) Fail(new CutCase { Seed = seed }, Cuts + cases.Count, wrong, tell);
            for (int call = 1; call <= whole.Calls; call++)
            {
                int mode = Math.Min(call % 5, MemoryDevice.Shuffle);
                int again = call % 7 == 0 ? 1 + call / 7 % 6 : 0;
                uint chance = (uint)(seed * 31 + call);
                cases.Add(new CutCase { Seed = seed, Call = call, Mode = mode, Chance = chance, Again = again });
            }
        }

        private void Fail(CutCase one, int at, string wrong, Action<string> tell)
        {
            lock (gate)
            {
                Failed++;
                tell($"tests/powercut --case {one}: {wrong}");
                if (at >= FirstAt) return;
                FirstAt = at;
                First = one + ": " + wrong;
            }
        }
    }
}
