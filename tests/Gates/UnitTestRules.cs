using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Femto.Gates
{
    /// <summary>
    /// What the board's test launcher does differently or dies of: it knows attributes by their exact type, invokes
    /// without an instance, converts no argument, and cannot read an array out of a DataRow.
    /// </summary>
    public static class UnitTestRules
    {
        public static List<string> Check(IEnumerable<TypeDefinition> types)
        {
            var findings = new List<string>();
            foreach (TypeDefinition type in types)
            {
                bool isTestClass = Count(type, "TestClassAttribute") > 0;
                foreach (MethodDefinition method in type.Methods.Where(m => Count(m, null) > 0))
                {
                    if (!isTestClass)
                    {
                        findings.Add("no TestClass around a test  in " + Uses.Place(method));
                    }

                    findings.AddRange(InMethod(method).Select(what => what + "  in " + Uses.Place(method)));
                }

                if (isTestClass)
                {
                    findings.AddRange(InClass(type).Select(what => what + "  in " + type.FullName));
                }
            }

            return findings;
        }

        private static IEnumerable<string> InClass(TypeDefinition type)
        {
            if (type.Fields.Any(f => !f.IsStatic))
            {
                yield return "instance field " + type.Fields.First(f => !f.IsStatic).Name;
            }

            if (type.BaseType.FullName != "System.Object")
            {
                yield return "base class";
            }

            if (!type.IsPublic || type.IsAbstract || type.HasGenericParameters)
            {
                yield return "test class that is no plain public class";
            }
        }

        private static IEnumerable<string> InMethod(MethodDefinition method)
        {
            if (method.IsStatic)
            {
                yield return "static test method";
            }

            if (!method.IsPublic || method.ReturnType.FullName != "System.Void" || method.HasGenericParameters)
            {
                yield return "test method that is no public void method";
            }

            if (!method.IsStatic && method.HasBody && method.Body.Instructions.Any(IsThis))
            {
                yield return "use of this";
            }

            int rows = Count(method, "DataRowAttribute");
            if (rows > 0 && Count(method, "TestMethodAttribute") == 0)
            {
                yield return "DataRow without TestMethod";
            }

            if (rows == 0 && method.Parameters.Count > 0)
            {
                yield return "parameters without DataRow";
            }

            foreach (CustomAttribute row in method.CustomAttributes.Where(a => IsOurs(a, "DataRowAttribute")))
            {
                foreach (string what in InRow(method, row))
                {
                    yield return what;
                }
            }
        }

        private static IEnumerable<string> InRow(MethodDefinition method, CustomAttribute row)
        {
            if (row.ConstructorArguments.Count != 1
                || row.ConstructorArguments[0].Value is not CustomAttributeArgument[] values)
            {
                yield return "DataRow of null";
                yield break;
            }

            if (values.Length != method.Parameters.Count)
            {
                yield return $"DataRow of {values.Length} for {method.Parameters.Count} parameters";
                yield break;
            }

            for (int i = 0; i < values.Length; i++)
            {
                TypeReference given = values[i].Value is CustomAttributeArgument boxed ? boxed.Type : values[i].Type;
                TypeReference wanted = method.Parameters[i].ParameterType;
                if (given is ArrayType)
                {
                    yield return "DataRow with an array";
                }
                else if (given.FullName != wanted.FullName && wanted.FullName != "System.Object")
                {
                    yield return $"DataRow gives {given.Name} for {wanted.Name} {method.Parameters[i].Name}";
                }
            }
        }

        private static bool IsThis(Instruction instruction) =>
            instruction.OpCode.Code == Code.Ldarg_0 || (instruction.Operand is ParameterDefinition { Index: -1 });

        private static int Count(ICustomAttributeProvider provider, string name) =>
            provider.CustomAttributes.Count(a => IsOurs(a, name));

        private static bool IsOurs(CustomAttribute attribute, string name) =>
            attribute.AttributeType.Namespace == "nanoFramework.TestFramework"
            && (attribute.AttributeType.Name == name
                || (name == null && attribute.AttributeType.Name != "TestClassAttribute"));
    }
}
