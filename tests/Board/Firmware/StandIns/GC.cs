using Femto.StandIns;

namespace nanoFramework.Runtime.Native
{
    public static class GC
    {
        public static uint Run(bool compact) => Desk.Free;
    }
}
