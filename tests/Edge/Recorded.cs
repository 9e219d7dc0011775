using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>A simulated sensor that remembers what it said.</summary>
internal sealed class Recorded : ISensor
{
    private readonly SimulatedSensor inner;

    public Recorded(SimulatedSensor inner, int readings)
    {
        this.inner = inner;
        Values = new int[readings];
    }

    public int[] Values { get; }

    public int Count { get; private set; }

    public int Read(int nowMs, out int value)
    {
        int fault = inner.Read(nowMs, out value);
        if (Count < Values.Length)
        {
            Values[Count++] = value;
        }
        return fault;
    }
}
