namespace Femto.Mqtt
{
    /// <summary>Makes sockets that listen.</summary>
    public interface ISocketMaker
    {
        /// <summary>Binds and listens; throws when it cannot.</summary>
        ISocket Listen();
    }
}
