using System;
using System.Text;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>What the broker tells its user while it runs: a line for each connect, disconnect and refusal.</summary>
internal sealed class Lines : IBrokerLog
{
    private readonly LineWriter writer;
    private readonly Broker broker;
    private readonly bool verbose, connections;

    /// <param name="connections">A line for each client that comes or goes.</param>
    public Lines(LineWriter writer, Broker broker, bool verbose, bool connections)
    {
        this.writer = writer;
        this.broker = broker;
        this.verbose = verbose;
        this.connections = connections;
    }

    public void Connected(int connection)
    {
        if (connections)
        {
            Write("connect", $"{Who(connection)}, MQTT {(broker.VersionOf(connection) == 5 ? "5.0" : "3.1.1")}");
        }
    }

    public void Disconnected(int connection, int reason, int cause)
    {
        if (connections)
        {
            Write("disconnect", Who(connection) + ": " + cause switch
            {
                DisconnectCause.Client => "by the client, " + Reasons.Text(reason),
                DisconnectCause.Broker => "by the broker, " + Reasons.Text(reason),
                _ => "connection lost",
            });
        }
    }

    public void Refused(int connection, int reason)
    {
        if (connection >= 0)                        // else TableFull tells, which knows the address
        {
            Write("refuse", Who(connection) + ": " + Reasons.Text(reason));
        }
    }

    /// <summary>Closed at once: the broker had no row for it.</summary>
    public void TableFull(byte[] peer, int length, int connections) =>
        Write("refuse", $"{Text(peer, 0, length)}: all {connections} connections are taken");

    /// <summary>Closed at once: max_connections of the listener.</summary>
    public void ListenerFull(byte[] peer, int length, ConfigListener listener) =>
        Write("refuse", $"{Text(peer, 0, length)}: all {listener.MaxConnections} connections of the listener at "
            + $"port {listener.Port} are taken");

    public void OutOfHandles() =>
        Write("warning", "no file handles left: new connections wait (raise the limit with ulimit -n)");

    public void Opened(byte[] peer, int length)
    {
        if (verbose)
        {
            Write("accept", Text(peer, 0, length));
        }
    }

    public void Reading(string topic, string value, Fault fault)
    {
        if (fault != Fault.None)
        {
            Write("warning", $"the sensor could not publish: {fault}");
        }
        else if (verbose)
        {
            Write("reading", $"{topic} {value}");
        }
    }

    public void Write(string what, string rest) => writer.Add($"{DateTime.Now:HH:mm:ss} {what,-10} {rest}");

    private string Who(int connection)
    {
        int idLength = broker.ClientIdOf(connection, out byte[] id, out int idOffset);
        int peerLength = broker.PeerOf(connection, out byte[] peer, out int peerOffset);
        string client = idLength > 0 ? Text(id, idOffset, idLength) : "(no client id)";
        return $"{client} from {Text(peer, peerOffset, peerLength)}";
    }

    /// <summary>Text that came from the network, without what could steer a terminal.</summary>
    public static string Text(byte[] buffer, int offset, int length)
    {
        char[] text = Encoding.UTF8.GetChars(buffer, offset, length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }
        return new string(text);
    }
}
