using System;
using Femto.StandIns;

namespace nanoFramework.Runtime.Native
{
    public static class SystemInfo
    {
        public static string TargetName => Desk.Target;

        public static Version Version => new(1, 17, 0, 0);
    }
}
