namespace Femto.Mqtt.Unit
{
    /// <summary>A transport that never opens.</summary>
    public class DeadTransport : ITransport
    {
        public string Why;

        public string Error
        {
            get { return Why; }
        }

        public void Open(TransportOptions options)
        {
        }

        public int State()
        {
            return TransportState.Closed;
        }

        public int Receive(byte[] buffer, int offset, int count)
        {
            return -1;
        }

        public int Send(byte[] buffer, int offset, int count)
        {
            return -1;
        }

        public void Close()
        {
        }
    }
}
