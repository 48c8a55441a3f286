import { utf8 } from '@breakwater/kernel';
import { openCheckpoint, parseVerifierKey } from '@breakwater/log';
import { useEffect, useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import type { Seen } from './log-memory.ts';
import { seenLogs } from './log-memory.ts';
import { inTurn } from './log-watch.ts';
import { SaveText } from './save-text.tsx';

const columns: readonly Column<Seen>[] = [
  { key: 'at', head: 'First seen', cell: ({ at }) => <Moment at={at} /> },
  { key: 'size', head: 'Entries', figure: true, cell: sizeOf },
  {
    key: 'save',
    head: 'Signed state',
    cell: ({ checkpoint, at }) => (
      <SaveText text={checkpoint} fileName={`checkpoint-${at.slice(0, 10)}`}>
        Save it
      </SaveText>
    ),
  },
];

/** The signed states of the log that this browser keeps. */
export function SeenStates() {
  const [seen, setSeen] = useState<readonly Seen[]>([]);
  useEffect(() => {
    let stale = false;
    // After the look that the page began with, which may add one.
    void inTurn(async () => seenLogs(localStorage)).then((list) => stale || setSeen(list));
    return () => {
      stale = true;
    };
  }, []);
  if (seen.length === 0) return <Empty>None yet: this is the first look.</Empty>;
  return (
    <Table
      caption="Signed states of the log that this browser saw, newest first"
      columns={columns}
      rows={seen}
      keyOf={({ checkpoint }) => checkpoint}
    />
  );
}

/** The size it signs; what the browser kept is checked like anything else. */
function sizeOf({ key, checkpoint }: Seen): string {
  const parsed = parseVerifierKey(key);
  const opened = parsed.ok ? openCheckpoint(utf8(checkpoint), [parsed.value]) : parsed;
  return opened.ok ? String(opened.value.size) : 'signature does not hold';
}
