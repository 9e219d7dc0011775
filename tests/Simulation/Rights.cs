using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>The access hook of a world: who may publish, receive and subscribe to what is settled at the beginning;
    /// a CONNECT is answered now, later, or by an AUTH exchange.</summary>
    public sealed class Rights : IAccess
    {
        public int DeniedPublish;
        public int DeniedPublish0;
        public int DeniedDeliver;
        public int DeniedSubscribe;

        private const int Unasked = 0;
        private const int Later = 1;
        private const int Exchange = 2;

        private readonly World world;
        private readonly HashSet<string> publish = new();
        private readonly HashSet<string> deliver = new();
        private readonly HashSet<string> subscribe = new();
        private readonly int[] state;
        private readonly byte[] data = new byte[64];

        public Rights(World world, List<string> clients)
        {
            this.world = world;
            state = new int[world.Limits.Connections];
            foreach (string client in clients)
            {
                foreach (string topic in World.Topics)
                {
                    if (world.Plan.Percent(10)) publish.Add(client + "|" + topic);
                    if (world.Plan.Percent(10)) deliver.Add(client + "|" + topic);
                }
                foreach (string filter in World.Filters)
                {
                    if (world.Plan.Percent(8)) subscribe.Add(client + "|" + filter);
                }
            }
        }

        public bool NoPublish(string client, string topic) => !world.Leaving && publish.Contains(client + "|" + topic);

        public bool NoDelivery(string client, string topic) => deliver.Contains(client + "|" + topic);

        public bool NoSubscription(string client, string filter) => subscribe.Contains(client + "|" + filter);

        public int Connect(Broker broker, int connection, Connect packet)
        {
            if (state[connection] != Unasked) World.Fail("asked about a CONNECT twice");
            bool method = (packet.Properties.Present & Has.AuthMethod) != 0;
            if (world.Leaving) return ReasonCode.Success;
            int what = world.Plan.Next(100);
            if (what < 6 && !world.Healing)
            {
                return world.Plan.Of(ReasonCode.NotAuthorized, ReasonCode.BadUserNameOrPassword, ReasonCode.ServerBusy);
            }
            if (what < 30)
            {
                state[connection] = Later;
                return AccessAnswer.Later;
            }
            if (!method || what < 45) return ReasonCode.Success;
            state[connection] = Exchange;
            return Continue();
        }

        public int Authenticate(Broker broker, int connection, Auth packet)
        {
            if (world.Plan.Percent(40)) return Continue();
            state[connection] = Unasked;
            if (world.Plan.Percent(10) && !world.Healing) return ReasonCode.NotAuthorized;
            Reply();
            return ReasonCode.Success;
        }

        public void Gone(Broker broker, int connection)
        {
            if (state[connection] == Unasked) World.Fail("Gone, and nothing was asked");
            state[connection] = Unasked;
        }

        /// <summary>Answers those who wait, one or all.</summary>
        public void Answer(bool all)
        {
            for (int c = 0; c < state.Length; c++)
            {
                if (state[c] != Later) continue;
                state[c] = Unasked;
                bool no = !world.Healing && world.Plan.Percent(10);
                world.Say($"access: connection {c} is told {(no ? "no" : "yes")}");
                world.Broker.Complete(c, no ? ReasonCode.NotAuthorized : ReasonCode.Success, world.NowMs);
                if (!all) return;
            }
        }

        public bool Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain)
        {
            if (!NoPublish(Id(broker, session), Encoding.UTF8.GetString(buffer, offset, length))) return true;
            DeniedPublish++;
            if (qos == 0) DeniedPublish0++;
            return false;
        }

        public bool Deliver(Broker broker, int session, byte[] buffer, int offset, int length)
        {
            if (!NoDelivery(Id(broker, session), Encoding.UTF8.GetString(buffer, offset, length))) return true;
            DeniedDeliver++;
            return false;
        }

        public int Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options)
        {
            if (!NoSubscription(Id(broker, session), Encoding.UTF8.GetString(buffer, offset, length))) return 0;
            DeniedSubscribe++;
            return ReasonCode.NotAuthorized;
        }

        private int Continue()
        {
            Reply();
            return ReasonCode.ContinueAuthentication;
        }

        private void Reply()
        {
            if (world.Plan.Percent(30)) return;
            world.Broker.AuthReply.Buffer = data;
            world.Broker.AuthReply.Offset = 0;
            world.Broker.AuthReply.Length = world.Plan.Of(0, 3, 20, 40);
        }

        private static string Id(Broker broker, int session)
        {
            int length = broker.ClientIdOfSession(session, out byte[] buffer, out int offset);
            if (length == 0) World.Fail("asked about a session that is none");
            return Encoding.UTF8.GetString(buffer, offset, length);
        }
    }
}
