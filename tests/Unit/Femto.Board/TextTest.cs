using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What the board says while it boots.</summary>
    [TestClass]
    public class TextTest
    {
        [TestMethod]
        public void Lines()
        {
            Assert.AreEqual("Femto " + BootText.Version + " on desk (TEST, nanoFramework 1.17.0.1)",
                BootText.Hello("desk", "TEST", "1.17.0.1"));
            Limits limits = Limits.Esp32();
            Assert.AreEqual("limits: 6 connections, 12 sessions, 64 subscriptions, " + limits.Messages.ToString()
                + " messages, 32 retained, packets of 1024 bytes", BootText.Sizes(limits));
            Assert.AreEqual("device hut: 3 sensors, 1 listeners, 2 bridges", BootText.Running("hut", 3, 1, 2));
            Assert.AreEqual("no board for target X: taken for desk (boards/README.md)", BootText.Strange("X", "desk"));
        }
    }
}
