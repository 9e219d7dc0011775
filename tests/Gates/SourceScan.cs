using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Femto.Gates
{
    /// <summary>A function found in a source file.</summary>
    public sealed record Function(string File, int Line, int Lines, string Header);

    /// <summary>Reads C# text well enough to see functions, comments and long lines; knows no preprocessor.</summary>
    public static class SourceScan
    {
        /// <summary>Functions, accessors included, with their lines from the line before '{' to '}'.</summary>
        public static List<Function> Functions(string file, string source)
        {
            var functions = new List<Function>();
            var blocks = new Stack<(char Kind, int Line, string Header)>(); // t type or namespace, f function, o other
            var header = new StringBuilder();
            int line = 1;
            foreach (char c in WithoutTextAndComments(source))
            {
                switch (c)
                {
                    case '{':
                        string text = Regex.Replace(header.ToString().Trim(), @"\s+", " ");
                        blocks.Push((KindOf(text, blocks), line, text));
                        header.Clear();
                        break;
                    case '}':
                        (char kind, int start, string name) = blocks.Pop();
                        if (kind == 'f')
                        {
                            functions.Add(new Function(file, start, line - start + 2, name));
                        }

                        header.Clear();
                        break;
                    case ';':
                        header.Clear();
                        break;
                    default:
                        line += c == '\n' ? 1 : 0;
                        header.Append(c);
                        break;
                }
            }

            return functions;
        }

        /// <summary>Lines of code text too long, and words that mark unfinished work.</summary>
        public static List<string> Lines(string file, string[] lines, int columns)
        {
            var findings = new List<string>();
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > columns)
                {
                    findings.Add($"{file}:{i + 1}: {lines[i].Length} columns");
                }

                if (Regex.IsMatch(lines[i], @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b"))
                {
                    findings.Add($"{file}:{i + 1}: unfinished: {lines[i].Trim()}");
                }
            }

            return findings;
        }

        private static char KindOf(string header, Stack<(char Kind, int Line, string Header)> blocks)
        {
            string outside = Regex.Replace(header, @"\([^()]*(\([^()]*\)[^()]*)*\)", "()");
            if (Regex.IsMatch(outside, @"\b(class|struct|interface|enum|record|namespace)\s+[\w.<]"))
            {
                return 't';
            }

            bool initialiser = Regex.IsMatch(Regex.Replace(outside, "=>|operator ?[=!<>]=", ""), "=");
            return blocks.Count > 0 && blocks.Peek().Kind == 't' && !initialiser ? 'f' : 'o';
        }

        /// <summary>The same text with comments, strings and characters blanked out; line breaks stay.</summary>
        public static string WithoutTextAndComments(string text)
        {
            const string pattern = @"//[^\n]*|/\*.*?\*/"
                + @"|\$*""""""+.*?""""""+|\$?@\$?""(?:[^""]|"""")*""|\$?""(?:\\.|[^""\\\n])*""|'(?:\\.[^']*|[^'\\\n])'";
            return Regex.Replace(text, pattern, m => new string(m.Value.Select(c => c == '\n' ? c : ' ').ToArray()),
                RegexOptions.Singleline);
        }
    }
}
