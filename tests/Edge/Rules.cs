namespace Femto.Edge;

/// <summary>The rules that are measured.</summary>
internal sealed record Rules(string Name, int Version, string Text, int WindowMs = 0, string Limits = "esp32-psram")
{
    private const string All = "aggregate femto/+/sensor/+ ";

    // What a reading of each sensor may be off, in the order of Site.Names.
    public static readonly double[] Bounds = [0.1, 0.5, 0.1, 0.25, 5];

    public const double PowerAlarm = 900, VibrationAlarm = 5;

    private const string Alarms = "aggregate_alarm femto/+/sensor/power above 900\n"
        + "aggregate_alarm femto/+/sensor/vibration above 5\n";

    public static readonly Rules Raw = new("every reading, MQTT 3.1.1", 4, "");

    public static readonly Rules Default = new("default set: deadband, then batch; alarms", 5, DefaultText(30));

    public static readonly Rules[] Table =
    [
        Raw,
        new("every reading, MQTT 5 with topic aliases", 5, ""),
        new("`latest 1`", 5, All + "latest 1\n"),
        new("`sample 10`", 5, All + "sample 10\n"),
        new("`batch 100`", 5, All + "batch 100\naggregate_topics 5\n"),
        new("`deadband 2% 600`", 5, All + "deadband 2% 600\n"),
        new("`deadband` of the bounds, 600", 5, Each("deadband {0} 600")),
        new("`window 60 mean`", 5, All + "window 60 mean\n", 60000),
        new("`window 60 min,max,mean,count`", 5, All + "window 60 min,max,mean,count\n"),
        new("`latest 60`", 5, All + "latest 60\n"),
        new("`window 10 mean \\| deadband 2% 600`", 5, All + "window 10 mean | deadband 2% 600\n", 10000),
        Default,
        new("the same on an ESP32 without PSRAM", 4, DefaultText(10), Limits: "esp32"),
    ];

    /// <summary>The default set as lines of a configuration.</summary>
    public static string DefaultText(int batch) => Each($"deadband {{0}} 600 | batch {batch} 60") + Alarms;

    private static string Each(string steps)
    {
        string text = "";
        for (int i = 0; i < Site.Names.Length; i++)
        {
            string bound = Bounds[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
            text += $"aggregate femto/+/sensor/{Site.Names[i]} {string.Format(steps, bound)}\naggregate_topics 1\n";
        }
        return text;
    }
}
