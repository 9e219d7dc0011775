namespace Femto.Mqtt
{
    /// <summary>
    /// What the user has subscribed to: asked for again whenever the server has no session, and whose sink a message is
    /// for. A row's number is its subscription identifier.
    /// </summary>
    internal sealed class Subscriptions : IClientSink
    {
        // A row's state.
        private const int Free = 0, Wanted = 1, Asked = 2, Granted = 3, Refused = 4, Leaving = 5, LeavingAsked = 6;

        /// <summary>Some row waits for a request.</summary>
        public bool Dirty;
        /// <summary>A sink keeps a message: Resume is due.</summary>
        public bool Held;

        private readonly MqttClient client;
        private readonly byte[][] filters;
        private readonly IMessageSink[] sinks;
        private readonly byte[] options;
        private readonly byte[] states;
        private readonly int[] requests;
        private int heldFrom; // the row that keeps the message; those before have had it

        public Subscriptions(MqttClient client, int rows)
        {
            this.client = client;
            filters = new byte[rows][];
            sinks = new IMessageSink[rows];
            options = new byte[rows];
            states = new byte[rows];
            requests = new int[rows];
        }

        public static int Bytes(int rows)
        {
            return Heap.Object(9) + Heap.Array(rows, 12) * 2 + Heap.Array(rows, 1) * 2 + Heap.Array(rows, 4);
        }

        /// <summary>Keeps the filter; one that is there gets the new options and sink. 0: no row free.</summary>
        public int Add(byte[] filter, int option, IMessageSink sink)
        {
            int row = Find(filter);
            if (row < 0)
            {
                row = 0;
                while (row < states.Length && states[row] != Free) row++;
                if (row == states.Length) return 0;
            }
            filters[row] = filter;
            options[row] = (byte)option;
            sinks[row] = sink;
            states[row] = Wanted;
            Dirty = true;
            return row + 1;
        }

        public bool IsGranted(int number)
        {
            return number != 0 && states[number - 1] == Granted;
        }

        public bool Remove(byte[] filter)
        {
            int row = Find(filter);
            if (row < 0) return false;
            states[row] = Leaving;
            Dirty = true;
            return true;
        }

        private int Find(byte[] filter)
        {
            for (int i = 0; i < states.Length; i++)
            {
                byte[] known = filters[i];
                if (states[i] == Free || known.Length != filter.Length) continue;
                int at = 0;
                while (at < known.Length && known[at] == filter[at]) at++;
                if (at == known.Length) return i;
            }
            return -1;
        }

        /// <summary>Sends what has to be asked, as far as there is room.</summary>
        public void Ask(ClientSession c)
        {
            Dirty = false;
            for (int i = 0; i < states.Length; i++)
            {
                int state = states[i];
                if (state != Wanted && state != Leaving) continue;
                byte[] filter = filters[i];
                int id = c.ServerSubscriptionIds ? i + 1 : 0;
                int request = state == Wanted ? c.Subscribe(filter, 0, filter.Length, options[i], id)
                    : c.Unsubscribe(filter, 0, filter.Length);
                if (request == 0)
                {
                    Dirty = true;
                    return;
                }
                requests[i] = request;
                states[i] = (byte)(state + Asked - Wanted);
                if (request < 0) Done(i, -request);
            }
        }

        public void Answer(ClientSession c, int request, int reason)
        {
            for (int i = 0; i < states.Length; i++)
            {
                if (requests[i] == request && (states[i] == Asked || states[i] == LeavingAsked)) Done(i, reason);
            }
            Dirty = true;
        }

        private void Done(int row, int reason)
        {
            requests[row] = 0;
            int state = states[row];
            if (reason == (int)Fault.Closed)
            {
                states[row] = (byte)(state - Asked + Wanted);
            }
            else if (state == LeavingAsked)
            {
                states[row] = Free;
                sinks[row] = null;
            }
            else
            {
                states[row] = reason < 0x80 ? (byte)Granted : (byte)Refused;
                if (client.Events != null) client.Events.Subscribed(client, row + 1, reason);
            }
        }

        public void Connected(ClientSession c, bool sessionPresent)
        {
            for (int i = 0; !sessionPresent && i < states.Length; i++)
            {
                int state = states[i];
                if (state == Leaving) states[i] = Free;
                else if (state != Free) states[i] = Wanted;
            }
            Dirty = true;
            client.Connected(sessionPresent);
        }

        public void Disconnected(ClientSession c, int reason)
        {
            Held = false;
            heldFrom = 0;
            client.Reason = reason;
        }

        /// <summary>Gives the message to the subscriptions that the server names, and where it names none of ours, to
        /// all whose filter matches.</summary>
        public int Message(ClientSession c, ClientMessage m)
        {
            int from = heldFrom;
            heldFrom = 0;
            Held = false;
            bool named = (m.Properties.Present & Has.SubscriptionId) != 0;
            bool found = from != 0;
            int worst = 0;
            while (true)
            {
                for (int i = from; i < states.Length; i++)
                {
                    if (states[i] == Free || named && !Names(m.Properties, i + 1) || !Matches(filters[i], m)) continue;
                    found = true;
                    if (sinks[i] == null) continue;
                    int reason = sinks[i].Message(client, m);
                    if (reason == ClientSession.Hold) return Keep(i);
                    if (reason > worst) worst = reason;
                }
                if (found) return worst;
                if (!named) break;
                named = false; // of an earlier program with this client identifier
            }
            client.Unclaimed++;
            if (client.Sink == null) return 0;
            worst = client.Sink.Message(client, m);
            return worst == ClientSession.Hold ? Keep(0) : worst;
        }

        public void Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes)
        {
            if (client.Events != null) client.Events.Discarded(client, topic, offset, length, bytes);
        }

        private int Keep(int row)
        {
            Held = true;
            heldFrom = row;
            return ClientSession.Hold;
        }

        private static bool Names(Properties p, int id)
        {
            if (p.SubscriptionId == id) return true;
            int cursor = 0;
            for (int i = p.SubscriptionIdCount; i > 1; i--)
            {
                if (p.NextSubscriptionId(ref cursor) == id) return true;
            }
            return p.SubscriptionIdCount > 1 && p.NextSubscriptionId(ref cursor) == id;
        }

        // Section 4.7. Both are valid; a filter of a shared subscription begins after its group.
        private static bool Matches(byte[] filter, ClientMessage m)
        {
            byte[] topic = m.TopicBuffer;
            int t = m.TopicOffset;
            int end = t + m.TopicLength;
            int f = 0;
            if (TopicText.IsShared(filter, 0, filter.Length))
            {
                f = 7;
                while (filter[f++] != '/') { }
            }
            if (topic[t] == '$' && filter[f] != '$') return false; // [MQTT-4.7.2-1]
            for (; f < filter.Length; f++)
            {
                int c = filter[f];
                if (c == '#') return true;
                if (c == '+')
                {
                    while (t < end && topic[t] != '/') t++;
                }
                else if (t < end && topic[t] == c)
                {
                    t++;
                }
                else
                {
                    return t == end && c == '/' && f + 2 == filter.Length && filter[f + 1] == '#'; // "a/#" matches "a"
                }
            }
            return t == end;
        }

        public void Acknowledged(ClientSession c, int message, int reason)
        {
            if (client.Events != null) client.Events.Published(client, message, reason);
        }

        public int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            if (client.Authenticator == null) return ReasonCode.NotAuthorized;
            return client.Authenticator.Auth(client, reason, data, offset, length, reply);
        }
    }
}
