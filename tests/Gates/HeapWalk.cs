using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Femto.Gates
{
    /// <summary>
    /// What an object and everything it refers to would take on nanoFramework's heap, which hands out blocks of 12
    /// bytes: an object takes one and one for each field, an array 20 bytes and its elements.
    /// </summary>
    public sealed class HeapWalk
    {
        private const int Block = 12;
        private const int ArrayHead = 20;

        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
        private readonly SortedDictionary<string, int> _bytes = new(StringComparer.Ordinal);

        /// <param name="without">Objects that belong to somebody else.</param>
        public HeapWalk(params object[] without)
        {
            _seen.UnionWith(without);
        }

        /// <summary>Bytes of everything walked so far.</summary>
        public int Bytes => _bytes.Values.Sum();

        /// <summary>Bytes by the type that holds them, one a line.</summary>
        public string Table =>
            string.Join("\n", _bytes.OrderByDescending(b => b.Value).Select(b => $"{b.Value,9} {b.Key}"));

        public static int Of(object root, params object[] without)
        {
            var walk = new HeapWalk(without);
            walk.Add(root, "");
            return walk.Bytes;
        }

        /// <summary>Walks from an object that is counted to its holder's name.</summary>
        public void Add(object root, string holder)
        {
            if (root == null || !_seen.Add(root))
            {
                return;
            }

            Type type = root.GetType();
            if (root is Array array)
            {
                Type element = type.GetElementType();
                Count(holder, ArrayHead + array.Length * (element.IsPrimitive ? SizeOf(element) : Block));
                if (!element.IsPrimitive)
                {
                    foreach (object item in array)
                    {
                        Add(item, holder);
                    }
                }

                return;
            }

            // A literal's text stays in flash; an encoding has no fields there.
            if (root is string || root is System.Text.Encoding)
            {
                Count(holder, Block);
                return;
            }

            if (type != typeof(object) && type.Namespace != "Femto.Mqtt" && !type.IsNestedPublic)
            {
                throw new InvalidOperationException($"{holder} holds a {type.FullName}");
            }

            FieldInfo[] fields = Fields(type).ToArray();
            Count(type.Name, Block * (1 + fields.Length));
            foreach (FieldInfo field in fields.Where(f => !f.FieldType.IsValueType))
            {
                Add(field.GetValue(root), type.Name + "." + field.Name);
            }
        }

        /// <summary>Walks from everything that a library's types hold in static fields.</summary>
        public void AddStatics(Assembly library)
        {
            foreach (Type type in library.GetTypes().Where(t => t.Namespace == "Femto.Mqtt"))
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                const BindingFlags statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
                foreach (FieldInfo field in type.GetFields(statics).Where(f => !f.IsLiteral))
                {
                    if (!field.FieldType.IsValueType)
                    {
                        Add(field.GetValue(null), "static " + type.Name + "." + field.Name);
                    }
                }
            }
        }

        private static IEnumerable<FieldInfo> Fields(Type type)
        {
            for (Type t = type; t != null; t = t.BaseType)
            {
                const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                    | BindingFlags.DeclaredOnly;
                foreach (FieldInfo field in t.GetFields(own))
                {
                    yield return field;
                }
            }
        }

        private void Count(string holder, int bytes)
        {
            _bytes.TryGetValue(holder, out int before);
            _bytes[holder] = before + (bytes + Block - 1) / Block * Block;
        }

        private static int SizeOf(Type primitive) => primitive == typeof(bool) ? 1
            : primitive == typeof(char) ? 2 : System.Runtime.InteropServices.Marshal.SizeOf(primitive);
    }
}
