import type { Output } from '@breakwater/contract';
import { record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { actWords, indexWords } from './acts.ts';
import { LogProof } from './log-proof.tsx';

type Entry = Output<typeof record.timeline>['items'][number];

/** Every act on a case, oldest first, each with its place in the log and its proof. */
export function Timeline({ id }: { readonly id: Id<'case'> }) {
  const { loaded, reload } = useLoad(
    record.timeline,
    { params: { case: id } },
    { againWhile: ({ items }) => items.some((entry) => entry.index === null) },
  );
  return (
    <Section
      id="timeline"
      title="Timeline"
      lede="Every act on this case that you may see. Each is an entry in a signed log, and its proof can be checked here. Acts of one moment stand in the log in random order, so the numbers need not rise."
    >
      <Show what="the timeline" loaded={loaded} reload={reload}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No act yet.</Empty>
          ) : (
            <ol className="acts">
              {items.map((entry) => (
                <Act key={entry.entry} entry={entry} />
              ))}
            </ol>
          )
        }
      </Show>
    </Section>
  );
}

function Act({ entry }: { readonly entry: Entry }) {
  const [open, setOpen] = useState(false);
  const panel = `proof-${entry.entry}`;
  return (
    <li className="act" id={entry.entry}>
      <p className="act-when small faint">
        <Moment at={entry.at} />
      </p>
      <p className="act-what">
        <strong>{entry.actor === null ? 'Someone you may not know' : entry.actor.name}</strong>{' '}
        {actWords(entry.act)}
      </p>
      <p className="act-log small">
        {entry.index === null ? (
          <span className="soft">{indexWords(entry.index)}</span>
        ) : (
          <a className="mono soft" href={pathTo('entry', { entry: entry.entry })}>
            {indexWords(entry.index)}
          </a>
        )}
        {entry.index === null ? null : (
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-controls={panel}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Close the proof' : 'Check the proof'}
            <span className="unseen"> of log entry {entry.index}</span>
          </button>
        )}
      </p>
      <div id={panel} className="act-proof">
        {open ? <LogProof entry={entry.entry} /> : null}
      </div>
    </li>
  );
}
