using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Femto.Mqtt;

namespace Femto.Board;

/// <summary>
/// The board's server, transport for bridges and sockets as a program of the PC, over real connections. Arguments as
/// boards/host has them: <c>--port N</c>, <c>--limits NAME</c>, <c>--config FILE</c>; others are passed over.
/// </summary>
internal sealed class Program : IServerLog
{
    private readonly TcpSocketMaker[] makers;

    private Program(TcpSocketMaker[] makers) => this.makers = makers;

    public void Listening(int listener) => Tell($"listening on 127.0.0.1:{makers[listener].Port}");

    public void NotListening(int listener, Exception why, int retryMs) =>
        Tell($"listener {listener} failed: {why.Message}, next try in {retryMs} ms");

    private static int Main(string[] args)
    {
        string file = Argument(args, "--config", null);
        Configuration config = null;
        var error = new ConfigError();
        if (file != null)
        {
            byte[] bytes = File.ReadAllBytes(file);
            config = Configuration.Parse(bytes, bytes.Length, file, error);
        }
        Limits limits = Preset(config?.Preset ?? Argument(args, "--limits", "esp32"));
        if (file != null && (config == null || !config.Apply(limits, error)))
        {
            Console.Error.WriteLine(error.Text());
            return 2;
        }
        var broker = new Broker(limits, RandomNumberGenerator.GetInt32(int.MaxValue));
        ITurn[] bridges = (config?.Bridges ?? []).Select(o => (ITurn)new Bridge(broker, o, new BoardTransport(), null,
            RandomNumberGenerator.GetInt32(int.MaxValue))).ToArray();
        TcpSocketMaker[] makers = config == null
            ? [new TcpSocketMaker("127.0.0.1", int.Parse(Argument(args, "--port", "1883")))]
            : config.Listeners.Select(l => new TcpSocketMaker("127.0.0.1", l.Port)).ToArray();
        var server = new BoardServer(broker, makers.Select(m => (IListener)new BoardListener(m)).ToArray(), bridges,
            256, new Program(makers));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnce);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnce);
        Tell($"board server, {limits.Connections} connections, "
            + $"{broker.RamBytes + BoardServer.Bytes(limits, makers.Length, 256)} bytes of RAM");
        server.Run();
        Tell("stopped");
        return 0;

        void StopOnce(PosixSignalContext context)
        {
            context.Cancel = true;
            server.Stop();
        }
    }

    private static void Tell(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    private static string Argument(string[] args, string name, string otherwise)
    {
        int i = Array.IndexOf(args, name);
        return i < 0 ? otherwise : args[i + 1];
    }

    private static Limits Preset(string name) => name switch
    {
        "tiny" => Limits.Tiny(),
        "esp32" => Limits.Esp32(),
        "esp32-psram" => Limits.Esp32Psram(),
        _ => Limits.Host(),
    };
}
