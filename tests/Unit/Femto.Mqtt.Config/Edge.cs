namespace Femto.Mqtt.Unit
{
    /// <summary>Aggregation and sensors of a configuration as text.</summary>
    public static class Edge
    {
        private static readonly string[] s_kinds = { "", "latest", "deadband", "percent", "window", "batch", "sample" };

        public static string By(BridgeOptions o)
        {
            string told = "";
            for (int i = 0; i < o.Aggregates.Length; i++)
            {
                AggregateRule r = o.Aggregates[i];
                told += " <" + r.Pattern;
                for (int k = 0; k < r.Stages.Length; k++) told += (k == 0 ? " " : ", ") + Step(r.Stages[k]);
                told += r.Qos == -1 ? "" : " qos=" + r.Qos.ToString();
                told += r.Suffix == null ? "" : " suffix=" + r.Suffix;
                told += r.Field == null ? "" : " field=" + r.Field;
                told += r.Decimals == 3 ? "" : " decimals=" + r.Decimals.ToString();
                told += r.Other == 0 ? "" : " other=" + r.Other.ToString();
                told += (r.Topics == 0 ? "" : " topics=" + r.Topics.ToString()) + ">";
            }
            for (int i = 0; i < o.Alarms.Length; i++)
            {
                AggregateAlarm a = o.Alarms[i];
                told += " !" + a.Pattern + (a.HasAbove ? " >" + a.Above.ToString() : "")
                    + (a.HasBelow ? " <" + a.Below.ToString() : "");
            }
            return told;
        }

        private static string Step(AggregateStage s)
        {
            string told = s_kinds[s.Kind];
            bool band = s.Kind == AggregateStage.Deadband || s.Kind == AggregateStage.Percent;
            if (band) told += " " + s.Amount.ToString();
            if (s.Kind == AggregateStage.Batch || s.Kind == AggregateStage.Sample) told += " " + s.Count.ToString();
            if (s.Kind != AggregateStage.Sample) told += " " + s.Ms.ToString();
            string functions = "";
            for (int f = 1; f <= 32; f += f)
            {
                if ((s.Functions & f) != 0) functions += (functions == "" ? " " : "+") + f.ToString();
            }
            return told + functions;
        }

        public static string By(AppOptions app)
        {
            string told = " " + app.Device + " " + app.StatusSeconds.ToString();
            if (app.WatchdogSeconds != 1800) told += " watchdog=" + app.WatchdogSeconds.ToString();
            if (app.BlackBoxFile != null) told += " box=" + app.BlackBoxFile;
            for (int i = 0; i < app.Sensors.Length; i++)
            {
                SensorOptions s = app.Sensors[i];
                told += " [" + s.Name + " " + s.Source + " " + s.IntervalMs.ToString() + " " + s.Decimals.ToString()
                    + (s.Unit == null ? "" : " " + s.Unit) + (s.Json ? " json" : "") + " q" + s.Qos.ToString()
                    + (s.Retain ? " retain" : "") + (s.Topic == null ? "" : " to=" + s.Topic) + "]";
            }
            return told;
        }
    }
}
