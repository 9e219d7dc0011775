using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Edge;

/// <summary>The headline in short: what it promises holds for a part of the day, too.</summary>
[TestClass]
public sealed class HeadlineTest
{
    [TestMethod]
    public void TheDefaultSetKeepsItsPromises()
    {
        const double hours = 1.5;   // with the first alarm
        var all = new List<Measured>();
        foreach (Rules rules in new[] { Rules.Raw, Rules.Default, Rules.Table[^1] })
        {
            using var mosquitto = new Mosquitto();
            all.Add(Measured.Run(mosquitto.Port, rules, (int)(hours * 36000)));
        }
        Assert.IsNull(Headline.Wrong(all, all[0], hours));
        Assert.IsTrue(all[1].Alarms > 0, "no alarm in that time");
        Assert.IsTrue(all[1].Messages > 10 && all[2].Messages > 10, "what changes goes up");
    }
}
