using System.Text;

namespace Femto.Mqtt.Unit
{
    /// <summary>A world whose broker keeps its state on a board's drive.</summary>
    public sealed class DriveWorld : World
    {
        public static FakeDrive NextDrive;

        public FakeDrive Drive;
        public DriveDevice Device;
        public BootJournal Journal;
        public WallClock Clock;
        public Lines Lines;

        private DriveWorld(Limits limits)
            : base(limits)
        {
        }

        /// <summary>The board begins, with what is on this drive.</summary>
        public static DriveWorld On(FakeDrive drive)
        {
            NextDrive = drive;
            return new DriveWorld(Sizes());
        }

        /// <summary>The power goes and is back.</summary>
        public DriveWorld Cut()
        {
            Drive.Cut();
            return On(Drive);
        }

        protected override void Built()
        {
            Drive = NextDrive;
            Clock = new WallClock();
            Lines = new Lines();
            BootPlan plan = new BootPlan(new TestBoard(),
                Encoding.UTF8.GetBytes("persistence true\npersistence_group_ms 0\n"), null);
            plan.Limits = Broker.Limits;
            Device = new DriveDevice(Drive, 10, 8192);
            Journal = new BootJournal(Broker, Device, plan, Clock, new SerialLog(Lines, 5000), 77);
        }
    }
}
