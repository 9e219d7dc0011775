using System.Collections.Generic;

namespace Femto.Gates.StandIns
{
    /// <summary>What the tests set and see of the SslStream that stands in for the board's.</summary>
    public static class BoardTls
    {
        /// <summary>What the handshakes were asked, one line each.</summary>
        public static readonly List<string> Handshakes = new List<string>();

        /// <summary>Whether the next handshakes fail.</summary>
        public static bool Refuse;

        /// <summary>Whether a whole record that comes next holds no data, as a session ticket does.</summary>
        public static bool Ticket;

        public static int Disposed;

        public static void Reset()
        {
            Handshakes.Clear();
            Refuse = false;
            Ticket = false;
            Disposed = 0;
        }
    }
}
