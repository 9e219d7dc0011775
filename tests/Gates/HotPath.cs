using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Femto.Gates
{
    /// <summary>
    /// Follows every call from the roots and finds what allocates on nanoFramework: new objects and arrays, boxes,
    /// string literals, struct locals and parameters, and class library members that are not known to be harmless.
    /// </summary>
    public sealed class HotPath
    {
        private readonly TypeDefinition[] _types;
        private readonly HashSet<string> _harmless;
        private readonly ApiList _api;
        private readonly HashSet<string> _once;
        private readonly Dictionary<MethodDefinition, MethodDefinition> _caller = new();
        private readonly Queue<MethodDefinition> _open = new();
        private readonly SortedSet<string> _findings = new(StringComparer.Ordinal);

        /// <param name="types">Where implementations of interfaces and overrides are looked for.</param>
        /// <param name="harmless">External members that do not allocate, by documentation id.</param>
        /// <param name="once">Own methods that run once for a connection and may allocate.</param>
        public HotPath(IEnumerable<TypeDefinition> types, IEnumerable<string> harmless, ApiList api,
            IEnumerable<string> once = null)
        {
            _once = (once ?? Enumerable.Empty<string>()).ToHashSet();
            _types = types.ToArray();
            _harmless = harmless.ToHashSet();
            _api = api;
        }

        /// <summary>Methods reached by the last check.</summary>
        public int Reached => _caller.Count;

        /// <summary>
        /// What a caller may call on a message's path: public methods of public types, without boot code.
        /// </summary>
        public static IEnumerable<MethodDefinition> Roots(
            IEnumerable<TypeDefinition> types, ICollection<string> boot)
        {
            return types.Where(t => t.IsPublic && !t.IsInterface && !boot.Contains(DocId.Of(t)))
                .SelectMany(t => t.Methods)
                .Where(m => m.IsPublic && !m.IsConstructor && m.HasBody)
                .Where(m => !(m.IsStatic && m.Name == "Bytes") && m.Name != "Invariants")
                .Where(m => !boot.Contains(DocId.Of((MethodReference)m)));
        }

        public List<string> Check(IEnumerable<MethodDefinition> roots)
        {
            foreach (MethodDefinition root in roots)
            {
                Reach(root, null);
            }

            while (_open.Count > 0)
            {
                Examine(_open.Dequeue());
            }

            return _findings.ToList();
        }

        private void Reach(MethodDefinition method, MethodDefinition caller)
        {
            if (!_once.Contains(DocId.Of((MethodReference)method)) && _caller.TryAdd(method, caller))
            {
                _open.Enqueue(method);
            }
        }

        private void Examine(MethodDefinition method)
        {
            foreach (ParameterDefinition parameter in method.Parameters.Where(p => IsStruct(p.ParameterType)))
            {
                Find(method, "struct parameter " + parameter.Name);
            }

            if (IsStruct(method.ReturnType))
            {
                Find(method, "returns a struct");
            }

            if (!method.HasBody)
            {
                if (!method.IsAbstract)
                {
                    Find(method, "has no body to look into");
                }

                return;
            }

            foreach (VariableDefinition local in method.Body.Variables.Where(v => IsStruct(v.VariableType)))
            {
                Find(method, "struct local of type " + local.VariableType.FullName);
            }

            foreach (Instruction instruction in method.Body.Instructions)
            {
                Examine(method, instruction);
            }
        }

        private void Examine(MethodDefinition method, Instruction instruction)
        {
            switch (instruction.OpCode.Code)
            {
                case Code.Newobj:
                    Find(method, "newobj " + ((MethodReference)instruction.Operand).DeclaringType.FullName);
                    break;
                case Code.Newarr:
                case Code.Box:
                case Code.Ldstr:
                case Code.Ldtoken:
                case Code.Localloc:
                    Find(method, instruction.OpCode.Name + " " + instruction.Operand);
                    break;
                case Code.Throw:
                case Code.Rethrow:
                case Code.Calli:
                    Find(method, instruction.OpCode.Name);
                    break;
                case Code.Call:
                case Code.Callvirt:
                case Code.Ldftn:
                case Code.Ldvirtftn:
                case Code.Jmp:
                    Follow(method, (MethodReference)instruction.Operand, instruction.OpCode.Code != Code.Call);
                    break;
            }
        }

        private void Follow(MethodDefinition caller, MethodReference called, bool isVirtual)
        {
            if (called.DeclaringType is ArrayType || Uses.Elements(called.DeclaringType).Any(ApiList.IsExternal))
            {
                string id = _api.Board(DocId.Of(called));
                if (!_harmless.Contains(id))
                {
                    Find(caller, "calls " + id);
                }

                return;
            }

            MethodDefinition definition = called.Resolve();
            if (definition == null)
            {
                Find(caller, "calls " + called.FullName + ", which was not found");
                return;
            }

            Reach(definition, caller);
            if (isVirtual && definition.IsVirtual)
            {
                foreach (MethodDefinition implementation in Implementations(definition))
                {
                    Reach(implementation, caller);
                }
            }
        }

        private IEnumerable<MethodDefinition> Implementations(MethodDefinition method)
        {
            foreach (TypeDefinition type in _types.Where(t => Inherits(t, method.DeclaringType)))
            {
                MethodDefinition exact = type.Methods.FirstOrDefault(m => m.Overrides.Any(o => o.Resolve() == method));
                if (exact != null)
                {
                    yield return exact;
                    continue;
                }

                // The nearest one up the chain: an interface's method may be implemented by a base class.
                for (TypeDefinition t = type; t != null && t != method.DeclaringType; t = Parent(t))
                {
                    MethodDefinition named = t.Methods.FirstOrDefault(m => m.IsVirtual && SameSignature(m, method));
                    if (named != null)
                    {
                        yield return named;
                        break;
                    }
                }
            }
        }

        private static bool Inherits(TypeDefinition type, TypeDefinition from)
        {
            for (TypeDefinition t = type; t != null; t = Parent(t))
            {
                if ((t == from && t != type) || t.Interfaces.Any(i => ReachesInterface(i.InterfaceType, from)))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool ReachesInterface(TypeReference type, TypeDefinition from)
        {
            TypeDefinition definition = type.Resolve();
            return definition != null
                && (definition == from || definition.Interfaces.Any(i => ReachesInterface(i.InterfaceType, from)));
        }

        private static TypeDefinition Parent(TypeDefinition type) => type.BaseType?.Resolve();

        private static bool SameSignature(MethodDefinition a, MethodDefinition b) =>
            a.Name == b.Name && a.Parameters.Select(p => p.ParameterType.FullName)
                .SequenceEqual(b.Parameters.Select(p => p.ParameterType.FullName));

        private static bool IsStruct(TypeReference type)
        {
            while (type is ByReferenceType or IModifierType or PinnedType)
            {
                type = ((TypeSpecification)type).ElementType;
            }

            if (type is ArrayType || !type.IsValueType || type.IsPrimitive || type.FullName == "System.Void")
            {
                return false;
            }

            TypeDefinition definition = type.Resolve();
            return definition == null || !definition.IsEnum;
        }

        private void Find(MethodDefinition method, string what)
        {
            var path = new List<string>();
            for (MethodDefinition m = method; m != null; m = _caller[m])
            {
                path.Add(Uses.Place(m));
            }

            path.Reverse();
            _findings.Add(what + "  in " + string.Join("\n        -> ", path));
        }
    }
}
