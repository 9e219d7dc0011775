using System;
using System.Collections;
using System.Collections.Generic;
using MSTest = Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework
{
    /// <summary>
    /// The board's Assert, without its obsolete second names. The overloads of AreEqual and AreNotEqual are all here
    /// and no others, so that a call means the same on the PC and on the board.
    /// </summary>
    public static class Assert
    {
        public static void AreEqual(bool expected, bool actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(byte expected, byte actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(char expected, char actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(DateTime expected, DateTime actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(double expected, double actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(short expected, short actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(int expected, int actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(long expected, long actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(object expected, object actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(sbyte expected, sbyte actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(float expected, float actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(string expected, string actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(ushort expected, ushort actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(uint expected, uint actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreEqual(ulong expected, ulong actual, string message = "") =>
            Equal(expected, actual, message);

        public static void AreNotEqual(bool notExpected, bool actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(byte notExpected, byte actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(char notExpected, char actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(DateTime notExpected, DateTime actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(double notExpected, double actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(short notExpected, short actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(int notExpected, int actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(long notExpected, long actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(object notExpected, object actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(sbyte notExpected, sbyte actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(float notExpected, float actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(string notExpected, string actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(ushort notExpected, ushort actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(uint notExpected, uint actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreNotEqual(ulong notExpected, ulong actual, string message = "") =>
            Differ(notExpected, actual, message);

        public static void AreSame(object expected, object actual, string message = "")
        {
            Check(ReferenceEquals(expected, actual), "AreSame", "not the same object", message);
        }

        public static void AreNotSame(object notExpected, object actual, string message = "")
        {
            Check(!ReferenceEquals(notExpected, actual), "AreNotSame", "the same object", message);
        }

        public static void IsTrue(bool condition, string message = "") =>
            Check(condition, "IsTrue", "was false", message);

        public static void IsFalse(bool condition, string message = "") =>
            Check(!condition, "IsFalse", "was true", message);

        public static void IsNull(object value, string message = "") =>
            Check(value is null, "IsNull", "was not null", message);

        public static void IsNotNull(object value, string message = "") =>
            Check(value is not null, "IsNotNull", "was null", message);

        public static void Contains(string expected, string value, string message = "")
        {
            Check(value.Contains(expected, StringComparison.Ordinal), "Contains",
                Quote(value) + " lacks " + Quote(expected), message);
        }

        public static void DoesNotContains(string notExpected, string value, string message = "")
        {
            Check(!value.Contains(notExpected, StringComparison.Ordinal), "DoesNotContains",
                Quote(value) + " has " + Quote(notExpected), message);
        }

        public static void StartsWith(string expected, string value, string message = "")
        {
            Check(value.StartsWith(expected, StringComparison.Ordinal), "StartsWith",
                Quote(value) + " does not start with " + Quote(expected), message);
        }

        public static void EndsWith(string expected, string value, string message = "")
        {
            Check(value.EndsWith(expected, StringComparison.Ordinal), "EndsWith",
                Quote(value) + " does not end with " + Quote(expected), message);
        }

        public static void IsInstanceOfType(object value, Type expected, string message = "")
        {
            Check(expected.IsInstanceOfType(value), "IsInstanceOfType",
                Quote(value?.GetType()) + " is no " + Quote(expected), message);
        }

        public static void IsNotInstanceOfType(object value, Type notExpected, string message = "")
        {
            Check(!notExpected.IsInstanceOfType(value), "IsNotInstanceOfType",
                Quote(value?.GetType()) + " is " + Quote(notExpected), message);
        }

        /// <summary>The exception's type must be exactly the one named, as on the board.</summary>
        public static void ThrowsException(Type exception, Action action, string message = "")
        {
            Type thrown = null;
            try
            {
                action();
            }
            catch (Exception e)
            {
                thrown = e.GetType();
            }

            Check(thrown == exception, "ThrowsException",
                "expected " + Quote(exception) + ", got " + Quote(thrown), message);
        }

        /// <summary>Counts as a test that did not run: tests/run fails on it.</summary>
        public static void SkipTest(string message = "") => MSTest.Assert.Inconclusive(message);

        internal static void Check(bool condition, string assertion, string what, string message)
        {
            if (!condition)
            {
                throw new MSTest.AssertFailedException(
                    "Assert." + assertion + ": " + what + (string.IsNullOrEmpty(message) ? "" : ". " + message));
            }
        }

        private static void Equal<T>(T expected, T actual, string message)
        {
            if (!EqualityComparer<T>.Default.Equals(expected, actual))
            {
                Check(false, "AreEqual", "expected " + Quote(expected) + ", got " + Quote(actual), message);
            }
        }

        private static void Differ<T>(T notExpected, T actual, string message)
        {
            if (EqualityComparer<T>.Default.Equals(notExpected, actual))
            {
                Check(false, "AreNotEqual", "both " + Quote(actual), message);
            }
        }

        private static string Quote(object value) => value is null ? "(null)" : "<" + value + ">";
    }

    /// <summary>The board's CollectionAssert.</summary>
    public static class CollectionAssert
    {
        public static void AreEqual(ICollection expected, ICollection actual, string message = "")
        {
            string difference = Difference(expected, actual);
            Assert.Check(difference is null, "AreEqual", difference, message);
        }

        public static void AreNotEqual(ICollection notExpected, ICollection actual, string message = "")
        {
            Assert.Check(Difference(notExpected, actual) is not null, "AreNotEqual", "the same elements", message);
        }

        public static void Empty(ICollection collection, string message = "")
        {
            Assert.Check(collection.Count == 0, "Empty", collection.Count + " elements", message);
        }

        public static void NotEmpty(ICollection collection, string message = "")
        {
            Assert.Check(collection.Count != 0, "NotEmpty", "no elements", message);
        }

        private static string Difference(ICollection expected, ICollection actual)
        {
            if (expected is null || actual is null)
            {
                return ReferenceEquals(expected, actual) ? null : "one of them is null";
            }

            if (expected.Count != actual.Count)
            {
                return "expected " + expected.Count + " elements, got " + actual.Count;
            }

            IEnumerator right = actual.GetEnumerator();
            int index = 0;
            foreach (object left in expected)
            {
                right.MoveNext();
                if (!Equals(left, right.Current))
                {
                    return "element " + index + ": expected " + left + ", got " + right.Current;
                }

                index++;
            }

            return null;
        }
    }

    /// <summary>The board's OutputHelper.</summary>
    public static class OutputHelper
    {
        public static void Write(string text) => Console.Write(text);

        public static void WriteLine(string text) => Console.WriteLine(text);
    }
}
