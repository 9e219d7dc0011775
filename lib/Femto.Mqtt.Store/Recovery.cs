namespace Femto.Mqtt
{
    /// <summary>
    /// Reads a journal again. A frame that says "all before me is durable" divides the log: a damaged frame before the
    /// last such mark was once durable, costs itself alone and is counted; a damaged frame behind it is where the
    /// power went, and nothing after it counts. A group that is not complete there does not count either.
    /// </summary>
    internal sealed class Recovery
    {
        private readonly Journal journal;
        private readonly Segments segments;
        private readonly int[] order;   // the segments that count, oldest first
        private int count;
        private int markOrder = -1;     // last mark: place in the order, position
        private int markPosition;
        private int wholeOrder;         // up to there all groups are complete
        private int wholePosition = Segments.HeadBytes;
        private int trim;               // number of the oldest segment that counts

        public Recovery(Journal journal)
        {
            this.journal = journal;
            segments = journal.Segments;
            order = new int[segments.Sequence.Length];
        }

        public bool Run()
        {
            Chain();
            if (count == 0) return Begin();
            Marks();
            Walk(0, false);
            int first = 0;
            while (first < count && segments.Sequence[order[first]] < trim) first++;
            if (wholeOrder < first)
            {
                wholeOrder = first;
                wholePosition = Segments.HeadBytes;
            }
            return Continue(first, Walk(first, true));
        }

        // From the newest segment back, each names the one before it. What is not on this chain is void.
        private void Chain()
        {
            int n = segments.Sequence.Length;
            int newest = -1;
            for (int s = 0; s < n; s++)
            {
                if (segments.Read(s) == 0) continue;
                if (newest < 0 || segments.Sequence[s] > segments.Sequence[newest]) newest = s;
            }
            if (newest >= 0) segments.End[newest] = segments.Size[newest];
            for (int s = newest; s >= 0 && count < n;)
            {
                order[count++] = s;
                int before = Find(segments.Before[s]);
                if (before >= 0)
                {
                    int end = segments.BeforeEnd[s];
                    segments.End[before] = end < segments.Size[before] ? end : segments.Size[before];
                }
                s = before;
            }
            for (int i = 0, k = count - 1; i < k; i++, k--)
            {
                int swap = order[i];
                order[i] = order[k];
                order[k] = swap;
            }
        }

        private int Find(int sequence)
        {
            for (int s = 0; s < segments.Sequence.Length && sequence > 0; s++)
            {
                if (segments.Sequence[s] == sequence) return s;
            }
            return -1;
        }

        // Finds the last mark: all before it was durable.
        private void Marks()
        {
            for (int i = 0; i < count; i++)
            {
                int s = order[i];
                int end = segments.End[s];
                int at = Segments.HeadBytes;
                while (at < end)
                {
                    int body = journal.ReadFrame(s, at);
                    if (body < 0)
                    {
                        at = journal.NextFrame(s, at + 1, end);
                        continue;
                    }
                    if ((journal.Buffer[1] & Journal.AfterSync) != 0)
                    {
                        markOrder = i;
                        markPosition = at;
                    }
                    at += Journal.HeadBytes + body;
                }
            }
        }

        // Goes over the frames that count, up to the torn end: first for the trims among them, since what is trimmed
        // must not be taken over, then to take over the contents. Returns the place of the segment in which it ends,
        // -1 when there is none.
        private int Walk(int first, bool take)
        {
            for (int i = first; i < count; i++)
            {
                int s = order[i];
                int end = segments.End[s];
                int at = Segments.HeadBytes;
                while (at < end)
                {
                    if (take && (i > wholeOrder || i == wholeOrder && at >= wholePosition))
                    {
                        Tear(i, at);
                        return i;
                    }
                    int body = journal.ReadFrame(s, at);
                    if (body >= 0)
                    {
                        if ((journal.Buffer[1] & Journal.Trim) != 0) Trimmed(body);
                        else if (take) Entries(s * journal.SegmentBytes + at, body);
                        if (!take) Whole(i, at, body);
                        at += Journal.HeadBytes + body;
                        continue;
                    }
                    if (i > markOrder || i == markOrder && at >= markPosition)
                    {
                        if (take) Tear(i, at);
                        return i;
                    }
                    if (take) journal.Damaged++;
                    at = journal.NextFrame(s, at + 1, end);
                }
            }
            return count - 1;
        }

        // The frame that completes a group may be a damaged one: the beginning of the next says it too.
        private void Whole(int place, int at, int body)
        {
            int flags = journal.Buffer[1];
            if ((flags & Journal.More) == 0) at += Journal.HeadBytes + body;
            else if ((flags & Journal.First) == 0) return;
            wholeOrder = place;
            wholePosition = at;
        }

        private void Tear(int place, int at)
        {
            int s = order[place];
            journal.Torn += segments.End[s] - at;
            segments.End[s] = at;
            for (int k = place + 1; k < count; k++) journal.Torn += segments.End[order[k]];
        }

        private void Trimmed(int body)
        {
            if (body != 4) return;
            byte[] b = journal.Buffer;
            int p = Journal.HeadBytes;
            int number = b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3];
            if (number > trim) trim = number;
        }

        private void Entries(int address, int body)
        {
            int end = Journal.HeadBytes + body;
            for (int p = Journal.HeadBytes; p < end;)
            {
                int slot = journal.Place(journal.SlotAt(p));
                int length = journal.LengthAt(p);
                if (slot == 0) journal.Unknown++;
                else if (length == Journal.Deleted) journal.Take(slot, 0, 0);
                else journal.Take(slot, address + p, length);
                p += length == Journal.Deleted ? Journal.EntryBytes : Journal.EntryBytes + length;
            }
        }

        private bool Begin()
        {
            return ClearOthers(0, -1) && segments.Begin() && journal.Device.Sync(segments.Head);
        }

        private bool Continue(int first, int last)
        {
            int head = order[last];
            // What was read may so far lie in a cache only.
            if (!journal.Device.Sync(head)) return false;
            segments.Head = head;
            segments.Oldest = order[first];
            int end = segments.End[head];
            bool clean = end == journal.Device.Size(head) && end >= Segments.HeadBytes;
            if (clean)
            {
                segments.Size[head] = end;
                segments.End[head] = 0;
                return ClearOthers(first, last);
            }
            // Behind a torn end nothing is written: the next segment says where this one ends.
            if (segments.Free == 0 && !Spare(first, last)) return false;
            segments.Size[head] = end;
            ClearFree();
            return segments.Begin() && journal.Device.Sync(segments.Head) && ClearOthers(first, last);
        }

        // A segment that does not count is made free: a trimmed one, or one behind the torn end.
        private bool Spare(int first, int last)
        {
            int spare = first > 0 ? order[0] : last + 1 < count ? order[count - 1] : -1;
            if (spare < 0) return false;
            segments.Forget(spare);
            return journal.Device.Clear(spare);
        }

        // A segment that is begun must be an empty one.
        private void ClearFree()
        {
            for (int s = 0; s < segments.Sequence.Length; s++)
            {
                if (segments.Sequence[s] != 0 || segments.Size[s] == 0) continue;
                segments.Size[s] = 0;
                journal.Device.Clear(s);
            }
        }

        // Empties every segment outside of the order's part that counts.
        private bool ClearOthers(int first, int last)
        {
            for (int s = 0; s < segments.Sequence.Length; s++)
            {
                bool counts = s == segments.Head && segments.Sequence[s] == segments.Last && last >= 0;
                for (int i = first; i <= last; i++) counts |= order[i] == s;
                if (counts) continue;
                segments.Forget(s);
                if (journal.Device.Size(s) != 0 && !journal.Device.Clear(s)) return false;
            }
            return true;
        }
    }
}
