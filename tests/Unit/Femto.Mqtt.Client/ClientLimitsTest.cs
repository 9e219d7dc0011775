using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    [TestClass]
    public class ClientLimitsTest
    {
        [TestMethod]
        public void ReceiveIdsCoverTheReceiveMaximum()
        {
            Assert.IsTrue(ClientLimits.Small().ReceiveIds >= ClientLimits.Small().ReceiveMaximum);
            Assert.IsTrue(ClientLimits.Large().ReceiveIds >= ClientLimits.Large().ReceiveMaximum);
        }
    }
}
