namespace Femto.Mqtt
{
    /// <summary>What the broker keeps of each client beyond its connection: one row for each, from 1.</summary>
    internal sealed class Sessions
    {
        public const uint Never = 0xFFFFFFFF;

        // Connection, when it is not the index of a network connection.
        public const int Offline = -1;
        public const int Local = -2;    // and below: local client number -2 - value
        public const int Uplink = -1000; // and below: uplink number -1000 - value

        public readonly int Rows;
        public readonly ushort[] ClientId;      // text; 0: the row is free
        public readonly ushort[] UserName;      // text, 0 for none
        public readonly short[] Connection;
        public readonly uint[] ExpirySeconds;   // kept so long after the connection
        public readonly uint[] OfflineSince;    // second of uptime
        public readonly ushort[] Will;          // message in the pool, 0 for none
        public readonly byte[] WillRetain;
        public readonly uint[] WillDelay;       // seconds
        public readonly uint[] WillDue;         // second of uptime; Never while connected
        public readonly byte[] Slow;            // publishers no longer wait for this session
        public readonly int[] Dropped;          // messages this session lost
        public int Count;

        private readonly TextTable texts;

        public Sessions(Limits limits, TextTable texts)
        {
            this.texts = texts;
            int n = limits.Sessions;
            Rows = n;
            ClientId = new ushort[n + 1];
            UserName = new ushort[n + 1];
            Connection = new short[n + 1];
            ExpirySeconds = new uint[n + 1];
            OfflineSince = new uint[n + 1];
            Will = new ushort[n + 1];
            WillRetain = new byte[n + 1];
            WillDelay = new uint[n + 1];
            WillDue = new uint[n + 1];
            Slow = new byte[n + 1];
            Dropped = new int[n + 1];
        }

        public static int Bytes(Limits limits)
        {
            int n = limits.Sessions + 1;
            return Heap.Object(14)
                + Heap.Array(n, 1) * 2  // WillRetain, Slow
                + Heap.Array(n, 2) * 4  // ClientId, UserName, Connection, Will
                + Heap.Array(n, 4) * 5; // ExpirySeconds, OfflineSince, WillDelay, WillDue, Dropped
        }

        /// <summary>The session of a client identifier, or 0.</summary>
        public int Find(byte[] buffer, int offset, int length, int hash)
        {
            int text = texts.Find(buffer, offset, length, hash);
            if (text == 0) return 0;
            ushort[] ids = ClientId;
            for (int s = 1; s < ids.Length; s++)
            {
                if (ids[s] == text) return s;
            }
            return 0;
        }

        /// <summary>A free row, or 0.</summary>
        public int FindFree()
        {
            if (Count == Rows) return 0;
            ushort[] ids = ClientId;
            for (int s = 1; s < ids.Length; s++)
            {
                if (ids[s] == 0) return s;
            }
            return 0;
        }

        /// <summary>Gives a free row to a client identifier.</summary>
        /// <returns>False when the text does not fit its table.</returns>
        public bool Create(int s, byte[] buffer, int offset, int length, int hash)
        {
            int text = texts.AddIdentity(buffer, offset, length, hash);
            if (text == 0) return false;
            ClientId[s] = (ushort)text;
            UserName[s] = 0;
            Connection[s] = Offline;
            ExpirySeconds[s] = 0;
            Will[s] = 0;
            WillDue[s] = Never;
            Slow[s] = 0;
            Dropped[s] = 0;
            Count++;
            return true;
        }

        public void Remove(int s)
        {
            texts.Release(ClientId[s]);
            if (UserName[s] != 0) texts.Release(UserName[s]);
            ClientId[s] = 0;
            UserName[s] = 0;
            Count--;
        }
    }
}
