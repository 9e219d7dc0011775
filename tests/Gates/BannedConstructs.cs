using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Femto.Gates
{
    /// <summary>What nanoFramework 1.x lacks, compiles and then fails on, or pays for at each call.</summary>
    public static class BannedConstructs
    {
        private static readonly Dictionary<string, string> s_members = new()
        {
            ["System.Buffer::BlockCopy"] = "Buffer.BlockCopy",
            ["System.String::Replace"] = "string.Replace",
            ["System.String::Join"] = "string.Join",
            ["System.Threading.Monitor::Wait"] = "Monitor.Wait",
            ["System.Threading.Monitor::Pulse"] = "Monitor.Pulse",
            ["System.Threading.Monitor::PulseAll"] = "Monitor.Pulse",
        };

        /// <summary>Findings in compiled code, each with its place.</summary>
        public static List<string> Check(IEnumerable<TypeDefinition> types)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            foreach (TypeDefinition type in types)
            {
                foreach (string what in InType(type))
                {
                    findings.Add(what + "  in " + type.FullName);
                }

                foreach (MethodDefinition method in type.Methods)
                {
                    foreach (string what in InMethod(method))
                    {
                        findings.Add(what + "  in " + Uses.Place(method));
                    }
                }

                foreach ((MemberReference member, string where) in Uses.In(type))
                {
                    foreach (string what in InUse(member))
                    {
                        findings.Add(what + "  in " + where);
                    }
                }
            }

            return findings.ToList();
        }

        /// <summary>Findings in source text that leave no mark in compiled code.</summary>
        public static List<string> CheckSource(string file, IEnumerable<string> lines)
        {
            var findings = new List<string>();
            int number = 0;
            foreach (string line in lines)
            {
                number++;
                if (Regex.IsMatch(line, @"^\s*#\s*(if|elif|else)\b"))
                {
                    findings.Add($"{file}:{number}: #if");
                }

                if (Regex.IsMatch(line, @"^\s*case\s+[@$]*"""))
                {
                    findings.Add($"{file}:{number}: string switch");
                }
            }

            return findings;
        }

        private static IEnumerable<string> InType(TypeDefinition type)
        {
            if (type.IsValueType && !type.IsEnum)
            {
                yield return "struct";
            }

            if (type.HasGenericParameters)
            {
                yield return "generic type";
            }

            if (type.Name.StartsWith("<>c", StringComparison.Ordinal))
            {
                yield return "lambda or closure";
            }

            if (type.Interfaces.Any(i => i.InterfaceType.Name == "IAsyncStateMachine"))
            {
                yield return "async";
            }
            else if (type.Name.StartsWith('<') && type.Interfaces.Any(i => i.InterfaceType.Name == "IEnumerator"))
            {
                yield return "yield";
            }

            if (type.Methods.Any(m => m.Name == "<Clone>$"))
            {
                yield return "record";
            }

            if (type.IsInterface && type.Methods.Any(m => m.HasBody))
            {
                yield return "default interface method";
            }
        }

        private static IEnumerable<string> InMethod(MethodDefinition method)
        {
            if (method.HasGenericParameters)
            {
                yield return "generic method";
            }

            if (method.Parameters.Any(p => p.CustomAttributes.Any(a => a.AttributeType.Name == "ParamArrayAttribute")))
            {
                yield return "params";
            }

            if (!method.HasBody)
            {
                yield break;
            }

            if (method.Body.Variables.Any(v => v.IsPinned))
            {
                yield return "fixed";
            }

            foreach (Instruction instruction in method.Body.Instructions)
            {
                string what = InCode(method, instruction);
                if (what != null)
                {
                    yield return what;
                }
            }
        }

        private static string InCode(MethodDefinition method, Instruction instruction)
        {
            OpCode code = instruction.OpCode;
            if (code.Code == Code.Localloc)
            {
                return "stackalloc";
            }

            if (code.Code == Code.Volatile)
            {
                return "volatile";
            }

            if (code.Name.Contains(".ovf"))
            {
                return "checked arithmetic";
            }

            // In a constructor a delegate is made once, at boot.
            return code.Code is Code.Ldftn or Code.Ldvirtftn && !method.IsConstructor ? "delegate created" : null;
        }

        private static IEnumerable<string> InUse(MemberReference member)
        {
            if (member is GenericInstanceMethod)
            {
                yield return "generic method";
            }

            if (member is MethodReference { Name: "GetEnumerator" or "MoveNext" })
            {
                yield return "foreach over something that is no array";
            }

            if (member is not TypeReference type)
            {
                if (s_members.TryGetValue(member.DeclaringType.FullName + "::" + member.Name, out string banned))
                {
                    yield return banned;
                }

                yield break;
            }

            for (TypeReference t = type; t is TypeSpecification specification; t = specification.ElementType)
            {
                switch (t)
                {
                    case ArrayType { Rank: > 1 }:
                        yield return "multidimensional array";
                        break;
                    case PointerType:
                    case FunctionPointerType:
                        yield return "pointer";
                        break;
                    case GenericInstanceType { ElementType: { FullName: "System.Nullable`1" } }:
                        yield return "Nullable";
                        break;
                    case GenericInstanceType generic when generic.ElementType.Name.StartsWith("ValueTuple`"):
                        yield return "tuple";
                        break;
                    case GenericInstanceType:
                        yield return "generic type";
                        break;
                    case RequiredModifierType { ModifierType: { Name: "IsVolatile" } }:
                        yield return "volatile";
                        break;
                }
            }

            foreach (TypeReference element in Uses.Elements(type))
            {
                if (element.FullName == "System.Decimal")
                {
                    yield return "decimal";
                }

                if (element.Namespace == "System.Linq")
                {
                    yield return "System.Linq";
                }

                if (element.Name == "DefaultInterpolatedStringHandler")
                {
                    yield return "interpolated string handler";
                }
            }
        }
    }
}
