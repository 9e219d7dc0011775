using System;
using System.IO;
using Femto.Mqtt;
using nanoFramework.Runtime.Native;

namespace Femto.Firmware
{
    /// <summary>The board, as the app sees it: begins anew, and keeps a black box on the internal drive.</summary>
    public sealed class AppHost : IAppHost
    {
        private const string Box = "I:\\femto.box", Why = "I:\\femto.why";

        /// <inheritdoc/>
        public void Restart(int reason)
        {
            Write(Why, new byte[] { (byte)reason }, 1);
            Power.RebootDevice(RebootOption.NormalReboot);
        }

        /// <inheritdoc/>
        public void Keep(byte[] data, int length)
        {
            Write(Box, data, length);
        }

        /// <inheritdoc/>
        public int Kept(byte[] buffer)
        {
            byte[] kept = Read(Box);
            int length = kept == null ? 0 : kept.Length;
            if (length > buffer.Length) length = buffer.Length;
            if (length > 0) Array.Copy(kept, 0, buffer, 0, length);
            return length;
        }

        /// <summary>Why the program begins; nanoFramework does not tell a power-on from a crash.</summary>
        public int Reason()
        {
            byte[] why = Read(Why);
            if (why == null || why.Length == 0) return BootReason.Unknown;
            try
            {
                File.Delete(Why);
            }
            catch (Exception)
            {
                // Told once more, then.
            }
            return why[0];
        }

        private static byte[] Read(string file)
        {
            try
            {
                return File.Exists(file) ? File.ReadAllBytes(file) : null;
            }
            catch (Exception)
            {
                return null;
            }
        }

        // A drive that is full or broken must not end the program.
        private static void Write(string file, byte[] data, int length)
        {
            try
            {
                byte[] whole = new byte[length];
                Array.Copy(data, 0, whole, 0, length);
                File.WriteAllBytes(file, whole);
            }
            catch (Exception)
            {
                // The next one may fit.
            }
        }
    }
}
