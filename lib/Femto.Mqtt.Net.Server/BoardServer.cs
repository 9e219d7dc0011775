using System;
using System.Threading;

namespace Femto.Mqtt
{
    /// <summary>
    /// Runs a broker on the board: one thread that asks every socket in turn, feeds the broker, and steps what shares
    /// its thread. Nothing waits for a peer but the pause between two turns.
    /// </summary>
    /// <remarks>
    /// A turn: accept at most one connection of each listener; read at most once from each connection, beginning with
    /// another one each time; the turns of others; Tick; send at most <see cref="SendsInATurn"/> times on each
    /// connection that has something to send. What is left is done in the next turn, which then comes at once.
    /// </remarks>
    public sealed class BoardServer : IWakeup
    {
        /// <summary>Sends on one connection before the others have their turn.</summary>
        public const int SendsInATurn = 2;

        private const int PollMs = 10;          // pause while all is quiet
        private const int QuickMs = 1;          // pause while something goes on
        private const int LivelyMs = 100;       // so long after the last byte
        private const int Lingers = 2;
        private const int LingerMs = 1000;      // for a peer to close after it was told
        private const int CloseMs = 3000;       // for a connection that ends to take its last bytes
        private const int EndMs = 60000;        // for the broker to handle what a peer sent before it closed
        private const int StopMs = 3000;
        private const int RetryMs = 1000;
        private const int RetryCapMs = 30000;

        // Bits of a connection's state.
        private const int Paused = 1;           // not read until the broker has room
        private const int Named = 2;            // the broker has something for it
        private const int Ended = 4;            // the peer has closed; what it sent before is still held
        private const int Closing = 8;          // closed when all is sent; what it sends is thrown away
        private const int Timed = Ended | Closing;
        private const int Deaf = 16;            // takes no bytes any more; what it sent may still be there to read

        private readonly Broker broker;
        private readonly IListener[] listeners;
        private readonly ITurn[] turns;
        private readonly IServerLog log;
        private readonly AutoResetEvent woken;
        private readonly byte[] buffer;
        private readonly byte[] peer;

        // By connection.
        private readonly IByteStream[] streams;
        private readonly byte[] states;
        private readonly int[] closeByMs;

        // By listener. delayMs: the next pause after a failure; -1: it is open.
        private readonly int[] delayMs, openAtMs;

        // Connections that the broker has done with and whose peer has not closed yet.
        private readonly IByteStream[] lingering;
        private readonly int[] lingerUntilMs;

        private int first, lastTrafficMs, open, named, timed, lingers, stopByMs;
        private bool more, stopping, stopAsked;

        /// <param name="broker">Only this server's thread may call it from now on.</param>
        /// <param name="listeners">Closed ones; the broker knows them by their index.</param>
        /// <param name="turns">What shares the thread: bridges, an application. May be empty.</param>
        /// <param name="readBytes">Bytes of the one buffer that is read into; 256 serves on a small board.</param>
        /// <param name="log">May be null.</param>
        public BoardServer(Broker broker, IListener[] listeners, ITurn[] turns, int readBytes, IServerLog log)
        {
            int connections = broker.Limits.Connections;
            this.broker = broker;
            this.listeners = listeners;
            this.turns = turns;
            this.log = log;
            woken = new AutoResetEvent(false);
            buffer = new byte[readBytes];
            peer = new byte[broker.Limits.PeerBytes];
            streams = new IByteStream[connections];
            states = new byte[connections];
            closeByMs = new int[connections];
            delayMs = new int[listeners.Length];
            openAtMs = new int[listeners.Length];
            lingering = new IByteStream[Lingers];
            lingerUntilMs = new int[Lingers];
            int nowMs = (int)Environment.TickCount64;
            for (int i = 0; i < listeners.Length; i++)
            {
                delayMs[i] = RetryMs;
                openAtMs[i] = nowMs;
            }
            broker.Wakeup = this;
        }

        /// <summary>Bytes of nanoFramework's heap that a server takes, without sockets and listeners.</summary>
        public static int Bytes(Limits limits, int listeners, int readBytes)
        {
            return Heap.Object(24) + Heap.Object(1) + Heap.Array(readBytes, 1) + Heap.Array(limits.PeerBytes, 1)
                + Heap.Array(limits.Connections, 12) + Heap.Array(limits.Connections, 4)
                + Heap.Array(limits.Connections, 1) + 2 * Heap.Array(listeners, 4)
                + Heap.Array(Lingers, 12) + Heap.Array(Lingers, 4);
        }

        /// <summary>Something is to be done: ends the pause between two turns. From any thread.</summary>
        public void Wake()
        {
            woken.Set();
        }

        /// <summary>Makes <see cref="Run"/> say goodbye to everybody and return. From any thread.</summary>
        public void Stop()
        {
            stopAsked = true;
            woken.Set();
        }

        /// <summary>Serves until <see cref="Stop"/>. On the thread that owns the broker.</summary>
        public void Run()
        {
            while (true)
            {
                int waitMs = Turn((int)Environment.TickCount64);
                if (waitMs < 0) return;
                if (waitMs > 0) woken.WaitOne(waitMs, false);
            }
        }

