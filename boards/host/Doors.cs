using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>Opens the sockets that listen.</summary>
internal static class Doors
{
    private const int Backlog = 1024;

    /// <summary>Opens all or none; null with the reason when one cannot be.</summary>
    /// <param name="file">The configuration that named them; null: the command line did.</param>
    public static Door[] Open(ConfigListener[] listeners, string file, out string wrong)
    {
        var doors = new List<Door>();
        wrong = null;
        for (int i = 0; i < listeners.Length && wrong == null; i++)
        {
            int first = doors.Count;
            foreach (IPAddress address in Addresses(listeners[i].Bind, out wrong))
            {
                var where = new IPEndPoint(address, listeners[i].Port);
                try
                {
                    doors.Add(new Door { Socket = Listen(where), Listener = listeners[i], Number = i, First = first });
                }
                catch (SocketException e)
                {
                    wrong = Why(e, where, file != null);
                    break;
                }
            }
            if (wrong != null && file != null)
            {
                wrong = listeners[i].Line > 0 ? $"{file}:{listeners[i].Line}: {wrong}" : $"{file}: {wrong}";
            }
        }
        if (wrong == null)
        {
            return doors.ToArray();
        }
        doors.ForEach(d => d.Socket.Dispose());
        return null;
    }

    private static IPAddress[] Addresses(string bind, out string wrong)
    {
        wrong = null;
        if (bind == null)
        {
            return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        }
        if (IPAddress.TryParse(bind, out IPAddress one))
        {
            return [one];
        }
        try
        {
            IPAddress[] all = Dns.GetHostAddresses(bind);
            return Array.FindAll(all, a => a.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6);
        }
        catch (SocketException e)
        {
            wrong = $"cannot listen on {bind}: {e.Message}: give an address of this machine";
            return [];
        }
    }

    private static Socket Listen(IPEndPoint where)
    {
        var socket = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (where.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }
            socket.Bind(where);
            socket.Listen(Backlog);
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Why(SocketException e, IPEndPoint where, bool file)
    {
        string port = file ? "in this line" : "with --port";
        return e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"port {where.Port} on {where.Address} is in use: choose another {port}"
                + (file ? "" : " (0 picks a free one)"),
            SocketError.AddressNotAvailable => $"this machine has no address {where.Address}: choose one of its own "
                + (file ? "in this line" : "with --bind"),
            SocketError.AccessDenied =>
                $"port {where.Port} is not open to this account: choose one above 1023 {port}",
            _ => $"cannot listen on {where}: {e.Message}: choose another address or port",
        };
    }
}
