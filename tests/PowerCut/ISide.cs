using Femto.Mqtt;

namespace Femto.PowerCut
{
    /// <summary>A broker that clients connect to.</summary>
    public interface ISide
    {
        Broker Broker { get; }
        /// <summary>False: its power is off, nobody may call it.</summary>
        bool On { get; }
    }
}
