namespace Femto.Mqtt.Unit
{
    /// <summary>A device that fails where the test says, and one of any size that holds nothing.</summary>
    public sealed class FaultyDevice : IByteDevice
    {
        /// <summary>Reads so far.</summary>
        public int Reads;
        /// <summary>From this read on nothing is read.</summary>
        public int LastRead = int.MaxValue;
        /// <summary>Syncs fail.</summary>
        public bool NoSync;
        /// <summary>Segments are not emptied.</summary>
        public bool NoClear;

        private readonly MemoryDevice device;
        private readonly int segmentBytes;

        public FaultyDevice(MemoryDevice device)
        {
            this.device = device;
            segmentBytes = device.SegmentBytes();
        }

        /// <summary>Says that its segments are of this size.</summary>
        public FaultyDevice(int segmentBytes)
        {
            device = new MemoryDevice(6, 64);
            this.segmentBytes = segmentBytes;
        }

        public int Segments()
        {
            return device.Segments();
        }

        public int SegmentBytes()
        {
            return segmentBytes;
        }

        public int Size(int segment)
        {
            return device.Size(segment);
        }

        public int Read(int segment, int position, byte[] buffer, int offset, int count)
        {
            return ++Reads >= LastRead ? 0 : device.Read(segment, position, buffer, offset, count);
        }

        public bool Write(int segment, int position, byte[] buffer, int offset, int count)
        {
            return device.Write(segment, position, buffer, offset, count);
        }

        public bool Sync(int segment)
        {
            return !NoSync && device.Sync(segment);
        }

        public bool Clear(int segment)
        {
            return !NoClear && device.Clear(segment);
        }
    }
}
