namespace Femto.Mqtt.Unit
{
    /// <summary>Properties as text: <c> {name=value ...}</c> by identifier, user properties last.</summary>
    public static class PropertyText
    {
        private static Properties p;
        private static bool first;

        public static void Add(Properties properties)
        {
            p = properties;
            if (p.Present == 0)
            {
                return;
            }
            Line.Add(" {");
            first = true;
            Number(Has.PayloadFormat, "format", (uint)p.PayloadFormat);
            Number(Has.MessageExpiry, "expiry", p.MessageExpiry);
            Text(Has.ContentType, "type", p.ContentTypeOffset, p.ContentTypeLength);
            Text(Has.ResponseTopic, "reply", p.ResponseTopicOffset, p.ResponseTopicLength);
            Bytes(Has.Correlation, "corr", p.CorrelationOffset, p.CorrelationLength);
            SubscriptionIds();
            Number(Has.SessionExpiry, "session", p.SessionExpiry);
            Text(Has.AssignedClientId, "client", p.AssignedClientIdOffset, p.AssignedClientIdLength);
            Number(Has.ServerKeepAlive, "keep", (uint)p.ServerKeepAlive);
            Text(Has.AuthMethod, "method", p.AuthMethodOffset, p.AuthMethodLength);
            Bytes(Has.AuthData, "data", p.AuthDataOffset, p.AuthDataLength);
            Number(Has.RequestProblem, "askproblem", (uint)p.RequestProblem);
            Number(Has.WillDelay, "delay", p.WillDelay);
            Number(Has.RequestResponse, "askresponse", (uint)p.RequestResponse);
            Text(Has.ResponseInformation, "info", p.ResponseInformationOffset, p.ResponseInformationLength);
            Text(Has.ServerReference, "server", p.ServerReferenceOffset, p.ServerReferenceLength);
            Text(Has.ReasonString, "reason", p.ReasonStringOffset, p.ReasonStringLength);
            Number(Has.ReceiveMaximum, "receive", (uint)p.ReceiveMaximum);
            Number(Has.TopicAliasMaximum, "aliases", (uint)p.TopicAliasMaximum);
            Number(Has.TopicAlias, "alias", (uint)p.TopicAlias);
            Number(Has.MaximumQos, "maxqos", (uint)p.MaximumQos);
            Number(Has.RetainAvailable, "retain", (uint)p.RetainAvailable);
            Number(Has.MaximumPacketSize, "max", p.MaximumPacketSize);
            Number(Has.WildcardAvailable, "wildcard", (uint)p.WildcardAvailable);
            Number(Has.SubscriptionIdsAvailable, "subids", (uint)p.SubscriptionIdsAvailable);
            Number(Has.SharedAvailable, "shared", (uint)p.SharedAvailable);
            Users();
            Line.Add("}");
        }

        private static void Name(string name)
        {
            if (!first)
            {
                Line.Add(" ");
            }
            first = false;
            Line.Add(name);
            Line.Add("=");
        }

        private static void Number(int bit, string name, uint value)
        {
            if ((p.Present & bit) != 0)
            {
                Name(name);
                Line.Number(value);
            }
        }

        private static void Text(int bit, string name, int offset, int length)
        {
            if ((p.Present & bit) != 0)
            {
                Name(name);
                Line.Show(p.Buffer, offset, length);
            }
        }

        private static void Bytes(int bit, string name, int offset, int length)
        {
            if ((p.Present & bit) != 0)
            {
                Name(name);
                Line.Hex(p.Buffer, offset, length);
            }
        }

        private static void SubscriptionIds()
        {
            int cursor = 0;
            int count = 0;
            for (int id = p.NextSubscriptionId(ref cursor); id != 0; id = p.NextSubscriptionId(ref cursor))
            {
                Name("sub");
                Line.Number((uint)id);
                if (count == 0 && id != p.SubscriptionId)
                {
                    Line.Add("(not the first)");
                }
                count++;
            }
            if (count != p.SubscriptionIdCount)
            {
                Line.Add("(miscounted)");
            }
        }

        private static void Users()
        {
            int cursor = 0;
            int count = 0;
            while (p.NextUser(ref cursor, out int key, out int keyLength, out int value, out int valueLength))
            {
                Name("user");
                Line.Show(p.Buffer, key, keyLength);
                Line.Add(":");
                Line.Show(p.Buffer, value, valueLength);
                count++;
            }
            if (count != p.UserCount)
            {
                Line.Add("(miscounted)");
            }
        }
    }
}
