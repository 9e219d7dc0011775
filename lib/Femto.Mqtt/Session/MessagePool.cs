using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// Messages that must outlive the packet they came in: one copy each, counted by reference. A message is a
    /// chain of blocks that holds topic, forwarded properties and payload one after another, so the pool never
    /// fragments and every step is bounded by the message's length.
    /// </summary>
    /// <remarks>Handles run from 1; 0 is none.</remarks>
    public sealed class MessagePool
    {
        /// <summary>An expiry that never comes.</summary>
        public const uint Never = 0xFFFFFFFF;

        /// <summary>Bytes of the topic name at the beginning of the message.</summary>
        public readonly ushort[] TopicLength;
        /// <summary>Bytes of the properties behind the topic, encoded as they are forwarded.</summary>
        public readonly int[] PropertiesLength;
        /// <summary>Bytes of topic, properties and payload together.</summary>
        public readonly int[] Length;
        /// <summary>Second of uptime at which the message expires, or <see cref="Never"/>.</summary>
        public readonly uint[] Expiry;
        /// <summary>QoS the message was published with, 0 to 2.</summary>
        public readonly byte[] Qos;

        /// <summary>Bytes of one block.</summary>
        public readonly int BlockBytes;
        /// <summary>Blocks not in use.</summary>
        public int FreeBlocks;
        /// <summary>Handles not in use.</summary>
        public int FreeMessages;
        /// <summary>Grows each time a message is freed; who waits for room compares it.</summary>
        public int Freed;

        /// <summary>
        /// Position of the reader: the block, 0 at the end. Saved and restored by who reads in pieces.
        /// </summary>
        public int ReadBlock;
        /// <summary>Position of the reader within its block.</summary>
        public int ReadOffset;

        /// <summary>Told of what is to survive a loss of power; null: nothing is.</summary>
        public Changes Changes;

        private readonly byte[] data;
        private readonly ushort[] nextBlock;
        private readonly ushort[] firstBlock; // of a free handle: the next free handle
        private readonly ushort[] references;
        private int freeBlock;
        private int freeMessage;
        private int writeBlock;
        private int writeOffset;

        /// <summary>Builds the pool; all memory it will ever use is allocated here.</summary>
        /// <param name="messages">Handles, 1 to 65,534.</param>
        /// <param name="blocks">Blocks, 1 to 65,534.</param>
        /// <param name="blockBytes">Bytes of one block, 16 or more.</param>
        public MessagePool(int messages, int blocks, int blockBytes)
        {
            BlockBytes = blockBytes;
            TopicLength = new ushort[messages + 1];
            PropertiesLength = new int[messages + 1];
            Length = new int[messages + 1];
            Expiry = new uint[messages + 1];
            Qos = new byte[messages + 1];
            firstBlock = new ushort[messages + 1];
            references = new ushort[messages + 1];
            data = new byte[blocks * blockBytes];
            nextBlock = new ushort[blocks + 1];
            for (int i = 1; i < messages; i++) firstBlock[i] = (ushort)(i + 1);
            for (int i = 1; i < blocks; i++) nextBlock[i] = (ushort)(i + 1);
            freeMessage = 1;
            freeBlock = 1;
            FreeMessages = messages;
            FreeBlocks = blocks;
        }

        /// <summary>Bytes of nanoFramework's heap that a pool of this size takes.</summary>
        public static int Bytes(int messages, int blocks, int blockBytes)
        {
            return Heap.Object(20)
                + Heap.Array(messages + 1, 2) * 3 // TopicLength, firstBlock, references
                + Heap.Array(messages + 1, 4) * 3 // PropertiesLength, Length, Expiry
                + Heap.Array(messages + 1, 1)     // Qos
                + Heap.Array(blocks * blockBytes, 1)
                + Heap.Array(blocks + 1, 2);
        }

        /// <summary>Blocks that a message of so many bytes takes; at least one.</summary>
        public int BlocksFor(int length)
        {
            return length <= BlockBytes ? 1 : (length + BlockBytes - 1) / BlockBytes;
        }

        /// <summary>Takes a message with one reference; its bytes follow by <see cref="Append"/>.</summary>
        /// <returns>The handle, or 0 when the pool has no room; nothing is changed then.</returns>
        public int Allocate(int topicLength, int propertiesLength, int length)
        {
            if (FreeMessages == 0 || BlocksFor(length) > FreeBlocks) return 0;
            int message = freeMessage;
            freeMessage = firstBlock[message];
            FreeMessages--;
            Take(message, topicLength, propertiesLength, length);
            if (Changes != null) Changes.MessageStamp[message]++;
            return message;
        }

        /// <summary>The same for a handle that was reserved.</summary>
        /// <returns>False when there are too few blocks.</returns>
        public bool Restore(int message, int topicLength, int propertiesLength, int length)
        {
            if (BlocksFor(length) > FreeBlocks) return false;
            Take(message, topicLength, propertiesLength, length);
            return true;
        }

        private void Take(int message, int topicLength, int propertiesLength, int length)
        {
            int blocks = BlocksFor(length);
            FreeBlocks -= blocks;
            int first = freeBlock;
            int last = first;
            for (int i = 1; i < blocks; i++) last = nextBlock[last];
            freeBlock = nextBlock[last];
            nextBlock[last] = 0;
            firstBlock[message] = (ushort)first;
            references[message] = 1;
            TopicLength[message] = (ushort)topicLength;
            PropertiesLength[message] = propertiesLength;
            Length[message] = length;
            Expiry[message] = Never;
            writeBlock = first;
            writeOffset = 0;
        }

        /// <summary>Takes the handles that are to hold what was read again out of the free ones. At boot, when all are
        /// free.</summary>
        /// <param name="used">By handle: not 0 when it is one of them.</param>
        public void Reserve(byte[] used)
        {
            freeMessage = 0;
            FreeMessages = 0;
            for (int message = references.Length - 1; message > 0; message--)
            {
                if (used[message] == 0) GiveBack(message);
            }
        }

        /// <summary>A reserved handle is free again.</summary>
        public void GiveBack(int message)
        {
            firstBlock[message] = (ushort)freeMessage;
            freeMessage = message;
            FreeMessages++;
        }

        /// <summary>Appends bytes to the message last allocated, never more than it was allocated for.</summary>
        public void Append(byte[] source, int offset, int count)
        {
            while (count > 0)
            {
                int room = BlockBytes - writeOffset;
                if (room == 0)
                {
                    writeBlock = nextBlock[writeBlock];
                    writeOffset = 0;
                    room = BlockBytes;
                }
                int n = count < room ? count : room;
                Array.Copy(source, offset, data, (writeBlock - 1) * BlockBytes + writeOffset, n);
                writeOffset += n;
                offset += n;
                count -= n;
            }
        }

        /// <summary>Puts the reader at the beginning of a message.</summary>
        public void Seek(int message)
        {
            ReadBlock = firstBlock[message];
            ReadOffset = 0;
        }

        /// <summary>Moves the reader forward.</summary>
        public void Skip(int count)
        {
            int offset = ReadOffset + count;
            int block = ReadBlock;
            while (offset >= BlockBytes && nextBlock[block] != 0)
            {
                offset -= BlockBytes;
                block = nextBlock[block];
            }
            ReadBlock = block;
            ReadOffset = offset;
        }

        /// <summary>Copies the next bytes of the message out; never more than are left of it.</summary>
        public void Read(byte[] target, int offset, int count)
        {
            int block = ReadBlock;
            int at = ReadOffset;
            while (count > 0)
            {
                int n = BlockBytes - at;
                if (n == 0)
                {
                    block = nextBlock[block];
                    at = 0;
                    n = BlockBytes;
                }
                if (n > count) n = count;
                Array.Copy(data, (block - 1) * BlockBytes + at, target, offset, n);
                at += n;
                offset += n;
                count -= n;
            }
            ReadBlock = block;
            ReadOffset = at;
        }

        /// <summary>Takes one more reference.</summary>
        public void Retain(int message)
        {
            Debug.Assert(references[message] > 0);
            references[message]++;
        }

        /// <summary>Gives one reference back; the last one frees the message.</summary>
        public void Release(int message)
        {
            Debug.Assert(references[message] > 0);
            if (--references[message] != 0) return;
            int first = firstBlock[message];
            int last = first;
            int blocks = 1;
            while (nextBlock[last] != 0)
            {
                last = nextBlock[last];
                blocks++;
            }
            nextBlock[last] = (ushort)freeBlock;
            freeBlock = first;
            FreeBlocks += blocks;
            firstBlock[message] = (ushort)freeMessage;
            freeMessage = message;
            FreeMessages++;
            Freed++;
            if (Changes != null) Changes.Freed(message);
        }

        /// <summary>References held on a message; 0 when it is free.</summary>
        public int References(int message)
        {
            return references[message];
        }

        /// <summary>Checks that no handle or block is lost or used twice. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
            int messages = references.Length - 1;
            int blocks = nextBlock.Length - 1;
            int freeHandles = 0;
            for (int h = freeMessage; h != 0; h = firstBlock[h])
            {
                if (references[h] != 0) throw new InvalidOperationException("free message has references");
                if (++freeHandles > messages) throw new InvalidOperationException("free message list has a loop");
            }
            if (freeHandles != FreeMessages) throw new InvalidOperationException("free message count");
            bool[] seen = new bool[blocks + 1];
            int freeCount = 0;
            for (int b = freeBlock; b != 0; b = nextBlock[b])
            {
                if (seen[b]) throw new InvalidOperationException("block twice in the free list");
                seen[b] = true;
                freeCount++;
            }
            if (freeCount != FreeBlocks) throw new InvalidOperationException("free block count");
            int used = 0;
            int usedHandles = 0;
            for (int h = 1; h <= messages; h++)
            {
                if (references[h] == 0) continue;
                usedHandles++;
                int chain = 0;
                for (int b = firstBlock[h]; b != 0; b = nextBlock[b])
                {
                    if (seen[b]) throw new InvalidOperationException("block used twice");
                    seen[b] = true;
                    chain++;
                }
                if (chain != BlocksFor(Length[h])) throw new InvalidOperationException("block chain length");
                used += chain;
            }
            if (used + freeCount != blocks) throw new InvalidOperationException("blocks lost");
            if (usedHandles + freeHandles != messages) throw new InvalidOperationException("messages lost");
        }
    }
}
