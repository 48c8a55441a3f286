import { Note } from '../../ui/note.tsx';

interface EntryNamesProps {
  readonly isSame: boolean;
  /** What the page shows, such as `this rule, word for word`. */
  readonly what: string;
}

/** Whether an entry of the log, whose proof is sound, says what the page shows. */
export function EntryNames({ isSame, what }: EntryNamesProps) {
  return isSame ? (
    <Note tone="sea" title={`It names ${what}`} />
  ) : (
    <Note tone="fired" title="It names another" role="alert">
      <p className="small">Do not rely on what this page shows; ask the keeper of the file.</p>
    </Note>
  );
}
