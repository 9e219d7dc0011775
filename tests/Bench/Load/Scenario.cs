using System;

namespace Femto.Bench;

/// <summary>How many topics, each with one publisher, and how many subscribers each topic has.</summary>
internal sealed record Scenario(string Name, int Topics, int Subscribers)
{
    public static readonly Scenario[] All =
    [
        new("1-1", 1, 1),
        new("10-10", 10, 1),
        new("1-50", 1, 50),
    ];

    public static Scenario Named(string name) => Array.Find(All, s => s.Name == name);
}
