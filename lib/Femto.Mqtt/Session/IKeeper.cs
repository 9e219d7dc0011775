namespace Femto.Mqtt
{
    /// <summary>Makes durable what <see cref="Changes"/> has marked.</summary>
    public interface IKeeper
    {
        /// <summary>Whether so many further bytes of content would be taken.</summary>
        /// <returns>None; StoreFull: not until something is deleted; StoreFailed.</returns>
        Fault Room(int bytes);

        /// <summary>Writes and makes durable all that is marked. Between two packets only.</summary>
        void Flush();

        /// <summary>Does what is due.</summary>
        void Tick(int nowMs);

        /// <summary>Milliseconds until Tick must be called at the latest, 0 and above.</summary>
        int Wait(int nowMs);
    }
}
