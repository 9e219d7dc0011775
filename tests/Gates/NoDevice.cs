using Femto.Mqtt;

namespace Femto.Gates
{
    /// <summary>A device of the size of a board's drive, with nothing on it.</summary>
    internal sealed class NoDevice : IByteDevice
    {
        public int Segments() => 12;

        public int SegmentBytes() => 16384;

        public int Size(int segment) => 0;

        public int Read(int segment, int position, byte[] buffer, int offset, int count) => 0;

        public bool Write(int segment, int position, byte[] buffer, int offset, int count) => true;

        public bool Sync(int segment) => true;

        public bool Clear(int segment) => true;
    }
}
