using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Femto.Gates
{
    /// <summary>Walks everything a type mentions: bases, fields, signatures, attributes and code.</summary>
    public static class Uses
    {
        /// <summary>A module's types with the nested ones, without those that only the compiler knows.</summary>
        public static IEnumerable<TypeDefinition> Types(ModuleDefinition module) =>
            module.GetTypes().Where(t => t.Name != "<Module>" && !IsPrivateDetail(t) && !IsCompilersAttribute(t));

        /// <summary>Members and types with the place that mentions them.</summary>
        public static IEnumerable<(MemberReference Member, string Where)> In(TypeDefinition type)
        {
            foreach (TypeReference t in Bases(type).Concat(Attributes(type)))
            {
                yield return (t, type.FullName);
            }

            foreach (FieldDefinition field in type.Fields)
            {
                yield return (field.FieldType, field.FullName);
                foreach (TypeReference t in Attributes(field))
                {
                    yield return (t, field.FullName);
                }
            }

            foreach (PropertyDefinition property in type.Properties)
            {
                foreach (TypeReference t in Attributes(property))
                {
                    yield return (t, property.FullName);
                }
            }

            foreach (MethodDefinition method in type.Methods)
            {
                foreach (MemberReference m in In(method))
                {
                    yield return (m, Place(method));
                }
            }
        }

        public static string Place(MethodReference method) => DocId.Of(method).Substring(2);

        /// <summary>The type itself, out of arrays, references, pointers and generic instances.</summary>
        public static IEnumerable<TypeReference> Elements(TypeReference type)
        {
            while (type is TypeSpecification specification)
            {
                if (type is GenericInstanceType generic)
                {
                    foreach (TypeReference argument in generic.GenericArguments.SelectMany(Elements))
                    {
                        yield return argument;
                    }
                }

                type = specification.ElementType;
            }

            if (type is not GenericParameter)
            {
                yield return type;
            }
        }

        /// <summary>Types made for array initialisers and string switches.</summary>
        public static bool IsPrivateDetail(TypeReference type)
        {
            TypeReference outer = type;
            while (outer.DeclaringType != null)
            {
                outer = outer.DeclaringType;
            }

            return outer.Name.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal);
        }

        private static IEnumerable<MemberReference> In(MethodDefinition method)
        {
            yield return method.ReturnType;
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                yield return parameter.ParameterType;
            }

            foreach (TypeReference t in Attributes(method))
            {
                yield return t;
            }

            if (!method.HasBody)
            {
                yield break;
            }

            foreach (VariableDefinition local in method.Body.Variables)
            {
                yield return local.VariableType;
            }

            foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
            {
                if (handler.CatchType != null)
                {
                    yield return handler.CatchType;
                }
            }

            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (instruction.Operand is MemberReference member)
                {
                    yield return member;
                    if (member is not TypeReference)
                    {
                        yield return member.DeclaringType;
                    }
                }
            }
        }

        private static IEnumerable<TypeReference> Bases(TypeDefinition type)
        {
            if (type.BaseType != null)
            {
                yield return type.BaseType;
            }

            foreach (InterfaceImplementation implementation in type.Interfaces)
            {
                yield return implementation.InterfaceType;
            }
        }

        private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
            provider.CustomAttributes.Select(a => a.AttributeType).Where(t => !IsCompilersAttribute(t));

        private static bool IsCompilersAttribute(TypeReference type) =>
            type.Namespace is "System.Runtime.CompilerServices" or "Microsoft.CodeAnalysis"
            && type.Name.EndsWith("Attribute", StringComparison.Ordinal);
    }
}
