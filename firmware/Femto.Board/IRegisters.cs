namespace Femto.Mqtt
{
    /// <summary>A chip on a bus, as registers of a byte. False: nobody answers.</summary>
    public interface IRegisters
    {
        /// <summary>Writes one.</summary>
        bool Write(int register, int value);
        /// <summary>Reads some in a row.</summary>
        bool Read(int register, byte[] buffer, int count);
    }
}
