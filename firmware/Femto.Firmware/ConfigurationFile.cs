using System;
using System.IO;
using System.Text;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>The files that flash.ps1 leaves on the internal drive. Read at boot; nothing of them throws.</summary>
    public static class ConfigurationFile
    {
        private const string BoardFile = "I:\\femto.board";

        /// <summary>The configuration; null: there is none, or fault says why it cannot be read.</summary>
        public static byte[] Read(out string fault)
        {
            fault = null;
            try
            {
                return File.Exists(BootPlan.File) ? File.ReadAllBytes(BootPlan.File) : null;
            }
            catch (Exception e)
            {
                fault = e.Message == null ? "it cannot be read" : e.Message;
                return null;
            }
        }

        /// <summary>The board that flash.ps1 was told; null: the firmware's own target says which.</summary>
        public static string BoardName()
        {
            try
            {
                if (!File.Exists(BoardFile)) return null;
                byte[] text = File.ReadAllBytes(BoardFile);
                int length = 0;
                while (length < text.Length && text[length] > ' ') length++;
                return Encoding.UTF8.GetString(text, 0, length);
            }
            catch (Exception)
            {
                return null;
            }
        }
    }
}
