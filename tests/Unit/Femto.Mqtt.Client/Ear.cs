namespace Femto.Mqtt.Unit
{
    /// <summary>Takes the messages of one subscription.</summary>
    public class Ear : IMessageSink
    {
        /// <summary>What it answers.</summary>
        public int Reason;

        private readonly Desk desk;
        private readonly string name;

        public Ear(Desk desk, string name)
        {
            this.desk = desk;
            this.name = name;
        }

        public int Message(MqttClient client, ClientMessage m)
        {
            Line.Clear();
            Line.Show(m.TopicBuffer, m.TopicOffset, m.TopicLength);
            desk.Told += name + " " + Line.Text() + ";";
            return Reason;
        }
    }
}
