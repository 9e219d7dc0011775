using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The three ranges of <see cref="Fault"/>.</summary>
    [TestClass]
    public class FaultTest
    {
        [TestMethod]
        public void PeerFaultsAreReasonCodes()
        {
            Assert.AreEqual(ReasonCode.UnspecifiedError, (byte)Fault.UnspecifiedError);
            Assert.AreEqual(ReasonCode.MalformedPacket, (byte)Fault.MalformedPacket);
            Assert.AreEqual(ReasonCode.ProtocolError, (byte)Fault.ProtocolError);
            Assert.AreEqual(ReasonCode.ImplementationSpecificError, (byte)Fault.ImplementationSpecificError);
            Assert.AreEqual(ReasonCode.UnsupportedProtocolVersion, (byte)Fault.UnsupportedProtocolVersion);
            Assert.AreEqual(ReasonCode.ClientIdentifierNotValid, (byte)Fault.ClientIdentifierNotValid);
            Assert.AreEqual(ReasonCode.NotAuthorized, (byte)Fault.NotAuthorized);
            Assert.AreEqual(ReasonCode.TopicFilterInvalid, (byte)Fault.TopicFilterInvalid);
            Assert.AreEqual(ReasonCode.TopicNameInvalid, (byte)Fault.TopicNameInvalid);
            Assert.AreEqual(ReasonCode.ReceiveMaximumExceeded, (byte)Fault.ReceiveMaximumExceeded);
            Assert.AreEqual(ReasonCode.TopicAliasInvalid, (byte)Fault.TopicAliasInvalid);
            Assert.AreEqual(ReasonCode.PacketTooLarge, (byte)Fault.PacketTooLarge);
        }

        [DataRow(0x01, (int)Fault.BufferFull)]
        [DataRow(0x07, (int)Fault.Hold)]
        [DataRow(0x40, (int)Fault.Closed)]
        [TestMethod]
        public void ResourceAndTransportFaultsStayBelowThePeers(int value, int fault)
        {
            Assert.AreEqual(value, fault);
            Assert.IsTrue(fault < 0x80);
        }
    }
}
