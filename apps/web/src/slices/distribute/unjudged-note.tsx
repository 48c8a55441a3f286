import { distribute } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Note } from '../../ui/note.tsx';
import { useLoad } from '../session/server.ts';
import { GiveRelease } from './give-release.tsx';
import type { Inventory } from './inventory-acts.tsx';
import { openOf } from './unjudged-words.ts';

/** Lists of which not everything could be judged, or null while nobody knows whether there are any. */
export function useUnjudged() {
  const { loaded, reload } = useLoad(
    distribute.listInventories,
    { query: { unjudged: 'true', limit: shownMax } },
    { againWhile: ({ items }) => items.some((list) => !list.compared) },
  );
  return { loaded, reload };
}

/** As many as a person takes up before looking at the page of all lists. */
const shownMax = 20;

/** What nobody could say, list by list, with the act that mends it. Says nothing where all is known. */
export function UnjudgedNotes({
  lists,
  more,
}: {
  readonly lists: readonly Inventory[];
  readonly more: boolean;
}) {
  const waiting = lists.filter((list) => !list.compared);
  const open = lists.filter((list) => openOf(list).length > 0);
  return (
    <>
      {waiting.length === 0 ? null : (
        <Note title="Still being compared" role="status">
          <p className="small">
            {waiting.map(({ name }) => name).join(', ')}: what is in there shows here in a moment.
          </p>
        </Note>
      )}
      {open.map((list) => (
        <UnjudgedNote key={list.id} list={list} />
      ))}
      {more ? (
        <p className="small">
          There are more such lists: <a href={pathOf('inventories')}>see all that you run</a>.
        </p>
      ) : null}
    </>
  );
}

function UnjudgedNote({ list }: { readonly list: Inventory }) {
  return (
    <Note tone="warn" title={`We cannot say everything about ${list.name}`}>
      {openOf(list).map((sentence) => (
        <p key={sentence} className="small">
          {sentence}
        </p>
      ))}
      {list.releaseMissing > 0 ? (
        <GiveRelease list={list} />
      ) : (
        <p className="small">
          Look at these yourself among the <a href={pathOf('advisories')}>published advisories</a>,
          or give the list again with versions as their makers write them.
        </p>
      )}
    </Note>
  );
}
