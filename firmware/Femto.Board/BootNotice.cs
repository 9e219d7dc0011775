using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// Publishes, once and retained, what is wrong with the configuration: <c>femto/DEVICE/config</c>. A configuration
    /// that is right clears what an earlier boot left there. Made only when there is a place for one more local client.
    /// </summary>
    public sealed class BootNotice : ITurn, ILocalSink
    {
        private const int RetryMs = 100;

        private readonly LocalClient client;
        private readonly byte[] topic, payload;
        private int dueMs, count;
        private bool begun, said;

        /// <param name="broker">Its limits must allow for one local client more.</param>
        /// <param name="device">One level of a topic.</param>
        /// <param name="fault">What is wrong; null: nothing.</param>
        public BootNotice(Broker broker, string device, string fault)
        {
            topic = Encoding.UTF8.GetBytes("femto/" + device + "/config");
            payload = Encoding.UTF8.GetBytes(fault == null ? "" : fault);
            count = payload.Length;
            client = new LocalClient(broker, Encoding.UTF8.GetBytes("femto." + device + ".boot"), this);
        }

        /// <inheritdoc/>
        public int Turn(int nowMs)
        {
            if (!begun) dueMs = nowMs;
            begun = true;
            if (!said && nowMs - dueMs >= 0) Say(nowMs);
            return Wait(nowMs);
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            if (said) return int.MaxValue;
            int wait = begun ? dueMs - nowMs : 0;
            return wait < 0 ? 0 : wait;
        }

        /// <inheritdoc/>
        public void Message(LocalClient client, LocalMessage message)
        {
            // It subscribes to nothing.
        }

        /// <inheritdoc/>
        public void Answer(LocalClient client, int call, int reason)
        {
            // A broker that has no room for it has told so in its own figures.
        }

        private void Say(int nowMs)
        {
            dueMs = nowMs + RetryMs;
            Fault fault = client.Publish(topic, 0, topic.Length, payload, 0, count, 0, true);
            while (fault == Fault.TooLarge && count > 0)
            {
                // The broker's inbox is small: its beginning says most. No character is cut in two.
                count--;
                while (count > 0 && (payload[count] & 0xC0) == 0x80) count--;
                fault = client.Publish(topic, 0, topic.Length, payload, 0, count, 0, true);
            }
            if (fault == Fault.InboxFull) return;
            said = true;
            client.Close();
        }
    }
}
