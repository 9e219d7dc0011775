using System;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>
/// The one thread that owns the broker's core and all sockets. A turn: wait; read each readable socket
/// once, in one large piece, and feed it; then send once for each connection that has something to send.
/// </summary>
internal sealed class BrokerLoop : IWakeup
{
    private const int ReadBytes = 256 * 1024;
    private const int LingersMax = 64;
    private const int CloseMs = 5000;               // for a closing connection to take its last bytes
    private const int EndMs = 60000;                // for the core to handle what a peer sent before it closed
    private const int LingerMs = 2000;              // for a peer to close after it was told
    private const int IdleMs = 1000;                // longest wait: a deadline set while sending is this late at most
    private const int AcceptPauseMs = 1000;
    private const int AcceptsAtOnce = 256;
    private const int StopMs = 3000;

    private readonly Broker broker;
    private readonly ISockets sockets;
    private readonly Lines lines;
    private readonly Bridges bridges;
    private readonly Storage storage;               // null: nothing survives the process
    private readonly Device device;                 // null: none
    private readonly int connections;

    // By connection.
    private readonly bool[] open, paused, blocked, deaf, broken, closing, ended;
    private readonly int[] closeByMs, doorOf;
    private readonly Rests rests;

    // By door, which is a listening socket.
    private readonly Door[] doors;
    private readonly bool[] knocked;

    // By place after the connections: sockets whose connection is over and whose peer has not closed yet.
    private readonly bool[] lingering = new bool[LingersMax];
    private readonly int[] lingerUntilMs = new int[LingersMax];

