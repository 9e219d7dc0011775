using System;

namespace Femto.Host;

/// <summary>
/// What the loop needs of the operating system. Sockets are numbered by slots that the loop chooses; none
/// of the calls blocks but <see cref="Wait"/>, and all but <see cref="Wake"/> belong to the loop's thread.
/// </summary>
internal interface ISockets : IDisposable
{
    /// <summary>Event slots beside those of sockets: the waker, and below <see cref="Listener"/> one for each
    /// listener: Listener, Listener - 1, ...</summary>
    const int Waker = -1, Listener = -2;

    /// <summary>Answers of <see cref="Receive"/>, <see cref="Send"/> and <see cref="Accept"/>.</summary>
    const int Again = -1, Gone = -2, Exhausted = -3;

    /// <summary>Waits for events for so many milliseconds at most and returns their number.</summary>
    int Wait(int timeoutMs);

    /// <summary>The slot of one of those events. <paramref name="broken"/>: the connection is no more, though
    /// what had come before can still be read.</summary>
    int Event(int index, out bool readable, out bool writable, out bool broken);

    /// <summary>
    /// Takes one connection from a listener (0, 1, ...) and writes its address as text into <paramref name="peer"/>.
    /// Returns the length of that, <see cref="Again"/> when nobody waits, <see cref="Exhausted"/> when the
    /// process has no more handles. <see cref="Keep"/> or <see cref="Refuse"/> has to follow.
    /// </summary>
    int Accept(int listener, byte[] peer);
    void Keep(int slot);
    void Refuse();

    /// <summary>Bytes read, 0 at the end of the stream, <see cref="Again"/> or <see cref="Gone"/>.</summary>
    int Receive(int slot, byte[] buffer, int offset, int count);

    /// <summary>Bytes sent, <see cref="Again"/> when there is no room, or <see cref="Gone"/>.</summary>
    int Send(int slot, byte[] buffer, int offset, int count);

    /// <summary>
    /// Which events of a socket are wanted from now on. A broken one is told until it is closed or ignored.
    /// </summary>
    void Watch(int slot, bool read, bool write);

    /// <summary>No event of this socket is wanted ever again.</summary>
    void Ignore(int slot);

    /// <summary>Gives a socket another slot.</summary>
    void Move(int from, int to);

    /// <summary>Nothing more will be sent: the peer reads the end of the stream after what was sent.</summary>
    void EndSending(int slot);
    void Close(int slot);

    /// <summary>Whether connections are accepted now; those that come meanwhile wait.</summary>
    void Accepting(bool on);

    /// <summary>No connection is accepted any more.</summary>
    void StopListening();

    /// <summary>Ends the current or the next <see cref="Wait"/>. From any thread.</summary>
    void Wake();
}
