using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Femto.Mqtt;

/// <summary>
/// A journal's segments as files on a disk, made durable by fsync. They are opened once, for this process alone; their
/// number and size are kept beside them, so that a journal outlives a change of what was asked for.
/// </summary>
public sealed class DiskDevice : IByteDevice, IDisposable
{
    private readonly SafeFileHandle[] files;
    private readonly int[] sizes;
    private readonly int segmentBytes;

    // What was read last, ahead of what was asked for: a journal is read from its beginning to its end.
    private readonly byte[] cache = new byte[1 << 18];
    private int cacheSegment = -1, cacheStart, cacheCount;

    /// <summary>What the device said when it failed first; null: it has not.</summary>
    public string Error;

    private DiskDevice(SafeFileHandle[] files, int segmentBytes)
    {
        this.files = files;
        this.segmentBytes = segmentBytes;
        sizes = new int[files.Length];
        for (int s = 0; s < files.Length; s++)
        {
            sizes[s] = (int)Math.Min(RandomAccess.GetLength(files[s]), segmentBytes);
        }
    }

    /// <summary>Opens the files, and makes them when there are none.</summary>
    /// <param name="path">Directory and the beginning of their names: PATH says number and size, PATH.0 is the first.
    /// </param>
    /// <param name="segments">Number of files, when there are none yet.</param>
    /// <param name="segmentBytes">Bytes of each.</param>
    /// <exception cref="IOException">They cannot be opened, or belong to a process that runs.</exception>
    public static DiskDevice Open(string path, int segments, int segmentBytes)
    {
        bool made = Shape(path, ref segments, ref segmentBytes);
        var files = new SafeFileHandle[segments];
        try
        {
            for (int s = 0; s < segments; s++)
            {
                files[s] = File.OpenHandle($"{path}.{s}", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            if (!made)
            {
                SyncDirectory(path); // the files are there, before anything in them is called durable
                using var shape = new FileStream(path, FileMode.Create, FileAccess.Write);
                shape.Write(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant(
                    $"femto journal 1: {segments} segments of {segmentBytes} bytes\n")));
                shape.Flush(true);
                SyncDirectory(path);
            }
            return new DiskDevice(files, segmentBytes);
        }
        catch
        {
            foreach (SafeFileHandle file in files)
            {
                file?.Dispose();
            }
            throw;
        }
    }

    private static bool Shape(string path, ref int segments, ref int segmentBytes)
    {
        if (!File.Exists(path))
        {
            return false;
        }
        string[] words = File.ReadAllText(path).Split(' ', '\n');
        bool right = words.Length >= 8 && words[0] == "femto" && words[1] == "journal" && words[2] == "1:"
            && int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out segments)
            && int.TryParse(words[6], NumberStyles.None, CultureInfo.InvariantCulture, out segmentBytes);
        if (!right)
        {
            throw new IOException($"{path} is not the head of a journal");
        }
        return true;
    }

    public int Segments() => files.Length;

    public int SegmentBytes() => segmentBytes;

    public int Size(int segment) => sizes[segment];

    public int Read(int segment, int position, byte[] buffer, int offset, int count)
    {
        count = Math.Min(count, sizes[segment] - position);
        int done = 0;
        while (done < count && Cached(segment, position + done))
        {
            int from = position + done - cacheStart;
            int n = Math.Min(count - done, cacheCount - from);
            Array.Copy(cache, from, buffer, offset + done, n);
            done += n;
        }
        return done;
    }

    private bool Cached(int segment, int position)
    {
        if (segment == cacheSegment && position >= cacheStart && position < cacheStart + cacheCount)
        {
            return true;
        }
        try
        {
            cacheCount = RandomAccess.Read(files[segment], cache, position);
        }
        catch (Exception e) when (Failure(e))
        {
            Error ??= e.Message;
            cacheCount = 0;
        }
        cacheSegment = segment;
        cacheStart = position;
        return cacheCount > 0;
    }

    // What changes in a segment is read anew.
    private void Forget(int segment)
    {
        if (segment == cacheSegment)
        {
            cacheSegment = -1;
        }
    }

    public bool Write(int segment, int position, byte[] buffer, int offset, int count)
    {
        Forget(segment);
        try
        {
            RandomAccess.Write(files[segment], buffer.AsSpan(offset, count), position);
            sizes[segment] = position + count;
            return true;
        }
        catch (Exception e) when (Failure(e))
        {
            Error ??= e.Message;
            return false;
        }
    }

    public bool Sync(int segment)
    {
        try
        {
            RandomAccess.FlushToDisk(files[segment]);
            return true;
        }
        catch (Exception e) when (Failure(e))
        {
            Error ??= e.Message;
            return false;
        }
    }

    public bool Clear(int segment)
    {
        Forget(segment);
        try
        {
            RandomAccess.SetLength(files[segment], 0);
            sizes[segment] = 0;
            return true;
        }
        catch (Exception e) when (Failure(e))
        {
            Error ??= e.Message;
            return false;
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle file in files)
        {
            file.Dispose();
        }
    }

    private static bool Failure(Exception e) =>
        e is IOException or UnauthorizedAccessException or ObjectDisposedException;

    // A new file's name is durable only when its directory is. Windows does it by itself.
    private static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        int directory = Open(Path.GetDirectoryName(Path.GetFullPath(path)), 0);
        if (directory >= 0)
        {
            Fsync(directory);
            Close(directory);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Fsync(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
