using System.Collections.Generic;
using Mono.Cecil.Cil;

namespace Femto.CostMeter
{
    /// <summary>The classes that instructions are counted in. The last ones are not instructions but what a call
    /// adds.</summary>
    internal enum Class
    {
        Local, Constant, Arithmetic, Compare, Branch, Switch, Conversion,
        FieldRead, FieldWrite, StaticRead, StaticWrite, FieldAddress,
        ByteRead, ShortRead, IntRead, OtherRead,
        ByteWrite, ShortWrite, IntWrite, OtherWrite,
        Length, ElementAddress, Indirect,
        StaticCall, InstanceCall, VirtualCall, PropertyGet, Return, Native,
        Try, Throw, Cast, Allocation, Other,
        Argument, LocalInit, OutsideCall,
    }

    /// <summary>
    /// What each class costs on nanoFramework's interpreter, in the nanoseconds of the measured table: README.md has
    /// the derivation, MicroTable checks it against every row.
    /// </summary>
    internal static class CostModel
    {
        public const int Classes = (int)Class.OutsideCall + 1;
        public const int InstructionClasses = (int)Class.Argument;
        public const double CopiedByte = 0.016;

        private const double Simple = 1.7;
        private const double Call = 22, Ret = 4;

        public static double Price(Class c)
        {
            switch (c)
            {
                case Class.Local:
                case Class.Constant: return Simple;
                case Class.Arithmetic: return 1.9;
                case Class.Compare: return 2.5;
                case Class.Branch:
                case Class.Switch: return 3.6;
                case Class.Conversion: return 3;
                case Class.FieldRead:
                case Class.FieldWrite:
                case Class.FieldAddress: return 6.1;
                case Class.StaticRead:
                case Class.StaticWrite: return 7.8;
                case Class.ByteRead:
                case Class.ShortRead:
                case Class.IntRead:
                case Class.OtherRead: return 4.9;
                case Class.ByteWrite:
                case Class.ShortWrite:
                case Class.IntWrite:
                case Class.OtherWrite: return 5.9;
                case Class.Length: return 2.5;
                case Class.ElementAddress: return 4.9;
                case Class.Indirect: return 3.5;
                case Class.StaticCall:
                case Class.InstanceCall:
                case Class.PropertyGet: return Call;
                case Class.VirtualCall: return Call + 22;
                case Class.Return: return Ret;
                case Class.Native: return 0; // by member, below
                case Class.Try: return 38;
                case Class.Throw: return 5800;
                case Class.Cast: return 10;
                case Class.Allocation: return 100;
                case Class.Other: return Simple;
                case Class.Argument: return 1;
                case Class.LocalInit: return 2;
                case Class.OutsideCall: return Call;
                default: return double.NaN;
            }
        }

        /// <summary>Native members and what one call costs beside its arguments. A member not named here fails the
        /// check.</summary>
        public static readonly Dictionary<string, double> NativePrices = new Dictionary<string, double>
        {
            ["System.Void System.Array::Copy(System.Array,System.Int32,System.Array,System.Int32,System.Int32)"] = 100,
            ["System.Void System.Array::Clear(System.Array,System.Int32,System.Int32)"] = 100,
            ["System.Void System.Threading.Monitor::Enter(System.Object)"] = 80,
            ["System.Void System.Threading.Monitor::Enter(System.Object,System.Boolean&)"] = 80,
            ["System.Void System.Threading.Monitor::Exit(System.Object)"] = 80,
        };

        public static bool IsCopy(string member)
        {
            return member.StartsWith("System.Void System.Array::Copy(");
        }

        public static bool IsClear(string member)
        {
            return member.StartsWith("System.Void System.Array::Clear(");
        }

