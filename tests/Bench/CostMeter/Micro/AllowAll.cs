using Femto.Mqtt;

namespace Femto.Micro
{
    /// <summary>Rights that allow everything, asked each time: what the hook itself costs is part of a
    /// PUBLISH.</summary>
    public sealed class AllowAll : IAccess
    {
        int IAccess.Connect(Broker broker, int connection, Connect packet)
        {
            return ReasonCode.Success;
        }

        void IAccess.Gone(Broker broker, int connection)
        {
        }

        int IAccess.Authenticate(Broker broker, int connection, Auth packet)
        {
            return ReasonCode.NotAuthorized;
        }

        bool IAccess.Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain)
        {
            return true;
        }

        bool IAccess.Deliver(Broker broker, int session, byte[] buffer, int offset, int length)
        {
            return true;
        }

        int IAccess.Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options)
        {
            return ReasonCode.Success;
        }
    }
}
