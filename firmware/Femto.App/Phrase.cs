using System.Text;

namespace Femto.Mqtt
{
    /// <summary>The texts of what the app publishes, as bytes made once at boot.</summary>
    internal sealed class Phrase
    {
        public const int Root = 0, Sensor = 1, Status = 2, Fault = 3, Command = 4, Reply = 5, BlackBox = 6;
        public const int Online = 7, Offline = 8, Boot = 9, Uptime = 10, Time = 11, Null = 12, Value = 13, Unit = 14,
            Up = 15, FaultIs = 16, Count = 17, Retry = 18, Yes = 19, No = 20, OfSensor = 21, Interval = 22,
            Sensors = 23, Failing = 24, Events = 25, Number = 26, Event = 27, Detail = 28;
        public const int BootReasons = 29;  // six, in the order of BootReason
        public const int SensorFaults = 35; // five, in the order of SensorFault
        public const int EventNames = 40;   // eleven, in the order of BlackBox's events
        public const int Stalls = 51;       // three, from Watch.Loop
        public const int UnknownCommand = 54, NoSensor = 55, WrongInterval = 56, NothingMore = 57, TooMany = 58,
            NoCommandTopic = 59;
        public const int PingName = 60, IntervalName = 61, ReportName = 62, RebootName = 63, EventsName = 64;
        private const int Total = 65;

        private const string Texts =
            "femto/|/sensor/|/status|/fault/|/cmd/|/reply/|/blackbox"
            + "|{\"status\":\"online\",\"version\":\"" + BrokerVersion.Number + "\",\"boot\":\""
            + "|{\"status\":\"offline\"}|{\"boot\":\"|\",\"uptime\":|,\"t\":|null|{\"value\":|,\"unit\":\""
            + "|,\"up\":|{\"fault\":|,\"count\":|,\"retry\":|{\"ok\":true|{\"ok\":false,\"error\":\""
            + "|,\"sensor\":\"|,\"interval\":|,\"sensors\":|,\"failing\":|,\"events\":"
            + "|{\"n\":|,\"event\":\"|,\"detail\":\""
            + "|unknown|power on|command|watchdog|crash|update"
            + "|none|no answer|out of range|broken|not ready"
            + "|boot|goodbye|stalled|sensor fails|sensor is back|bridge up|bridge down|command|refused|time set|lost"
            + "|loop|bridge|queues"
            + "|unknown command: there are interval, report, reboot, ping|there is no sensor "
            + "|wanted: NAME, NAME SECONDS or SECONDS, 0.01 to 86400|this command takes nothing more"
            + "|too many at once, not carried out: |the response topic is one of commands"
            + "|ping|interval|report|reboot|events|";

        public readonly byte[] Text;
        private readonly ushort[] start = new ushort[Total + 1];

        public Phrase()
        {
            Text = Encoding.UTF8.GetBytes(Texts);
            int next = 1;
            for (int i = 0; i < Text.Length; i++)
            {
                if (Text[i] == '|') start[next++] = (ushort)(i + 1);
            }
        }

        public static int Bytes()
        {
            return Heap.Object(2) + Heap.Array(Encoding.UTF8.GetBytes(Texts).Length, 1) + Heap.Array(Total + 1, 2);
        }

        public int At(int phrase)
        {
            return start[phrase];
        }

        public int Length(int phrase)
        {
            return start[phrase + 1] - start[phrase] - 1;
        }

        public bool Is(int phrase, byte[] text, int offset, int length)
        {
            if (length != Length(phrase)) return false;
            int at = start[phrase];
            for (int i = 0; i < length; i++)
            {
                if (Text[at + i] != text[offset + i]) return false;
            }
            return true;
        }
    }
}
