using System.Collections.Generic;
using System.Linq;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Femto.Gates
{
    /// <summary>
    /// How large an assembly will be as nanoFramework's .pe: counted from what the format holds, since the program that
    /// makes it does not run here. Tokens in code have two bytes, constants and parameter names are left out, records
    /// have the sizes of the firmware's headers. Names that the firmware's own table knows are counted all the same.
    /// </summary>
    public static class PeSize
    {
        private const int Header = 132, AssemblyRef = 12, TypeRef = 8, MemberRef = 8, TypeDef = 28, FieldDef = 8,
            MethodDef = 16, Handler = 12;

        public static int Estimate(ModuleDefinition module)
        {
            TypeDefinition[] types = module.GetTypes().Where(t => t.Name != "<Module>").ToArray();
            FieldDefinition[] fields = types.SelectMany(t => t.Fields).Where(f => !f.HasConstant).ToArray();
            MethodDefinition[] methods = types.SelectMany(t => t.Methods).ToArray();
            MemberReference[] members = module.GetMemberReferences().ToArray();
            TypeReference[] typeReferences = module.GetTypeReferences().ToArray();
            int size = Header + module.AssemblyReferences.Count * AssemblyRef + typeReferences.Length * TypeRef
                + members.Length * MemberRef + types.Length * TypeDef + fields.Length * FieldDef
                + methods.Length * MethodDef;
            size += methods.Where(m => m.HasBody).Sum(m => Code(m.Body));
            size += Texts(types, fields, methods, members, typeReferences) + Signatures(fields, methods, members);
            size += fields.Sum(f => f.InitialValue.Length);
            return size;
        }

        private static int Code(MethodBody body)
        {
            int tokens = body.Instructions.Count(i => i.OpCode.OperandType is OperandType.InlineField
                or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok
                or OperandType.InlineString);
            return body.CodeSize - 2 * tokens + body.ExceptionHandlers.Count * Handler;
        }

        private static int Texts(TypeDefinition[] types, FieldDefinition[] fields, MethodDefinition[] methods,
            MemberReference[] members, TypeReference[] typeReferences)
        {
            var texts = new HashSet<string>(types.Select(t => t.Name).Concat(types.Select(t => t.Namespace))
                .Concat(fields.Select(f => f.Name)).Concat(methods.Select(m => m.Name))
                .Concat(members.Select(m => m.Name)).Concat(typeReferences.Select(t => t.Name))
                .Concat(methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
                    .Select(i => i.Operand).OfType<string>()));
            return texts.Sum(t => Encoding.UTF8.GetByteCount(t) + 1);
        }

        // A byte for each primitive, three for each type of ours; equal signatures are kept once.
        private static int Signatures(FieldDefinition[] fields, MethodDefinition[] methods, MemberReference[] members)
        {
            var signatures = new HashSet<string>(fields.Select(f => "f " + f.FieldType.FullName));
            signatures.UnionWith(methods.Select(m => Method(m)));
            signatures.UnionWith(members.OfType<MethodReference>().Select(Method));
            signatures.UnionWith(methods.Where(m => m.HasBody && m.Body.HasVariables)
                .Select(m => "l " + string.Join(" ", m.Body.Variables.Select(v => v.VariableType.FullName))));
            return signatures.Sum(s => 1 + s.Split(' ').Sum(
                t => t.StartsWith("Femto") ? 3 : 1 + t.Count(c => c == '[')));
        }

        private static string Method(MethodReference m) =>
            "m " + m.ReturnType.FullName + " " + string.Join(" ", m.Parameters.Select(p => p.ParameterType.FullName));
    }
}
