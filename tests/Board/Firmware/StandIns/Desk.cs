using System;
using System.Threading;

namespace Femto.StandIns
{
    /// <summary>What the board on the desk is: the environment says it, for want of a board.</summary>
    internal static class Desk
    {
        public static string Target => Say("FEMTO_TARGET", "ESP32_REV3");

        /// <summary>The Wi-Fi that the board was told to join; empty: none.</summary>
        public static string Wifi => Say("FEMTO_WIFI", "");

        /// <summary>Its own access point; empty: none.</summary>
        public static string AccessPoint => Say("FEMTO_AP", "");

        /// <summary>Bytes of managed heap that a collection leaves.</summary>
        public static uint Free => uint.Parse(Say("FEMTO_FREE", "60000"));

        /// <summary>Whether there is a chip on the bus.</summary>
        public static bool Chip => Say("FEMTO_CHIP", "") == "bme280";

        /// <summary>Where the network is, as a wireless client sees it.</summary>
        public static bool Joined => Wifi.Length > 0;

        private static string Say(string name, string otherwise) =>
            Environment.GetEnvironmentVariable(name) ?? otherwise;
    }
}
