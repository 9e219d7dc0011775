namespace nanoFramework.Networking
{
    public class Sntp
    {
        public static bool IsStarted { get; private set; }

        public static void Start() => IsStarted = true;
    }
}
