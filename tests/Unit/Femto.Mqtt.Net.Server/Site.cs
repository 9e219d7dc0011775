using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A broker behind a BoardServer on the network of a board, and the clock.</summary>
    public class Site : IServerLog, ITurn
    {
        public BoardNet Net = new BoardNet();
        public Broker Broker;
        public BoardServer Server;
        public int NowMs = 1000;
        /// <summary>What Turn returned last.</summary>
        public int WaitMs;
        /// <summary>What the log was told: listener, and the pause after a failure.</summary>
        public string Log = "";
        /// <summary>Turns of what shares the thread, and what it says of waiting.</summary>
        public int Turns, TurnWaitMs = int.MaxValue;

        public Site() : this(Sizes())
        {
        }

        public Site(Limits limits)
        {
            Broker = new Broker(limits, 1);
            IListener[] listeners = new IListener[] { new BoardListener(Net) };
            Server = new BoardServer(Broker, listeners, new ITurn[] { this }, 256, this);
            // The server reads the board's clock once, for the first opening of its listeners.
            NowMs = (int)Environment.TickCount64 + 1000;
        }

        public static Limits Sizes()
        {
            Limits l = Limits.Esp32();
            l.SysSeconds = 0;
            return l;
        }

        /// <summary>Turns until the server would pause.</summary>
        public void Run()
        {
            for (int i = 0; i < 500; i++)
            {
                WaitMs = Server.Turn(NowMs);
                if (WaitMs != 0) return;
            }
            Assert.IsTrue(false, "it does not come to rest");
        }

        /// <summary>Time passes as the server asks for it.</summary>
        public void Pass(int milliseconds)
        {
            while (milliseconds > 0)
            {
                Run();
                int step = WaitMs < milliseconds ? WaitMs : milliseconds;
                if (step < 1) step = 1;
                NowMs += step;
                milliseconds -= step;
            }
            Run();
        }

        /// <summary>A connected client.</summary>
        public BoardSocket Connect(string line)
        {
            if (Net.Listener == null) Run();
            BoardSocket s = Net.Connect("10.0.0.9:5000");
            s.Say(line, 4);
            Pass(30);
            string got = s.Heard(line.IndexOf("CONNECT 5") == 0 ? 5 : 4);
            Assert.AreEqual("CONNACK reason=00", got.Length > 17 ? got.Substring(0, 17) : got);
            return s;
        }

        public void Listening(int listener)
        {
            Log += "+" + listener.ToString();
        }

        public void NotListening(int listener, Exception why, int retryMs)
        {
            Log += "-" + listener.ToString() + ":" + retryMs.ToString() + " ";
        }

        public int Turn(int nowMs)
        {
            Turns++;
            return TurnWaitMs;
        }

        public int Wait(int nowMs)
        {
            return TurnWaitMs;
        }
    }
}
