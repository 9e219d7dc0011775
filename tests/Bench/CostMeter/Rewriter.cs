using System;
using System.Collections.Generic;
using System.IO;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Femto.CostMeter
{
    /// <summary>A method of a rewritten library.</summary>
    internal sealed class Method
    {
        public string Name;
        /// <summary>The block that runs once for each call.</summary>
        public int Entry;
        public List<Block> Blocks = new List<Block>();
    }

    /// <summary>Instructions that always run together, and what one run of them costs.</summary>
    internal sealed class Block
    {
        public int Id;
        public Method Method;
        public int[] Counts = new int[CostModel.Classes];
        /// <summary>Calls of methods that are rewritten too.</summary>
        public int InnerCalls;
        /// <summary>External members used, in order; null when none.</summary>
        public List<string> Natives;
        /// <summary>Allocating instructions by name; null when none.</summary>
        public List<string> Allocations;
        public double Ns;
        /// <summary>The instructions, for people.</summary>
        public List<string> Text = new List<string>();
    }

    /// <summary>
    /// Makes copies of libraries in which every basic block counts its runs. A block's instructions are known
    /// beforehand, so one counter a block is enough and the counts are exact.
    /// </summary>
    internal sealed class Rewriter
    {
        public readonly List<Block> Blocks = new List<Block>();
        public readonly List<Method> Methods = new List<Method>();

        private readonly DefaultAssemblyResolver _resolver = new DefaultAssemblyResolver();
        private readonly HashSet<string> _measured = new HashSet<string>();

        private TypeReference _long;
        private FieldReference _counters;
        private MethodReference _copy;

        /// <summary>Rewrites all libraries of a folder; they may call each other.</summary>
        /// <returns>The images, by assembly name.</returns>
        public Dictionary<string, byte[]> Rewrite(string folder)
        {
            var images = new Dictionary<string, byte[]>();
            _resolver.AddSearchDirectory(folder);
            string[] files = Directory.GetFiles(folder, "*.dll");
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
            {
                _measured.Add(Path.GetFileNameWithoutExtension(file));
            }

            foreach (string file in files)
            {
                using ModuleDefinition module = ModuleDefinition.ReadModule(
                    file, new ReaderParameters { AssemblyResolver = _resolver });
                RefuseDebug(module);
                Import(module);
                foreach (TypeDefinition type in module.GetTypes())
                {
                    foreach (MethodDefinition method in type.Methods)
                    {
                        if (method.HasBody)
                        {
                            Rewrite(method);
                        }
                    }
                }

                var image = new MemoryStream();
                module.Write(image);
                images.Add(module.Assembly.Name.Name, image.ToArray());
            }

            Counters.Blocks = new long[Blocks.Count];
            Counters.CopiedBytes = new long[Blocks.Count];
            return images;
        }

        private static void RefuseDebug(ModuleDefinition module)
        {
            foreach (CustomAttribute a in module.Assembly.CustomAttributes)
            {
                if (a.AttributeType.Name == "DebuggableAttribute" && a.ConstructorArguments.Count == 1
                    && ((int)a.ConstructorArguments[0].Value & 0x100) != 0)
                {
                    throw new InvalidOperationException(
                        module.Name + " was built without optimisation: run the cost meter with -c Release");
                }
            }
        }

        private void Import(ModuleDefinition module)
        {
            _long = module.TypeSystem.Int64;
            var self = new AssemblyNameReference(typeof(Counters).Assembly.GetName().Name, new Version(0, 0, 0, 0));
            module.AssemblyReferences.Add(self);
            var counters = new TypeReference("Femto.CostMeter", "Counters", module, self);
            _counters = new FieldReference("Blocks", new ArrayType(_long), counters);
            _copy = new MethodReference("Copy", module.TypeSystem.Void, counters);
            _copy.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int32));
            _copy.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int32));
        }

        private void Rewrite(MethodDefinition definition)
        {
            MethodBody body = definition.Body;
            body.SimplifyMacros();
            var method = new Method { Name = NameOf(definition) };
            Methods.Add(method);

            var original = new List<Instruction>(body.Instructions);
            HashSet<Instruction> leaders = Leaders(body);
            ILProcessor il = body.GetILProcessor();

            // Each call runs this one, also when the first instruction is the target of a loop.
            Block block = NewBlock(method);
            method.Entry = block.Id;
            block.Counts[(int)Class.LocalInit] = body.Variables.Count;
            block.Ns = body.Variables.Count * CostModel.Price(Class.LocalInit);
            var moved = new Dictionary<Instruction, Instruction>();
            List<Instruction> entry = Probe(block.Id);
            foreach (Instruction instruction in original)
            {
                if (leaders.Contains(instruction))
                {
                    block = NewBlock(method);
                    List<Instruction> probe = Probe(block.Id);
                    moved.Add(instruction, probe[0]);
                    InsertBefore(il, instruction, probe);
                }

                Count(block, instruction);
                if (IsLengthCall(instruction))
                {
                    il.InsertBefore(instruction, il.Create(OpCodes.Dup));
                    il.InsertBefore(instruction, il.Create(OpCodes.Ldc_I4, block.Id));
                    il.InsertBefore(instruction, il.Create(OpCodes.Call, _copy));
                }
            }

            Redirect(body, moved);
            InsertBefore(il, body.Instructions[0], entry);
            body.OptimizeMacros();
        }

        private static HashSet<Instruction> Leaders(MethodBody body)
        {
            var leaders = new HashSet<Instruction> { body.Instructions[0] };
            foreach (Instruction i in body.Instructions)
            {
                if (i.Operand is Instruction target)
                {
                    leaders.Add(target);
                }
                else if (i.Operand is Instruction[] targets)
                {
                    leaders.UnionWith(targets);
                }

                FlowControl flow = i.OpCode.FlowControl;
                bool ends = flow == FlowControl.Branch || flow == FlowControl.Cond_Branch
                    || flow == FlowControl.Return || flow == FlowControl.Throw;
                if (ends && i.Next != null)
                {
                    leaders.Add(i.Next);
                }
            }

            foreach (ExceptionHandler handler in body.ExceptionHandlers)
            {
                foreach (Instruction i in new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart,
                    handler.HandlerEnd, handler.FilterStart })
                {
                    if (i != null)
                    {
                        leaders.Add(i);
                    }
                }
            }

            return leaders;
        }

        private static void Redirect(MethodBody body, Dictionary<Instruction, Instruction> moved)
        {
            foreach (Instruction i in body.Instructions)
            {
                if (i.Operand is Instruction target)
                {
                    i.Operand = moved[target];
                }
                else if (i.Operand is Instruction[] targets)
                {
                    for (int k = 0; k < targets.Length; k++)
                    {
                        targets[k] = moved[targets[k]];
                    }
                }
            }

            foreach (ExceptionHandler handler in body.ExceptionHandlers)
            {
                handler.TryStart = moved[handler.TryStart];
                handler.TryEnd = moved[handler.TryEnd];
                handler.HandlerStart = moved[handler.HandlerStart];
                handler.HandlerEnd = handler.HandlerEnd == null ? null : moved[handler.HandlerEnd];
                handler.FilterStart = handler.FilterStart == null ? null : moved[handler.FilterStart];
            }
        }

        private Block NewBlock(Method method)
        {
            var block = new Block { Id = Blocks.Count, Method = method };
            Blocks.Add(block);
            method.Blocks.Add(block);
            return block;
        }

        private List<Instruction> Probe(int id)
        {
            return new List<Instruction>
            {
                Instruction.Create(OpCodes.Ldsfld, _counters),
                Instruction.Create(OpCodes.Ldc_I4, id),
                Instruction.Create(OpCodes.Ldelema, _long),
                Instruction.Create(OpCodes.Dup),
                Instruction.Create(OpCodes.Ldind_I8),
                Instruction.Create(OpCodes.Ldc_I4_1),
                Instruction.Create(OpCodes.Conv_I8),
                Instruction.Create(OpCodes.Add),
                Instruction.Create(OpCodes.Stind_I8),
            };
        }

        private static void InsertBefore(ILProcessor il, Instruction place, List<Instruction> inserted)
        {
            foreach (Instruction i in inserted)
            {
                il.InsertBefore(place, i);
            }
        }

        private static bool IsLengthCall(Instruction i)
        {
            return i.Operand is MethodReference m && (CostModel.IsCopy(m.FullName) || CostModel.IsClear(m.FullName));
        }

        private void Count(Block block, Instruction i)
        {
            block.Text.Add(i.OpCode.Name + " " + OperandText(i.Operand));
            Class c;
            switch (i.OpCode.Code)
            {
                case Code.Call:
                case Code.Callvirt:
                    c = CountCall(block, (MethodReference)i.Operand, i.OpCode.Code == Code.Callvirt);
                    break;
                default:
                    c = CostModel.Of(i.OpCode.Code);
                    break;
            }

            if (c == Class.Allocation || c == Class.Throw)
            {
                block.Allocations ??= new List<string>();
                block.Allocations.Add(i.OpCode.Name);
                if (i.Operand is MethodReference constructor && IsMeasured(constructor.DeclaringType))
                {
                    block.InnerCalls++;
                }
            }

            block.Counts[(int)c]++;
            block.Ns += CostModel.Price(c);
        }

        private Class CountCall(Block block, MethodReference called, bool callvirt)
        {
            if (!IsMeasured(called.DeclaringType))
            {
                block.Natives ??= new List<string>();
                block.Natives.Add(called.FullName);
                if (CostModel.NativePrices.TryGetValue(called.FullName, out double price))
                {
                    block.Ns += price;
                }

                return Class.Native;
            }

            MethodDefinition definition = called.Resolve();
            int arguments = called.Parameters.Count + (called.HasThis ? 1 : 0);
            block.InnerCalls++;
            block.Counts[(int)Class.Argument] += arguments;
            block.Ns += arguments * CostModel.Price(Class.Argument);
            // The board looks a method up whenever it is marked virtual, sealed class or not.
            if (callvirt && definition.IsVirtual)
            {
                return Class.VirtualCall;
            }

            if (definition.IsGetter)
            {
                return Class.PropertyGet;
            }

            return called.HasThis ? Class.InstanceCall : Class.StaticCall;
        }

        private bool IsMeasured(TypeReference type)
        {
            string assembly = type.Scope is ModuleDefinition m ? m.Assembly.Name.Name : type.Scope.Name;
            return _measured.Contains(assembly);
        }

        private static string OperandText(object operand)
        {
            switch (operand)
            {
                case null: return "";
                case Instruction _: return "->";
                case MemberReference member: return member.Name;
                default: return operand.ToString();
            }
        }

        private static string NameOf(MethodDefinition method)
        {
            return method.DeclaringType.FullName.Replace("Femto.Mqtt.", "") + "." + method.Name;
        }
    }
}