    private readonly byte[] read = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);
    private readonly byte[] peer = new byte[64];
    private int opened, closings, lingers, acceptAtMs, nowMs, stopByMs;
    private bool acceptPaused, stopping;
    private volatile bool stopAsked;

    public BrokerLoop(Broker broker, Limits limits, ISockets sockets, Door[] doors, Lines lines, Bridges bridges,
        Storage storage, Device device)
    {
        this.device = device;
        this.broker = broker;
        this.sockets = sockets;
        this.lines = lines;
        this.doors = doors;
        this.bridges = bridges;
        this.storage = storage;
        knocked = new bool[doors.Length];
        doorOf = new int[limits.Connections];
        connections = limits.Connections;
        open = new bool[connections];
        paused = new bool[connections];
        blocked = new bool[connections];
        deaf = new bool[connections];
        broken = new bool[connections];
        closing = new bool[connections];
        ended = new bool[connections];
        closeByMs = new int[connections];
        rests = new Rests(connections, ReadBytes);
    }

    /// <summary>Slots that the sockets must provide for a broker with these limits.</summary>
    public static int Slots(Limits limits) => limits.Connections + LingersMax;

    /// <summary>Makes <see cref="Run"/> say goodbye to everybody and return. From any thread.</summary>
    public void Stop()
    {
        stopAsked = true;
        sockets.Wake();
    }

    /// <summary>A local client has put something into the broker's inbox. From any thread.</summary>
    public void Wake() => sockets.Wake();

    public void Run()
    {
        nowMs = Environment.TickCount;
        int waitMs = Turn();
        while (!stopping || ((opened + lingers > 0 || !bridges.Stopped) && stopByMs - nowMs > 0))
        {
            TakeEvents(sockets.Wait(waitMs));
            waitMs = Turn();
        }
    }

    private void TakeEvents(int events)
    {
        nowMs = Environment.TickCount;
        for (int i = 0; i < events; i++)
        {
            int slot = sockets.Event(i, out bool readable, out bool writable, out bool isBroken);
            if (slot <= ISockets.Listener)
            {
                knocked[ISockets.Listener - slot] = true;
            }
            else if ((uint)slot < (uint)connections)
            {
                Connection(slot, readable, writable, isBroken);
            }
            else if (slot >= connections && slot < connections + LingersMax)
            {
                Linger(slot);
            }
        }
        for (int door = 0; door < knocked.Length; door++)
        {
            if (knocked[door])
            {
                knocked[door] = false;
                AcceptAll(door);                    // after the reads: no event of this batch means a new connection
            }
        }
    }

    /// <summary>What follows a batch of events; returns the milliseconds to wait for the next.</summary>
    private int Turn()
    {
        if (stopAsked && !stopping)
        {
            stopping = true;
            stopByMs = nowMs + StopMs;
            sockets.StopListening();
            device?.Goodbye(broker, nowMs);
            bridges.Stop(nowMs);
            broker.Shutdown(nowMs);
        }
        storage?.Turn(nowMs, lines);
        device?.Turn(nowMs);
        broker.Tick(nowMs);
        bridges.Turn(nowMs);
        for (int c = broker.NextReady(); c >= 0; c = broker.NextReady())
        {
            if (open[c])
            {
                Serve(c);
            }
        }
        int waitMs = Math.Min(Math.Min(broker.Wait(nowMs), bridges.Wait(nowMs)), IdleMs);
        if (device != null && !stopping)
        {
            waitMs = Math.Min(waitMs, device.Wait(nowMs));
        }
        if (closings + lingers > 0 || acceptPaused)
        {
            Expire();
            waitMs = Math.Min(waitMs, 100);
        }
        return stopping ? Math.Min(waitMs, 20) : waitMs;
    }

    private void Connection(int c, bool readable, bool writable, bool isBroken)
    {
        if (!open[c])
        {
            return;                                 // closed earlier in this batch
        }
        if (writable)
        {
            blocked[c] = false;
            Watch(c);
            Serve(c);
        }
        if (open[c] && isBroken && paused[c])
        {
            broken[c] = true;                       // told again and again if it were not ignored; what came
            sockets.Ignore(c);                      // before is read when the core takes it
        }
        else if (open[c] && (readable || isBroken))
        {
            Read(c);
        }
    }

    /// <summary>
    /// Reads once and feeds it. The untaken rest is kept, and no more is read until the core says so.
    /// </summary>
    private void Read(int c)
    {
        int room = closing[c] ? ReadBytes : broker.Room(c);
        if (room == 0)
        {
            Pause(c);
            return;
        }
        // Without a buffer for a rest, only what the core is sure to take may be read.
        int most = rests.HasRoom || room > ReadBytes ? ReadBytes : room;
        int count = sockets.Receive(c, read, 0, most);
        if (count == ISockets.Again)
        {
            return;
        }
        if (count <= 0)
        {
            End(c);
            return;
        }
        if (closing[c])
        {
            return;                                 // nobody listens any more
        }
        int taken = broker.Feed(c, read, 0, count, nowMs);
        if (taken < count)
        {
            rests.Keep(c, read, taken, count - taken);
            Pause(c);
        }
    }

    /// <summary>The core has named this connection: send, go on with what was held back, or close.</summary>
    private void Serve(int c)
    {
        if (!blocked[c] && !deaf[c])
        {
            Flush(c);
        }
        else if (deaf[c])
        {
            broker.Pending(c, out _, out _, out bool close);
            if (close)
            {
                Drop(c);
            }
        }
        if (!open[c] || closing[c])
        {
            return;
        }
        if (ended[c] && !broker.Holds(c))
        {
            Drop(c);
        }
        else if (!ended[c] && paused[c] && broker.Room(c) > 0)
        {
            Resume(c);
        }
    }

    private void Flush(int c)
    {
        while (true)
        {
            int count = broker.Pending(c, out byte[] buffer, out int offset, out bool close);
            if (close && !closing[c])
            {
                BeginClose(c);
            }
            if (count == 0)
            {
                if (close)
                {
                    EndClose(c);
                }
                return;
            }
            int sent = sockets.Send(c, buffer, offset, count);
            if (sent == ISockets.Again)
            {
                blocked[c] = true;
                Watch(c);
                return;
            }
            if (sent < 0)
            {
                // The peer reads no more. What it sent before may still be waiting, so it is read to its end;
                // what the core holds for this connection is not called sent.
                deaf[c] = true;
                if (close)
                {
                    Drop(c);
                }
                return;
            }
            broker.Sent(c, sent, nowMs);
        }
    }

    private void Resume(int c)
    {
        if (rests.Has(c))
        {
            int count = rests.Get(c, out byte[] bytes, out int offset);
            rests.Taken(c, broker.Feed(c, bytes, offset, count, nowMs));
            if (rests.Has(c))
            {
                return;
            }
        }
        paused[c] = false;
        Watch(c);
        while (broken[c] && open[c] && !paused[c])
        {
            Read(c);                                // no event will name it again
        }
    }

    private void Pause(int c)
    {
        paused[c] = true;
        Watch(c);
    }

    private void Watch(int c)
    {
        if (!broken[c])                             // a broken one is watched no more
        {
            sockets.Watch(c, read: !paused[c], write: blocked[c]);
        }
    }

    private void AcceptAll(int door)
    {
        ConfigListener listener = doors[door].Listener;
        for (int i = 0; i < AcceptsAtOnce; i++)
        {
            int length = sockets.Accept(door, peer);
            if (length == ISockets.Exhausted)
            {
                lines.OutOfHandles();
                acceptPaused = true;
                acceptAtMs = nowMs + AcceptPauseMs;
                sockets.Accepting(false);
            }
            if (length < 0)
            {
                return;
            }
            if (listener.MaxConnections >= 0 && doors[doors[door].First].Open >= listener.MaxConnections)
            {
                sockets.Refuse();
                lines.ListenerFull(peer, length, listener);
                continue;
            }
            int c = broker.Open(nowMs, doors[door].Number, peer, 0, length);
            if (c < 0)
            {
                sockets.Refuse();
                lines.TableFull(peer, length, connections);
                continue;
            }
            open[c] = true;
            opened++;
            doorOf[c] = doors[door].First;
            doors[doorOf[c]].Open++;
            sockets.Keep(c);
            lines.Opened(peer, length);
        }
    }

    /// <summary>The peer sends no more. What it sent before may still be held back: then the end has to wait.</summary>
    private void End(int c)
    {
        if (closing[c] || !broker.Holds(c))
        {
            Drop(c);
            return;
        }
        ended[c] = true;
        closings++;
        closeByMs[c] = nowMs + EndMs;
        Pause(c);
    }

    /// <summary>The core wants it closed once all is sent: from now on what it sends is thrown away.</summary>
    private void BeginClose(int c)
    {
        closing[c] = true;
        closings += ended[c] ? 0 : 1;
        closeByMs[c] = nowMs + CloseMs;
        rests.Free(c);
        if (paused[c])
        {
            paused[c] = false;
            Watch(c);
        }
    }

    /// <summary>
    /// All is sent. Closing now would send a reset when something unread is here, and a reset may overtake the
    /// last DISCONNECT: so the peer gets the end of the stream, and a while to close from its side.
    /// </summary>
    private void EndClose(int c)
    {
        int place = Array.IndexOf(lingering, false);
        if (place < 0 || broken[c])
        {
            Drop(c);
            return;
        }
        sockets.EndSending(c);
        sockets.Move(c, connections + place);
        lingering[place] = true;
        lingerUntilMs[place] = nowMs + LingerMs;
        lingers++;
        Forget(c);
    }

    private void Linger(int slot)
    {
        if (lingering[slot - connections])
        {
            int count = sockets.Receive(slot, read, 0, ReadBytes);
            if (count <= 0 && count != ISockets.Again)
            {
                EndLinger(slot - connections);
            }
        }
    }

    private void EndLinger(int place)
    {
        sockets.Close(connections + place);
        lingering[place] = false;
        lingers--;
    }

    /// <summary>The socket is gone, or is to go at once.</summary>
    private void Drop(int c)
    {
        sockets.Close(c);
        Forget(c);
    }

    private void Forget(int c)
    {
        rests.Free(c);
        closings -= closing[c] || ended[c] ? 1 : 0;
        opened--;
        doors[doorOf[c]].Open--;
        open[c] = paused[c] = blocked[c] = deaf[c] = broken[c] = closing[c] = ended[c] = false;
        broker.Closed(c, nowMs);
    }

    /// <summary>Ends what has waited long enough.</summary>
    private void Expire()
    {
        for (int i = 0; i < LingersMax && lingers > 0; i++)
        {
            if (lingering[i] && lingerUntilMs[i] - nowMs <= 0)
            {
                EndLinger(i);
            }
        }
        for (int c = 0; c < connections && closings > 0; c++)
        {
            if ((closing[c] || ended[c]) && closeByMs[c] - nowMs <= 0)
            {
                Drop(c);
            }
        }
        if (acceptPaused && acceptAtMs - nowMs <= 0 && !stopping)
        {
            acceptPaused = false;
            sockets.Accepting(true);
        }
    }
}
