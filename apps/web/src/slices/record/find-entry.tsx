import { record } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { useGo } from '../session/go.ts';
import { useMay } from '../session/me.ts';
import { wayToEntry } from './entry-query.ts';
import { Timeline } from './timeline.tsx';

/** Finds an entry by its number, its id, or the id of the case that it is about. */
export function FindEntry({ text }: { readonly text: string }) {
  const go = useGo();
  const [asked, setAsked] = useState(text);
  const [error, setError] = useState<string | null>(null);
  function find(): void {
    const way = wayToEntry(asked);
    if (way === null) {
      setError('Expected a number such as 42, or an id that begins with entry_ or case_.');
      return;
    }
    setError(null);
    go(
      way.kind === 'case'
        ? pathOf('record', { case: way.id })
        : pathTo('entry', { entry: way.kind === 'number' ? String(way.index) : way.id }),
    );
  }
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <TextField
        label="Find an entry"
        hint="By its number in the log, by its id, or by the id of the case it is about."
        value={asked}
        onChange={setAsked}
        error={error}
        maxLength={100}
        exact
      />
      <div>
        <Button type="submit" kind="first">
          Find
        </Button>
      </div>
    </form>
  );
}

/** The entries about one case, as far as the reader may see them. */
export function FoundCase({ text }: { readonly text: string }) {
  const may = useMay();
  const id = parseId('case', text);
  if (id === null) {
    return (
      <Note tone="warn" title="This is no id of a case">
        <p className="small">A case’s id begins with case_ and stands at the end of its address.</p>
      </Note>
    );
  }
  if (may(record.timeline)) return <Timeline id={id} />;
  return (
    <Note title="Which entries are about a case is told to its participants alone">
      <p className="small">
        Ask one of them to disclose the entries to you. You can check each below, and find it in the
        log by its number.
      </p>
    </Note>
  );
}
