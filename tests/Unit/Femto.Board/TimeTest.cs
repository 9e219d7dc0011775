using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The time of day is unknown until somebody tells it.</summary>
    [TestClass]
    public class TimeTest
    {
        private class Source : ITimeSource, ITimeLog
        {
            public long Seconds;
            public int Starts, Reads, Told;

            public void Start()
            {
                Starts++;
            }

            public long Read(out int milliseconds)
            {
                Reads++;
                milliseconds = 250;
                return Seconds;
            }

            public void TimeKnown(long seconds)
            {
                Told++;
            }
        }

        [TestMethod]
        public void NotAskedBeforeThereIsANetwork()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, null);
            Source source = new Source();
            WallClock clock = new WallClock();
            TimeKeeper time = new TimeKeeper(source, keeper, clock, source);
            Assert.AreEqual(0, time.Wait(0));
            for (int ms = 0; ms <= 5000; ms += 1000)
            {
                keeper.Turn(ms);
                Assert.AreEqual(1000, time.Turn(ms));
            }
            Assert.AreEqual(0, source.Starts);
            net.IsUp = true;
            keeper.Turn(6000);
            time.Turn(6000);
            Assert.AreEqual(1, source.Starts);
            Assert.IsFalse(clock.Known);
            Assert.AreEqual(600, time.Turn(6400));
            Assert.AreEqual(600, time.Wait(6400));
            // A clock that was never set begins in 1970.
            source.Seconds = 7;
            time.Turn(7000);
            Assert.IsFalse(clock.Known);
            source.Seconds = 1800000000;
            Assert.AreEqual(600000, time.Turn(8000));
            Assert.IsTrue(clock.Known);
            Assert.IsTrue(clock.TimeMs(8000) == 1800000000250);
            Assert.AreEqual(1, source.Told);
            Assert.AreEqual(1, source.Starts);
        }

        [TestMethod]
        public void LookedAtAgain()
        {
            Source source = new Source();
            source.Seconds = 1800000000;
            WallClock clock = new WallClock();
            TimeKeeper time = new TimeKeeper(source, null, clock, null);
            time.Turn(1000);
            Assert.IsTrue(clock.TimeMs(2000) == 1800000001250);
            Assert.AreEqual(599000, time.Turn(2000));
            Assert.AreEqual(1, source.Reads);
            source.Seconds += 660;
            time.Turn(601000);
            Assert.AreEqual(2, source.Reads);
            Assert.IsTrue(clock.TimeMs(601000) == 1800000660250);
            Assert.AreEqual(0, source.Told);
            Assert.AreEqual(0, time.Wait(601000 + 600000 + 5));
        }
    }
}
