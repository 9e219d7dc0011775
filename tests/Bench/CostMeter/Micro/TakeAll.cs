using Femto.Mqtt;

namespace Femto.Micro
{
    /// <summary>The owner of a client session, who takes every message: what the call costs is part of it.</summary>
    public sealed class TakeAll : IClientSink
    {
        public int Messages;
        public int Done;
        public int Answers;

        void IClientSink.Connected(ClientSession c, bool sessionPresent)
        {
        }

        void IClientSink.Disconnected(ClientSession c, int reason)
        {
        }

        int IClientSink.Message(ClientSession c, ClientMessage m)
        {
            Messages++;
            return 0;
        }

        void IClientSink.Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes)
        {
        }

        void IClientSink.Answer(ClientSession c, int request, int reason)
        {
            Answers++;
        }

        void IClientSink.Acknowledged(ClientSession c, int message, int reason)
        {
            Done++;
        }

        int IClientSink.Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            return 0;
        }
    }
}
