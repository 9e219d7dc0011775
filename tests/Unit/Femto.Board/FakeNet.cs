namespace Femto.Mqtt.Unit
{
    /// <summary>A board's network, whose state the test sets; tells what was logged.</summary>
    public class FakeNet : INetPort, INetLog
    {
        public bool IsConfigured = true, IsUp;
        public int Connects, Outcome;
        public string Told = "", Own;

        public bool Configured()
        {
            return IsConfigured;
        }

        public bool Up()
        {
            return IsUp;
        }

        public string Address()
        {
            return "10.0.0.2 (DHCP)";
        }

        public string AccessPoint()
        {
            return Own;
        }

        public void Connect()
        {
            Connects++;
            Outcome = NetResult.Pending;
        }

        public int Result()
        {
            return Outcome;
        }

        public void NetUp(string address)
        {
            Told += "up " + address + ";";
        }

        public void NetServes(string name)
        {
            Told += "serves " + name + ";";
        }

        public void NetDown()
        {
            Told += "down;";
        }

        public void NetFailed(int result, int retryMs)
        {
            Told += "failed " + result.ToString() + " " + retryMs.ToString() + ";";
        }

        public void NetMissing()
        {
            Told += "missing;";
        }
    }
}
