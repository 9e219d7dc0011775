namespace Femto.Simulation
{
    /// <summary>A SUBSCRIBE of one filter: when it may have been in force, and when it was for certain.</summary>
    public sealed class Subscription
    {
        public string Filter;       // without $share/group/
        public string Group = "";
        public string Text;         // as sent
        public int Qos;
        public bool NoLocal;
        public bool AsPublished;
        public int Handling;
        public int Identifier;
        public int Epoch;

        public long MayFrom;
        public long MayTo = long.MaxValue;
        public long SureFrom = long.MaxValue;
        public long SureTo = long.MaxValue;

        public bool Shared => Group != "";

        public override string ToString() => $"{Text} q{Qos}";

        /// <summary>Section 4.7, word by word.</summary>
        public bool Matches(string topic)
        {
            if (topic[0] == '$' && (Filter[0] == '+' || Filter[0] == '#')) return false; // [MQTT-4.7.2-1]
            string[] f = Filter.Split('/');
            string[] t = topic.Split('/');
            for (int i = 0; i < f.Length; i++)
            {
                if (f[i] == "#") return true;
                if (i >= t.Length || f[i] != "+" && f[i] != t[i]) return false;
            }
            return f.Length == t.Length;
        }
    }
}
