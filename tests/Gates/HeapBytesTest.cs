using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.InteropServices;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>
    /// The RAM bound printed at boot is a sum of <c>Bytes(...)</c>. Each is compared with an object really built: its
    /// fields and arrays by the arithmetic of nanoFramework's heap.
    /// </summary>
    [TestClass]
    public class HeapBytesTest
    {
        [TestMethod]
        [DataRow(1, 0)]
        [DataRow(1, 1)]
        [DataRow(2, 15)]
        [DataRow(3, 16)]
        [DataRow(128, 1500)]
        [DataRow(129, 1501)]
        [DataRow(65534, 1 << 20)]
        public void TextTableBytes(int texts, int bytes)
        {
            Assert.AreEqual(HeapOf(new TextTable(texts, bytes)), TextTable.Bytes(texts, bytes));
        }

        [TestMethod]
        [DataRow(1, 1, 1, 1, 1, 1)]
        [DataRow(64, 8, 32, 160, 12, 8)]
        [DataRow(65, 9, 33, 161, 13, 9)]
        [DataRow(512, 64, 512, 2000, 64, 16)]
        [DataRow(65534, 65534, 65534, 65534, 65534, 128)]
        public void TopicTableBytes(int subscriptions, int groups, int retained, int nodes, int sessions, int levels)
        {
            var limits = new Limits
            {
                Subscriptions = subscriptions,
                SharedGroups = groups,
                Retained = retained,
                TopicNodes = nodes,
                Sessions = sessions,
                TopicLevels = levels,
            };
            Assert.AreEqual(HeapOf(new TopicTable(limits, new TextTable(2, 2))), TopicTable.Bytes(limits));
        }

        [TestMethod]
        public void EveryFieldAndArrayCounts()
        {
            Assert.AreEqual(12 * 5 + 24 + 24 + 36, HeapOf(new Derived()));
        }

        /// <summary>An object with its arrays, those of its base classes too; other objects are a reference.</summary>
        private static int HeapOf(object o)
        {
            int fields = 0;
            int arrays = 0;
            var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
            for (Type type = o.GetType(); type != null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    fields++;
                    if (field.GetValue(o) is Array array && seen.Add(array))
                    {
                        arrays += ArrayBytes(array);
                    }
                }
            }

            return 12 * (1 + fields) + arrays;
        }

        private static int ArrayBytes(Array array)
        {
            Type element = array.GetType().GetElementType();
            Assert.IsTrue(element.IsPrimitive, "only arrays of numbers are counted here");
            return (20 + array.Length * Marshal.SizeOf(element) + 11) / 12 * 12;
        }

        private class Base
        {
            private readonly byte[] _four = new byte[4];

            public int Length => _four.Length;
        }

        private sealed class Derived : Base
        {
            public readonly ushort[] Two = new ushort[2];
            public readonly int[] Four = new int[4];
            public byte Small = 1;
        }
    }
}
