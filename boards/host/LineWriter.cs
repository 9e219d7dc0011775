using System;
using System.Collections.Concurrent;
using System.IO;
using System.Text;
using System.Threading;

namespace Femto.Host;

/// <summary>
/// Writes lines from a thread of its own and flushes whenever none is left, so that a reader who has stopped
/// reading holds up the lines and not the broker. Lines that find no room are counted and told.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    private const int LinesMax = 4096;
    private const int EndMs = 1000;

    private readonly BlockingCollection<string> lines = new(LinesMax);
    private readonly Thread thread;
    private readonly TextWriter output;
    private int skipped;

    public LineWriter(Stream output)
    {
        this.output = new StreamWriter(output, new UTF8Encoding(false)) { NewLine = "\n" };
        thread = new Thread(Write) { IsBackground = true, Name = "lines" };
        thread.Start();
    }

    /// <summary>From any thread; never waits.</summary>
    public void Add(string line)
    {
        if (!lines.TryAdd(line))
        {
            Interlocked.Increment(ref skipped);
        }
    }

    /// <summary>Waits a short while for what was added to be written.</summary>
    public void Dispose()
    {
        lines.CompleteAdding();
        thread.Join(EndMs);
    }

    private void Write()
    {
        try
        {
            foreach (string line in lines.GetConsumingEnumerable())
            {
                output.WriteLine(line);
                int missing = Interlocked.Exchange(ref skipped, 0);
                if (missing > 0)
                {
                    output.WriteLine($"{missing} lines were not written: nobody read them");
                }
                if (lines.Count == 0)
                {
                    output.Flush();
                }
            }
        }
        catch (IOException)
        {
            // Nobody reads any more; the broker goes on without lines.
        }
    }
}
