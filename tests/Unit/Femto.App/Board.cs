using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>A board whose flash outlives its program.</summary>
    public class Board : IAppHost
    {
        public byte[] Flash = new byte[0];
        public int Keeps;
        public int Restarts;
        public int Reason;

        public void Restart(int reason)
        {
            Restarts++;
            Reason = reason;
        }

        public void Keep(byte[] data, int length)
        {
            Keeps++;
            Flash = new byte[length];
            Array.Copy(data, 0, Flash, 0, length);
        }

        public int Kept(byte[] buffer)
        {
            int length = Flash.Length < buffer.Length ? Flash.Length : buffer.Length;
            Array.Copy(Flash, 0, buffer, 0, length);
            return length;
        }
    }
}
