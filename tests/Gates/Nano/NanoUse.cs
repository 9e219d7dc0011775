using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>The packages whose types an assembly uses, against those that its .nfproj names.</summary>
    public static class NanoUse
    {
        public static List<string> Check(
            string name, IEnumerable<TypeDefinition> types, ApiList list, NanoPackages packages,
            IEnumerable<string> named)
        {
            var used = new SortedDictionary<string, string>();
            foreach (TypeDefinition type in types)
            {
                foreach ((MemberReference member, string where) in Uses.In(type))
                {
                    foreach (TypeReference other in Uses.Elements(member as TypeReference ?? member.DeclaringType)
                        .Where(ApiList.IsExternal))
                    {
                        string board = list.Board(DocId.Of(other)).Substring(2);
                        used.TryAdd(packages.Of(board), board + "  in " + where);
                    }
                }
            }

            return used.Where(u => !named.Contains(u.Key))
                .Select(u => $"{name} does not name {u.Key}, which it uses: {u.Value}").ToList();
        }

        /// <summary>Types that nanoFramework's listing has elsewhere than the packages say.</summary>
        public static List<string> Misplaced(
            IEnumerable<string> ids, NanoPackages packages, IReadOnlyDictionary<string, string> assemblyOf) =>
            ids.Where(id => id.StartsWith("T:")).Select(id => id.Substring(2))
                .Where(t => assemblyOf.ContainsKey(t))
                .Where(t => !packages.Find(packages.Of(t)).Files.Any(f => f.StartsWith(assemblyOf[t] + ".")))
                .Select(t => $"{t} lives in {assemblyOf[t]} and not in {packages.Of(t)}").ToList();
    }
}
