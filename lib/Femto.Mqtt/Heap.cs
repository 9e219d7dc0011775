namespace Femto.Mqtt
{
    /// <summary>
    /// What an object costs on nanoFramework's managed heap, which hands out blocks of 12 bytes. The RAM bound
    /// printed at boot is the sum of these figures.
    /// </summary>
    public static class Heap
    {
        /// <summary>Bytes of an object: one block for its header and one for each field, a byte field too.</summary>
        public static int Object(int fields)
        {
            return 12 * (1 + fields);
        }

        /// <summary>Bytes of an array of primitive elements.</summary>
        public static int Array(int length, int elementBytes)
        {
            return (20 + length * elementBytes + 11) / 12 * 12;
        }
    }
}
