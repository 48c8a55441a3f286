import type { Case } from '@breakwater/contract';
import { Note } from '../../ui/note.tsx';

/** What a reader of the summary sees and does not see: an absence here must not read as a fact. */
export function LevelNote({ level }: { readonly level: Case['level'] }) {
  if (level !== 'summary') return null;
  return (
    <Note tone="sea" title="You see your own part of this case">
      <p className="small">
        What you handed in, how its proof ran, and how far the case has come. What others handed in,
        the score, the patches and the case room are kept to the owner and the coordinators, so they
        are not shown here. The stages above tell you what was done.
      </p>
    </Note>
  );
}
