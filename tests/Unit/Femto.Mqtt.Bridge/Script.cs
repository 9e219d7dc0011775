using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A transport whose other end is the test itself: packets as lines of text both ways.</summary>
    public class Script : ITransport
    {
        /// <summary>The version of the packets' text.</summary>
        public int Version = 4;
        /// <summary>Attempts come to nothing.</summary>
        public bool Down;
        /// <summary>Attempts take until it is false again.</summary>
        public bool Slow;
        /// <summary>Attempts so far.</summary>
        public int Attempts;
        /// <summary>The protocol level of the last CONNECT.</summary>
        public int Level;
        public TransportOptions Options;

        private readonly byte[] got = new byte[65536];
        private int gotCount;
        private byte[] said = new byte[0];
        private bool open;

        public string Error
        {
            get { return null; }
        }

        public void Open(TransportOptions options)
        {
            Options = options;
            Attempts++;
            open = !Down;
            gotCount = 0;
            said = new byte[0];
        }

        public int State()
        {
            if (open && Slow) return TransportState.Connecting;
            return open ? TransportState.Open : TransportState.Closed;
        }

        public int Send(byte[] b, int o, int n)
        {
            if (!open) return -1;
            if (gotCount == 0 && b[o] == 0x10) Level = b[o + 8];
            for (int i = 0; i < n; i++) got[gotCount + i] = b[o + i];
            gotCount += n;
            return n;
        }

        public int Receive(byte[] b, int o, int n)
        {
            if (!open) return -1;
            if (n > said.Length) n = said.Length;
            for (int i = 0; i < n; i++) b[o + i] = said[i];
            byte[] rest = new byte[said.Length - n];
            for (int i = 0; i < rest.Length; i++) rest[i] = said[n + i];
            said = rest;
            return n;
        }

        public void Close()
        {
            open = false;
        }

        /// <summary>The connection breaks.</summary>
        public void Cut()
        {
            open = false;
        }

        public bool IsOpen()
        {
            return open;
        }

        /// <summary>The upstream sends packets.</summary>
        public void Say(string lines)
        {
            while (lines != null)
            {
                int split = lines.IndexOf(" / ");
                string line = split < 0 ? lines : lines.Substring(0, split);
                lines = split < 0 ? null : lines.Substring(split + 3);
                byte[] packet = Wire.Packet(line, Version);
                byte[] all = new byte[said.Length + packet.Length];
                for (int i = 0; i < said.Length; i++) all[i] = said[i];
                for (int i = 0; i < packet.Length; i++) all[said.Length + i] = packet[i];
                said = all;
            }
        }

        /// <summary>All that the upstream got since the last look.</summary>
        public string Got()
        {
            string lines = "";
            while (gotCount != 0)
            {
                string line = PacketCodec.Decode(got, 0, gotCount, Version);
                Assert.IsTrue(line != PacketCodec.Incomplete, "an incomplete packet");
                int size = PacketCodec.Size;
                gotCount -= size;
                for (int i = 0; i < gotCount; i++) got[i] = got[size + i];
                lines = lines == "" ? line : lines + " / " + line;
            }
            return lines;
        }
    }
}
