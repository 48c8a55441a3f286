import { distribute } from '@breakwater/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { useBegunAgain } from '../session/begun-at.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { debianReleases } from './debian-releases.ts';
import type { Inventory } from './inventory-acts.tsx';

/** Says of a kept list which release it is of; it is compared again at once. */
export function GiveRelease({ list }: { readonly list: Inventory }) {
  const { act, busy, problem } = useAct(distribute.changeInventory);
  const { begun, kept } = useBegunAgain(list.revision, problem);
  const say = useSay();
  const [release, setRelease] = useState(list.debianRelease ?? '');
  return (
    <form
      className="form-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (release === '') return;
        const body = { debianRelease: release, ifRevision: begun };
        act({ params: { inventory: list.id }, body }, ({ revision }) => {
          kept(revision);
          say(`${list.name} is compared again, as Debian ${release}.`);
        });
      }}
    >
      <Select
        label={`Which release is ${list.name}?`}
        hint={
          <>
            On that system, <code>cat /etc/debian_version</code> tells it.
          </>
        }
        value={release}
        onChange={setRelease}
        choices={[['', 'Choose'], ...debianReleases]}
      />
      <Button
        type="submit"
        kind="first"
        busy={busy && 'Comparing…'}
        reason={release === '' ? 'Choose it first.' : null}
      >
        Give the release
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </form>
  );
}
