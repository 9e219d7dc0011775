namespace Femto.Mqtt.Unit
{
    /// <summary>What a bridge told, as text.</summary>
    public class Log : IBridgeLog
    {
        public string Told = "";

        private void Tell(string what)
        {
            Told = Told == "" ? what : Told + ", " + what;
        }

        public void Connecting(Bridge bridge)
        {
            Tell("to " + bridge.Options.Hosts[bridge.Address]);
        }

        public void Connected(Bridge bridge, bool sessionPresent)
        {
            Tell(sessionPresent ? "connected again" : "connected");
        }

        public void Disconnected(Bridge bridge, int reason)
        {
            Tell("down " + reason.ToString());
        }

        public void Renewed(Bridge bridge, int messages)
        {
            Tell("anew " + messages.ToString());
        }

        public void SubscriptionRefused(Bridge bridge, int topic, int reason)
        {
            Tell("topic " + topic.ToString() + " refused " + reason.ToString());
        }

        public void Refused(Bridge bridge, int message, int reason)
        {
            Tell("message refused " + reason.ToString());
        }

        public void Discarded(Bridge bridge, byte[] topic, int offset, int length, int bytes)
        {
            Line.Clear();
            Line.Show(topic, offset, length);
            Tell("discarded " + Line.Text());
        }

        public void Dropped(Bridge bridge, int messages)
        {
            Tell("dropped " + messages.ToString());
        }
    }
}
