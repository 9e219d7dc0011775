using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// The log on the serial port. A line is put together in one buffer and becomes one string; nothing else is
    /// allocated, and while nothing happens nothing is written. Of a flood the first twenty lines pass and then two a
    /// second; how many were left out is told with the next one.
    /// </summary>
    public sealed class SerialLog : IBrokerLog, IServerLog, IBridgeLog, INetLog, ITimeLog, ITurn
    {
        /// <summary>Lines that pass at once, and milliseconds after which one more may.</summary>
        public const int Burst = 20, RefillMs = 500;

        private const int LineBytes = 160;

        /// <summary>The millisecond clock, told by who owns the loop.</summary>
        public int NowMs;
        /// <summary>A constant of <see cref="LogLevel"/>: what is above it is not written.</summary>
        public int Level = LogLevel.Info;
        /// <summary>Lines that were left out so far.</summary>
        public int LeftOut;

        private readonly ILineWriter writer;
        private readonly byte[] line;
        private readonly Encoding utf8;
        private Broker broker;
        private int count, tokens, filledMs, bootMs, untold;
        private bool passes;

        /// <param name="writer">Where lines go.</param>
        /// <param name="nowMs">The millisecond clock: lines begin with the seconds since.</param>
        public SerialLog(ILineWriter writer, int nowMs)
        {
            this.writer = writer;
            line = new byte[LineBytes];
            utf8 = Encoding.UTF8;
            tokens = Burst;
            NowMs = filledMs = bootMs = nowMs;
        }

        /// <summary>The broker whose connections are told of.</summary>
        public void Watch(Broker broker)
        {
            this.broker = broker;
            broker.Log = this;
        }

        /// <summary>Takes the time that lines begin with. To be the first that shares the broker's thread.</summary>
        public int Turn(int nowMs)
        {
            NowMs = nowMs;
            return int.MaxValue;
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            return int.MaxValue;
        }

        /// <summary>A line of somebody else's.</summary>
        public void Tell(int level, string text)
        {
            Begin(level);
            Text(text);
            End();
        }

        /// <summary>A line that always passes: at boot.</summary>
        public void Always(string text)
        {
            writer.Line(text);
        }

        /// <inheritdoc/>
        public void Connected(int connection)
        {
            Begin(LogLevel.Info);
            Who(connection);
            Text(" connected from ");
            byte[] bytes;
            int offset;
            int length = broker.PeerOf(connection, out bytes, out offset);
            Bytes(bytes, offset, length);
            End();
        }

        /// <inheritdoc/>
        public void Disconnected(int connection, int reason, int cause)
        {
            bool good = reason < ReasonCode.UnspecifiedError;
            Begin(good ? LogLevel.Info : LogLevel.Warning);
            Who(connection);
            Text(cause == DisconnectCause.Lost ? " lost" : " disconnected");
            if (!good) Reason(reason);
            End();
        }

        /// <inheritdoc/>
        public void Refused(int connection, int reason)
        {
            Begin(LogLevel.Warning);
            Text("connection refused");
            Reason(reason);
            End();
        }

        /// <inheritdoc/>
        public void Listening(int listener)
        {
            Begin(LogLevel.Info);
            Text("listener ");
            Number(listener + 1);
            Text(" is open");
            End();
        }

        /// <inheritdoc/>
        public void NotListening(int listener, Exception why, int retryMs)
        {
            Begin(LogLevel.Warning);
            Text("listener ");
            Number(listener + 1);
            Text(" failed: ");
            Text(why.Message);
            Again(retryMs);
        }

        /// <inheritdoc/>
        public void NetUp(string address)
        {
            Begin(LogLevel.Info);
            Text("network is up, address ");
            Text(address);
            End();
        }

        /// <inheritdoc/>
        public void NetServes(string name)
        {
            Begin(LogLevel.Info);
            Text("access point ");
            Text(name);
            End();
        }

        /// <inheritdoc/>
        public void NetDown()
        {
            Tell(LogLevel.Warning, "network is down");
        }

        /// <inheritdoc/>
        public void NetFailed(int result, int retryMs)
        {
            Begin(LogLevel.Warning);
            Text("network not joined: ");
            Text(NetResult.Text(result));
            Again(retryMs);
        }

        /// <inheritdoc/>
        public void NetMissing()
        {
            Tell(LogLevel.Error, "no network: the board was not told which Wi-Fi to join (flash.ps1 -Wifi)");
        }

        /// <inheritdoc/>
        public void TimeKnown(long seconds)
        {
            Begin(LogLevel.Info);
            Text("time is known: ");
            Number((int)(seconds / 86400));
            Text(" days and ");
            Number((int)(seconds % 86400));
            Text(" s since 1970");
            End();
        }

        /// <inheritdoc/>
        public void Connecting(Bridge bridge)
        {
            // The outcome is told.
        }

        /// <inheritdoc/>
        public void Connected(Bridge bridge, bool sessionPresent)
        {
            Begin(LogLevel.Info);
            Named(bridge);
            Text(sessionPresent ? "connected, session resumed" : "connected, new session");
            End();
        }

        /// <inheritdoc/>
        public void Disconnected(Bridge bridge, int reason)
        {
            Begin(LogLevel.Warning);
            Named(bridge);
            Text("not connected");
            if (reason >= ReasonCode.UnspecifiedError) Reason(reason);
            string error = bridge.Transport.Error;
            if (error != null)
            {
                Text(": ");
                Text(error);
            }
            End();
        }

        /// <inheritdoc/>
        public void Renewed(Bridge bridge, int messages)
        {
            About(bridge, "the upstream lost the session, published anew: ", messages);
        }

        /// <inheritdoc/>
        public void SubscriptionRefused(Bridge bridge, int topic, int reason)
        {
            About(bridge, "the upstream refused the subscription of topic line ", topic + 1);
        }

        /// <inheritdoc/>
        public void Refused(Bridge bridge, int message, int reason)
        {
            About(bridge, "a message was not taken upstream, reason ", reason);
        }

        /// <inheritdoc/>
        public void Discarded(Bridge bridge, byte[] topic, int offset, int length, int bytes)
        {
            About(bridge, "a message from upstream was too large and let go, bytes ", bytes);
        }

        /// <inheritdoc/>
        public void Dropped(Bridge bridge, int messages)
        {
            About(bridge, "messages dropped: ", messages);
        }

        private void About(Bridge bridge, string what, int number)
        {
            Begin(LogLevel.Warning);
            Named(bridge);
            Text(what);
            Number(number);
            End();
        }

        private void Named(Bridge bridge)
        {
            Text("bridge ");
            Text(bridge.Options.Name);
            Text(": ");
        }

        private void Who(int connection)
        {
            byte[] bytes;
            int offset;
            int length = broker.ClientIdOf(connection, out bytes, out offset);
            if (length == 0) Text("a client");
            else Bytes(bytes, offset, length);
        }

        private void Reason(int reason)
        {
            Text(", reason 0x");
            Hex(reason >> 4);
            Hex(reason & 15);
        }

        private void Again(int retryMs)
        {
            Text(", next try in ");
            Number(retryMs / 1000);
            Text(" s");
            End();
        }

        private void Begin(int level)
        {
            passes = level <= Level && Token();
            count = 0;
            if (!passes) return;
            int sinceMs = NowMs - bootMs;
            Number(sinceMs / 1000);
            Byte('.');
            Byte('0' + sinceMs / 100 % 10);
            Byte('0' + sinceMs / 10 % 10);
            Byte('0' + sinceMs % 10);
            Text(level == LogLevel.Error ? " error " : level == LogLevel.Warning ? " warn " : " info ");
            if (untold > 0)
            {
                Byte('(');
                Number(untold);
                Text(" lines left out) ");
                untold = 0;
            }
        }

        private bool Token()
        {
            int more = (NowMs - filledMs) / RefillMs;
            if (more > 0)
            {
                filledMs += more * RefillMs;
                tokens = more > Burst - tokens ? Burst : tokens + more;
            }
            if (tokens > 0)
            {
                tokens--;
                return true;
            }
            untold++;
            LeftOut++;
            return false;
        }

        private void End()
        {
            if (passes) writer.Line(utf8.GetString(line, 0, count));
        }

        private void Text(string text)
        {
            if (!passes || text == null) return;
            int left = text.Length;
            int at = 0;
            // In UTF-8 a character takes up to three bytes: pieces that fit whatever they are.
            int fit = (LineBytes - count) / 3;
            while (left > 0 && fit > 0)
            {
                if (fit > left) fit = left;
                count += utf8.GetBytes(text, at, fit, line, count);
                at += fit;
                left -= fit;
                fit = (LineBytes - count) / 3;
            }
        }

        private void Bytes(byte[] bytes, int offset, int length)
        {
            if (!passes) return;
            for (int i = 0; i < length && count < LineBytes; i++)
            {
                int b = bytes[offset + i];
                line[count++] = (byte)(b < 0x20 || b > 0x7E ? '?' : b);
            }
        }

        private void Number(int number)
        {
            if (!passes) return;
            if (number < 0)
            {
                Byte('-');
                number = -number;
            }
            int unit = 1;
            while (number / unit >= 10) unit *= 10;
            for (; unit > 0; unit /= 10) Byte('0' + number / unit % 10);
        }

        private void Hex(int digit)
        {
            Byte(digit < 10 ? '0' + digit : 'A' + digit - 10);
        }

        private void Byte(int b)
        {
            if (passes && count < LineBytes) line[count++] = (byte)b;
        }
    }
}
