using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// A device with sensors, as a program beside the broker: reads them by schedule and publishes what they say. Never
    /// blocks; called from the broker's thread alone, and allocates nothing after its constructor.
    /// </summary>
    /// <remarks>
    /// The broker's loop calls <see cref="Turn"/> before <see cref="Broker.Tick"/>, and waits no longer than
    /// <see cref="Wait"/> says.
    /// </remarks>
    public sealed class SensorApp : ILocalSink
    {
        /// <summary>The time of day, shared with the bridges; whoever knows it sets it.</summary>
        public readonly WallClock Clock;

        private const int RetryMs = 10;         // after the broker's inbox was full

        private readonly ISensor[] sensors;
        private readonly LocalClient client;
        private readonly IAppHost host;
        private readonly byte[][] topics;
        private readonly int[] intervalMs;
        private readonly int[] dueMs;
        private readonly byte[] decimals;
        private readonly byte[] payload = new byte[PayloadBytes];
        private bool begun;
        private int againMs;
        private bool again;

        private const int PayloadBytes = 112;

        /// <summary>Builds the app and its local client. At boot, on the thread that will run the broker.</summary>
        /// <param name="broker">Its limits must allow for one local client more.</param>
        /// <param name="bridges">Those of this broker; may be empty.</param>
        /// <param name="options">Device and sensors.</param>
        /// <param name="sensors">One for each of the options' sensors, in their order.</param>
        /// <param name="clock">The same as the bridges'.</param>
        /// <param name="host">The board.</param>
        /// <param name="bootReason">A constant of <see cref="BootReason"/>.</param>
        /// <exception cref="ArgumentException">The options do not hold, or a table of the broker is full.</exception>
        public SensorApp(Broker broker, Bridge[] bridges, AppOptions options, ISensor[] sensors, WallClock clock,
            IAppHost host, int bootReason)
        {
            if (sensors.Length != options.Sensors.Length) throw new ArgumentException("each sensor needs its options");
            this.sensors = sensors;
            this.host = host;
            Clock = clock;
            int count = sensors.Length;
            topics = new byte[count][];
            intervalMs = new int[count];
            dueMs = new int[count];
            decimals = new byte[count];
            for (int i = 0; i < count; i++)
            {
                SensorOptions o = options.Sensors[i];
                string topic = o.Topic != null ? o.Topic : "femto/" + options.Device + "/sensor/" + o.Name;
                topics[i] = Encoding.UTF8.GetBytes(topic);
                intervalMs[i] = o.IntervalMs;
                decimals[i] = (byte)o.Decimals;
            }
            client = new LocalClient(broker, Encoding.UTF8.GetBytes("femto." + options.Device), this);
        }

        /// <summary>Does everything that is due.</summary>
        /// <returns>What <see cref="Wait"/> says now.</returns>
        public int Turn(int nowMs)
        {
            Clock.Advance(nowMs);
            if (!begun)
            {
                begun = true;
                for (int i = 0; i < dueMs.Length; i++) dueMs[i] = nowMs;
            }
            again = false;
            for (int i = 0; i < dueMs.Length && !again; i++)
            {
                if (nowMs - dueMs[i] >= 0) Read(i, nowMs);
            }
            return Wait(nowMs);
        }

        /// <summary>Milliseconds until Turn must be called again at the latest.</summary>
        public int Wait(int nowMs)
        {
            if (!begun) return 0;
            int wait = int.MaxValue;
            for (int i = 0; i < dueMs.Length; i++)
            {
                int left = dueMs[i] - nowMs;
                if (left < wait) wait = left;
            }
            if (again) wait = againMs - nowMs;
            return wait < 0 ? 0 : wait;
        }

        /// <summary>Says goodbye: the device goes offline. The broker's loop goes on for a moment.</summary>
        public void Stop(int nowMs)
        {
            client.Close();
        }

        /// <inheritdoc/>
        public void Message(LocalClient client, LocalMessage message)
        {
        }

        /// <inheritdoc/>
        public void Answer(LocalClient client, int call, int reason)
        {
        }

        private void Read(int i, int nowMs)
        {
            int value;
            if (sensors[i].Read(nowMs, out value) == SensorFault.None)
            {
                int length = FixedPoint.Write(value, decimals[i], false, payload, 0);
                byte[] topic = topics[i];
                if (client.Publish(topic, 0, topic.Length, payload, 0, length, 0, false) == Fault.InboxFull)
                {
                    again = true;
                    againMs = nowMs + RetryMs;
                    return;
                }
            }
            // By the clock, not by when it was done: the schedule does not drift. What was slept through is left out.
            int late = nowMs - dueMs[i];
            dueMs[i] += intervalMs[i] * (1 + late / intervalMs[i]);
        }
    }
}
