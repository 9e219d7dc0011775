namespace Femto.Mqtt
{
    /// <summary>How an attempt to join a network stands.</summary>
    public static class NetResult
    {
        public const int Pending = 0;
        public const int Connected = 1;
        /// <summary>No network of that name is heard.</summary>
        public const int NotFound = 2;
        /// <summary>The password is wrong, or the access point wants another kind of security.</summary>
        public const int Refused = 3;
        /// <summary>It took too long.</summary>
        public const int TimedOut = 4;
        /// <summary>Anything else.</summary>
        public const int Failed = 5;

        /// <summary>What to tell people.</summary>
        public static string Text(int result)
        {
            switch (result)
            {
                case NotFound: return "no such network in reach";
                case Refused: return "wrong password, or the access point refuses";
                case TimedOut: return "no answer in time";
                default: return "failed";
            }
        }
    }
}
