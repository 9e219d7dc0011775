using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>XML documentation ids of what IL refers to, as the lists write them.</summary>
    public static class DocId
    {
        public static string Of(TypeReference type) => "T:" + Name(type.GetElementType());

        public static string Of(FieldReference field) =>
            "F:" + Name(field.DeclaringType.GetElementType()) + "." + field.Name;

        /// <summary>An accessor is named by its property or event: P:System.Array.Length.</summary>
        public static string Of(MethodReference method)
        {
            method = method.GetElementMethod();
            List<string> parameters = method.Parameters.Select(p => Name(p.ParameterType)).ToList();
            string prefix = "M:";
            string name = method.Name;
            if (name.StartsWith("get_", StringComparison.Ordinal))
            {
                prefix = "P:";
                name = name.Substring(4);
            }
            else if (name.StartsWith("set_", StringComparison.Ordinal))
            {
                prefix = "P:";
                name = name.Substring(4);
                parameters.RemoveAt(parameters.Count - 1);
            }
            else if (name.StartsWith("add_", StringComparison.Ordinal) && parameters.Count == 1)
            {
                prefix = "E:";
                name = name.Substring(4);
                parameters.Clear();
            }
            else if (name.StartsWith("remove_", StringComparison.Ordinal) && parameters.Count == 1)
            {
                prefix = "E:";
                name = name.Substring(7);
                parameters.Clear();
            }

            if (method.GenericParameters.Count > 0)
            {
                name += "``" + method.GenericParameters.Count;
            }

            string id = prefix + Name(method.DeclaringType.GetElementType()) + "." + name.Replace('.', '#');
            if (parameters.Count > 0)
            {
                id += "(" + string.Join(",", parameters) + ")";
            }

            return name is "op_Implicit" or "op_Explicit" ? id + "~" + Name(method.ReturnType) : id;
        }

        private static string Name(TypeReference type)
        {
            switch (type)
            {
                case ArrayType array:
                    return Name(array.ElementType) + "[" + new string(',', array.Rank - 1) + "]";
                case ByReferenceType reference:
                    return Name(reference.ElementType) + "@";
                case PointerType pointer:
                    return Name(pointer.ElementType) + "*";
                case GenericInstanceType generic:
                    string open = generic.ElementType.FullName.Replace('/', '.');
                    int tick = open.LastIndexOf('`');
                    return open.Substring(0, tick < 0 ? open.Length : tick)
                        + "{" + string.Join(",", generic.GenericArguments.Select(Name)) + "}";
                case GenericParameter parameter:
                    return (parameter.Type == GenericParameterType.Method ? "``" : "`") + parameter.Position;
                case IModifierType modified:
                    return Name(modified.ElementType);
                default:
                    return type.FullName.Replace('/', '.');
            }
        }
    }
}
