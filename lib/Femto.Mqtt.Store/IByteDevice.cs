namespace Femto.Mqtt
{
    /// <summary>
    /// Where a journal keeps its bytes: a fixed number of segments that grow at their end and are emptied as a whole. A
    /// segment is a file on a board's internal drive or on a PC, an array in tests.
    /// </summary>
    /// <remarks>
    /// What was written may be lost, in part and in any order, until <see cref="Sync"/> of its segment has returned
    /// true. No call throws: a device that fails returns false.
    /// </remarks>
    public interface IByteDevice
    {
        /// <summary>Number of segments, 4 or more.</summary>
        int Segments();

        /// <summary>Largest size of a segment in bytes.</summary>
        int SegmentBytes();

        /// <summary>Present size of a segment in bytes.</summary>
        int Size(int segment);

        /// <summary>Reads from a segment.</summary>
        /// <returns>Bytes read: fewer than asked for at the end or where the device fails.</returns>
        int Read(int segment, int position, byte[] buffer, int offset, int count);

        /// <summary>Writes at the end of a segment; the position is its present size.</summary>
        /// <returns>False: the device failed; what it kept of the bytes is not known.</returns>
        bool Write(int segment, int position, byte[] buffer, int offset, int count);

        /// <summary>Makes durable what was written to a segment.</summary>
        bool Sync(int segment);

        /// <summary>Empties a segment.</summary>
        bool Clear(int segment);
    }
}
