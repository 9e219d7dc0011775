// What every assembly for the board says of itself; each .nfproj compiles this file. On the PC the SDK writes the same
// from Directory.Build.props.
using System.Reflection;

[assembly: AssemblyProduct("Femto")]
[assembly: AssemblyCompany("The Femto authors")]
[assembly: AssemblyCopyright("Copyright (c) 2026 The Femto authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