        /// <summary>The class of any instruction but a call.</summary>
        public static Class Of(Code code)
        {
            switch (code)
            {
                case Code.Ldarg: case Code.Ldarg_0: case Code.Ldarg_1: case Code.Ldarg_2: case Code.Ldarg_3:
                case Code.Ldarg_S:
                case Code.Ldarga: case Code.Ldarga_S: case Code.Starg: case Code.Starg_S:
                case Code.Ldloc: case Code.Ldloc_0: case Code.Ldloc_1: case Code.Ldloc_2: case Code.Ldloc_3:
                case Code.Ldloc_S:
                case Code.Ldloca: case Code.Ldloca_S:
                case Code.Stloc: case Code.Stloc_0: case Code.Stloc_1: case Code.Stloc_2: case Code.Stloc_3:
                case Code.Stloc_S:
                case Code.Dup: case Code.Pop: case Code.Nop:
                    return Class.Local;
                case Code.Ldc_I4: case Code.Ldc_I4_S: case Code.Ldc_I4_M1: case Code.Ldc_I4_0: case Code.Ldc_I4_1:
                case Code.Ldc_I4_2: case Code.Ldc_I4_3: case Code.Ldc_I4_4: case Code.Ldc_I4_5: case Code.Ldc_I4_6:
                case Code.Ldc_I4_7: case Code.Ldc_I4_8: case Code.Ldc_I8: case Code.Ldc_R4: case Code.Ldc_R8:
                case Code.Ldnull:
                    return Class.Constant;
                case Code.Add: case Code.Sub: case Code.Mul: case Code.Div: case Code.Div_Un: case Code.Rem:
                case Code.Rem_Un:
                case Code.And: case Code.Or: case Code.Xor: case Code.Shl: case Code.Shr: case Code.Shr_Un:
                case Code.Neg: case Code.Not:
                    return Class.Arithmetic;
                case Code.Ceq: case Code.Cgt: case Code.Cgt_Un: case Code.Clt: case Code.Clt_Un:
                    return Class.Compare;
                case Code.Br: case Code.Br_S: case Code.Brtrue: case Code.Brtrue_S: case Code.Brfalse:
                case Code.Brfalse_S:
                case Code.Beq: case Code.Beq_S: case Code.Bne_Un: case Code.Bne_Un_S: case Code.Bge: case Code.Bge_S:
                case Code.Bge_Un: case Code.Bge_Un_S: case Code.Bgt: case Code.Bgt_S: case Code.Bgt_Un:
                case Code.Bgt_Un_S:
                case Code.Ble: case Code.Ble_S: case Code.Ble_Un: case Code.Ble_Un_S: case Code.Blt: case Code.Blt_S:
                case Code.Blt_Un: case Code.Blt_Un_S:
                    return Class.Branch;
                case Code.Switch: return Class.Switch;
                case Code.Conv_I1: case Code.Conv_I2: case Code.Conv_I4: case Code.Conv_I8: case Code.Conv_U1:
                case Code.Conv_U2:
                case Code.Conv_U4: case Code.Conv_U8: case Code.Conv_I: case Code.Conv_U: case Code.Conv_R4:
                case Code.Conv_R8:
                    return Class.Conversion;
                case Code.Ldfld: return Class.FieldRead;
                case Code.Stfld: return Class.FieldWrite;
                case Code.Ldsfld: return Class.StaticRead;
                case Code.Stsfld: return Class.StaticWrite;
                case Code.Ldflda: case Code.Ldsflda: return Class.FieldAddress;
                case Code.Ldelem_I1: case Code.Ldelem_U1: return Class.ByteRead;
                case Code.Ldelem_I2: case Code.Ldelem_U2: return Class.ShortRead;
                case Code.Ldelem_I4: case Code.Ldelem_U4: return Class.IntRead;
                case Code.Ldelem_I8: case Code.Ldelem_Ref: case Code.Ldelem_Any:
                case Code.Ldelem_I: return Class.OtherRead;
                case Code.Stelem_I1: return Class.ByteWrite;
                case Code.Stelem_I2: return Class.ShortWrite;
                case Code.Stelem_I4: return Class.IntWrite;
                case Code.Stelem_I8: case Code.Stelem_Ref: case Code.Stelem_Any:
                case Code.Stelem_I: return Class.OtherWrite;
                case Code.Ldlen: return Class.Length;
                case Code.Ldelema: return Class.ElementAddress;
                case Code.Ldind_I1: case Code.Ldind_U1: case Code.Ldind_I2: case Code.Ldind_U2: case Code.Ldind_I4:
                case Code.Ldind_U4:
                case Code.Ldind_I8: case Code.Ldind_Ref: case Code.Stind_I1: case Code.Stind_I2: case Code.Stind_I4:
                case Code.Stind_I8:
                case Code.Stind_Ref:
                    return Class.Indirect;
                case Code.Ret: return Class.Return;
                case Code.Leave: case Code.Leave_S: case Code.Endfinally: return Class.Try;
                case Code.Throw: case Code.Rethrow: return Class.Throw;
                case Code.Castclass: case Code.Isinst: return Class.Cast;
                case Code.Newobj: case Code.Newarr: case Code.Box: case Code.Ldstr: return Class.Allocation;
                default: return Class.Other;
            }
        }
    }
}