        /// <summary>One turn, for a program that has a loop of its own.</summary>
        /// <param name="nowMs">As for <see cref="Broker.Open"/>.</param>
        /// <returns>Milliseconds after which the next turn must come at the latest; -1: stopped, everything is closed.
        /// </returns>
        public int Turn(int nowMs)
        {
            more = false;
            if (stopAsked && !stopping) BeginStop(nowMs);
            for (int i = 0; i < listeners.Length; i++) Accept(i, nowMs);
            if (open > 0) Read(nowMs);
            for (int i = 0; i < turns.Length; i++) turns[i].Turn(nowMs);
            int wait = broker.Tick(nowMs);
            int c = broker.NextReady();
            if (c >= 0 || named > 0)
            {
                Ready(c, nowMs);
                wait = broker.Wait(nowMs);
            }
            if (timed > 0) Expire(nowMs);
            if (lingers > 0) Linger(nowMs);
            return Pause(nowMs, wait);
        }

        private int Pause(int nowMs, int wait)
        {
            if (stopping && (open == 0 || stopByMs - nowMs <= 0))
            {
                EndStop(nowMs);
                return -1;
            }
            if (more) return 0;
            int waitMs = nowMs - lastTrafficMs < LivelyMs ? QuickMs : PollMs;
            if (wait < waitMs) waitMs = wait;
            for (int i = 0; i < turns.Length; i++)
            {
                wait = turns[i].Wait(nowMs);
                if (wait < waitMs) waitMs = wait;
            }
            return waitMs;
        }

        // Everybody once, beginning with another one each time. One try for all: it costs as much as a socket call.
        private void Read(int nowMs)
        {
            int connections = streams.Length;
            if (++first >= connections) first = 0;
            int c = first;
            int left = connections;
            while (left > 0)
            {
                try
                {
                    while (left > 0)
                    {
                        IByteStream stream = streams[c];
                        if (stream != null && (states[c] & (Paused | Ended)) == 0 && !stream.Quiet()) Read(c, nowMs);
                        left--;
                        if (++c == connections) c = 0;
                    }
                }
                catch (Exception)
                {
                    // The connection is gone.
                    End(c, nowMs);
                    left--;
                    if (++c == connections) c = 0;
                }
            }
        }

        // Reads once, no more than the broker is sure to take: nothing is left over.
        private void Read(int c, int nowMs)
        {
            int room = buffer.Length;
            if ((states[c] & Closing) == 0)
            {
                room = broker.Room(c);
                if (room == 0)
                {
                    states[c] |= Paused;
                    return;
                }
                if (room > buffer.Length) room = buffer.Length;
            }
            int count = streams[c].Read(buffer, 0, room);
            if (count == 0) return;
            lastTrafficMs = nowMs;
            if (count < 0)
            {
                End(c, nowMs);
                return;
            }
            if (count == room) more = true;
            if ((states[c] & Closing) == 0) broker.Feed(c, buffer, 0, count, nowMs);
        }

        // What the broker wants of connections, c the first of them. It names them again while they are served, so the
        // rounds are counted.
        private void Ready(int c, int nowMs)
        {
            int connections = streams.Length;
            int left = 2 * connections;
            while (c >= 0)
            {
                states[c] |= Named;
                if (left-- == 0)
                {
                    more = true;
                    break;
                }
                c = broker.NextReady();
            }
            named = 0;
            c = first;
            for (int i = 0; i < connections; i++)
            {
                if ((states[c] & Named) != 0)
                {
                    if (streams[c] != null) Serve(c, nowMs);
                    else states[c] = 0;
                    if ((states[c] & Named) != 0) named++;
                }
                if (++c == connections) c = 0;
            }
        }

        private void Serve(int c, int nowMs)
        {
            if ((states[c] & Deaf) == 0) Flush(c, nowMs);
            else if (Refused(c)) Drop(c, nowMs);
            if (streams[c] == null) return;
            int state = states[c];
            if ((state & Ended) != 0)
            {
                if (!broker.Holds(c)) Drop(c, nowMs);
            }
            else if ((state & Paused) != 0 && broker.Room(c) > 0)
            {
                states[c] = (byte)(state & ~Paused);
                more = true;
            }
        }

        // What is for a deaf one is not called sent; whether its connection is to be closed.
        private bool Refused(int c)
        {
            byte[] bytes;
            int offset;
            bool close;
            broker.Pending(c, out bytes, out offset, out close);
            states[c] = (byte)(states[c] & ~Named);
            return close;
        }

