using System;
using System.Reflection;
using System.Runtime.ExceptionServices;
using MSTest = Microsoft.VisualStudio.TestTools.UnitTesting;

[assembly: MSTest.AssemblyFixtureProvider(typeof(nanoFramework.TestFramework.ClassFixture))]

namespace nanoFramework.TestFramework
{
    /// <summary>
    /// Setup and Cleanup once per class. MSTest runs the tests of one class after another, so a class is over when a
    /// test of another class begins, or the assembly ends.
    /// </summary>
    [MSTest.TestClass]
    public static class ClassFixture
    {
        private static Type s_current;
        private static Exception s_setupFault;

        /// <summary>Called before each test.</summary>
        public static void Enter(Type testClass)
        {
            if (testClass != s_current)
            {
                Leave();
                s_current = testClass;
                s_setupFault = null;
                try
                {
                    Run(testClass, typeof(SetupAttribute));
                }
                catch (Exception e)
                {
                    s_setupFault = e;
                }
            }

            if (s_setupFault != null)
            {
                throw new InvalidOperationException(
                    testClass.Name + ": Setup failed: " + s_setupFault.Message, s_setupFault);
            }
        }

        /// <summary>Cleans up after the last class.</summary>
        [MSTest.AssemblyCleanup]
        public static void Leave()
        {
            Type leaving = s_current;
            s_current = null;
            if (leaving != null)
            {
                Run(leaving, typeof(CleanupAttribute));
            }
        }

        private static void Run(Type testClass, Type attribute)
        {
            object instance = null;
            foreach (MethodInfo method in testClass.GetMethods())
            {
                if (method.IsDefined(attribute, false))
                {
                    // The board invokes with no instance at all; the gates see to it that no method uses one.
                    instance ??= Activator.CreateInstance(testClass);
                    try
                    {
                        method.Invoke(instance, null);
                    }
                    catch (TargetInvocationException e)
                    {
                        ExceptionDispatchInfo.Throw(e.InnerException);
                    }
                }
            }
        }
    }
}
