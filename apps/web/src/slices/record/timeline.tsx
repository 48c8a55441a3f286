import { record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { ActRow } from './act-row.tsx';
import { LogProof } from './log-proof.tsx';

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
                <ActRow
                  key={entry.entry}
                  entry={entry}
                  href={pathTo('entry', { entry: entry.entry })}
                >
                  <LogProof entry={entry.entry} />
                </ActRow>
              ))}
            </ol>
          )
        }
      </Show>
    </Section>
  );
}