        private void Flush(int c, int nowMs)
        {
            for (int i = 0; i < SendsInATurn; i++)
            {
                byte[] bytes;
                int offset;
                bool close;
                int count = broker.Pending(c, out bytes, out offset, out close);
                if (close && (states[c] & Closing) == 0) BeginClose(c, nowMs);
                if (count == 0)
                {
                    states[c] = (byte)(states[c] & ~Named);
                    if (close) EndClose(c, nowMs);
                    return;
                }
                int sent = -1;
                try
                {
                    sent = streams[c].Write(bytes, offset, count);
                }
                catch (Exception)
                {
                    // How much went is not known: the stream cannot be used any more.
                }
                if (sent < 0)
                {
                    states[c] |= Deaf;
                    Serve(c, nowMs);
                    return;
                }
                if (sent == 0) return; // asked again in the next turn
                lastTrafficMs = nowMs;
                broker.Sent(c, sent, nowMs);
            }
            more = true;
        }

        private void Accept(int listener, int nowMs)
        {
            if (stopping) return;
            if (delayMs[listener] >= 0)
            {
                if (openAtMs[listener] - nowMs <= 0) Open(listener, nowMs);
                return;
            }
            IByteStream stream = null;
            int length = 0;
            try
            {
                stream = listeners[listener].Accept(peer, out length);
            }
            catch (Exception e)
            {
                Fail(listener, e, RetryMs, nowMs);
            }
            if (stream == null) return;
            lastTrafficMs = nowMs;
            int c = broker.Open(nowMs, listener, peer, 0, length);
            if (c < 0)
            {
                stream.Close();
                return;
            }
            // A socket that lingers is one too few for those who come.
            if (open + 1 == streams.Length) EndLingers();
            streams[c] = stream;
            states[c] = 0;
            open++;
        }

        private void Open(int listener, int nowMs)
        {
            int delay = delayMs[listener];
            try
            {
                listeners[listener].Open();
                delayMs[listener] = -1;
                if (log != null) log.Listening(listener);
            }
            catch (Exception e)
            {
                Fail(listener, e, delay, nowMs);
            }
        }

        private void Fail(int listener, Exception why, int delay, int nowMs)
        {
            listeners[listener].Close();
            openAtMs[listener] = nowMs + delay;
            delayMs[listener] = delay * 2 > RetryCapMs ? RetryCapMs : delay * 2;
            if (log != null) log.NotListening(listener, why, delay);
        }

        // The peer sends no more. What it sent before may still be held back: then the end has to wait.
        private void End(int c, int nowMs)
        {
            if ((states[c] & Closing) != 0 || !broker.Holds(c))
            {
                Drop(c, nowMs);
                return;
            }
            states[c] |= Ended;
            timed++;
            closeByMs[c] = nowMs + EndMs;
        }

        private void BeginClose(int c, int nowMs)
        {
            int state = states[c];
            if ((state & Timed) == 0) timed++;
            closeByMs[c] = nowMs + CloseMs;
            states[c] = (byte)((state | Closing) & ~Paused);
        }

        // All is sent. lwIP answers unread bytes with a reset at Close, and a reset overtakes the last DISCONNECT: the
        // peer gets a while to close from its side.
        private void EndClose(int c, int nowMs)
        {
            if ((states[c] & Ended) == 0 && !stopping && open < streams.Length)
            {
                for (int i = 0; i < Lingers; i++)
                {
                    if (lingering[i] != null) continue;
                    lingering[i] = streams[c];
                    lingers++;
                    lingerUntilMs[i] = nowMs + LingerMs;
                    Forget(c, nowMs);
                    return;
                }
            }
            Drop(c, nowMs);
        }

        private void Linger(int nowMs)
        {
            for (int i = 0; i < Lingers; i++)
            {
                if (lingering[i] == null) continue;
                int count = -1;
                try
                {
                    if (lingerUntilMs[i] - nowMs > 0) count = lingering[i].Read(buffer, 0, buffer.Length);
                }
                catch (Exception)
                {
                    // It is gone.
                }
                if (count < 0) EndLinger(i);
            }
        }

        private void EndLinger(int i)
        {
            lingering[i].Close();
            lingering[i] = null;
            lingers--;
        }

        private void EndLingers()
        {
            for (int i = 0; i < Lingers; i++)
            {
                if (lingering[i] != null) EndLinger(i);
            }
        }

        // The socket is gone, or is to go at once.
        private void Drop(int c, int nowMs)
        {
            streams[c].Close();
            Forget(c, nowMs);
        }

        private void Forget(int c, int nowMs)
        {
            if ((states[c] & Timed) != 0) timed--;
            streams[c] = null;
            states[c] = 0;
            open--;
            broker.Closed(c, nowMs);
            more = true;
        }

        private void Expire(int nowMs)
        {
            for (int c = 0; c < streams.Length; c++)
            {
                if ((states[c] & Timed) != 0 && closeByMs[c] - nowMs <= 0) Drop(c, nowMs);
            }
        }

        private void BeginStop(int nowMs)
        {
            stopping = true;
            stopByMs = nowMs + StopMs;
            for (int i = 0; i < listeners.Length; i++) listeners[i].Close();
            broker.Shutdown(nowMs);
        }

        private void EndStop(int nowMs)
        {
            EndLingers();
            for (int c = 0; c < streams.Length; c++)
            {
                if (streams[c] != null) Drop(c, nowMs);
            }
        }
    }
}
