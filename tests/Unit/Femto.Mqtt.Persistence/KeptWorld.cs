using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A world whose broker keeps its state on a device. The power goes by making another world on the same
    /// device.</summary>
    public sealed class KeptWorld : World
    {
        public static MemoryDevice NextDevice;
        public static PersistenceOptions NextOptions;
        public static uint NextWall;
        /// <summary>A bridge of the next world, null for none: it is built before anything runs.</summary>
        public static BridgeOptions NextBridge;

        public MemoryDevice Device;
        /// <summary>The bridge, and the test itself as its upstream.</summary>
        public Bridge Bridge;
        public Script Up;
        public Persistence Persistence;
        public PersistenceOptions Options;

        private KeptWorld(Limits limits)
            : base(limits)
        {
        }

        protected override void Built()
        {
            Device = NextDevice;
            Options = NextOptions;
            Persistence = new Persistence(Broker, Device, Options, 77);
            Persistence.Wall = NextWall;
            Assert.IsTrue(Persistence.Open());
            if (NextBridge == null) return;
            Up = new Script();
            Up.Version = NextBridge.Version;
            Bridge = new Bridge(Broker, NextBridge, Up, null, 99);
            NextBridge = null;
        }

        /// <summary>The upstream sends this, and both sides do what follows without time passing.</summary>
        public void Say(string lines)
        {
            Up.Say(lines);
            Turn();
        }

        /// <summary>Broker and bridge do what is due now.</summary>
        public void Turn()
        {
            for (int round = 0; round < 8; round++)
            {
                Bridge.Turn(NowMs);
                Bridge.Session.Invariants();
                Run();
            }
        }

        /// <summary>A device that is empty.</summary>
        public static KeptWorld First(PersistenceOptions options)
        {
            return On(new MemoryDevice(10, 8192), options, Sizes());
        }

        public static KeptWorld First()
        {
            return First(new PersistenceOptions());
        }

        public static KeptWorld On(MemoryDevice device, PersistenceOptions options, Limits limits)
        {
            NextDevice = device;
            NextOptions = options;
            NextWall = 0;
            return new KeptWorld(limits);
        }

        /// <summary>Whether a message with this payload of one byte waits for a session.</summary>
        public bool Queued(int session, int payload)
        {
            int c = Resume("CONNECT 5 keep=0 {session=600} id=s");
            bool found = false;
            while (Waits(c))
            {
                string got = First(c);
                found |= got.IndexOf("payload=0" + payload.ToString()) >= 0;
            }
            Lose(c);
            return found;
        }

        /// <summary>The power is back, and a clock tells how late it is.</summary>
        public static KeptWorld Later(MemoryDevice device, uint wall)
        {
            NextDevice = device;
            NextOptions = new PersistenceOptions();
            NextWall = wall;
            return new KeptWorld(Sizes());
        }

        /// <summary>The power goes, what was not synced is lost, the power is back.</summary>
        public KeptWorld Cut()
        {
            Device.Restart(MemoryDevice.LoseAll, 1);
            KeptWorld w = On(Device, Options, Sizes());
            Assert.AreEqual(0, w.Persistence.Orphans);
            Assert.AreEqual(0, w.Persistence.Journal.Damaged);
            return w;
        }
    }
}
