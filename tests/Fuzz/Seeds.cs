namespace Femto.Fuzz
{
    /// <summary>What is played for one seed.</summary>
    public static class Seeds
    {
        public static long Packets, Delivered, Refused, Closes;

        /// <summary>Null, or what is wrong.</summary>
        public static string Play(int seed)
        {
            World world = new(seed, Mutator.Poison);
            string wrong = world.Play();
            Packets += world.Packets;
            Delivered += world.Delivered;
            Refused += world.Refusals;
            Closes += world.Closes;
            if (wrong != null) return wrong;
            if (world.Allocated != 0 || seed % 4 == 0)
            {
                World again = new(seed, 0);
                wrong = again.Play();
                if (wrong != null) return wrong + " (only with zeros around the packets)";
                if (again.OutputHash != world.OutputHash) return "what comes out hangs on the bytes around the packets";
                // At first use the runtime allocates for itself; then not again.
                if (again.Allocated != 0) return $"{again.Allocated} bytes allocated";
            }
            ClientWorld client = new(seed, Mutator.Poison);
            wrong = client.Play();
            if (wrong != null || client.Allocated == 0) return wrong;
            client = new ClientWorld(seed, Mutator.Poison);
            wrong = client.Play();
            return wrong ?? (client.Allocated == 0 ? null : $"client: {client.Allocated} bytes allocated");
        }
    }
}
