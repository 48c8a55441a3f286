import type { Client, Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { useCallback, useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { isSealOf } from './seal-of.ts';

/** What is sealed, and the entry of the log that says so, checked in this browser when asked. */
export function SuiteSeal({ suite }: { readonly suite: Suite }) {
  const { id, commitment, count, sealedAt } = suite;
  const [open, setOpen] = useState(false);
  const ask = useCallback(
    (client: Client) => client.call(suites.sealProof, { params: { suite: id } }),
    [id],
  );
  return (
    <>
      <Facts
        items={[
          ['Root', <Digest key="root" value={`sha256:${commitment}`} />],
          ['Items', count],
          ['Sealed', <Time key="at" at={sealedAt} />],
        ]}
      />
      {open ? (
        <DisclosureProof
          name={id}
          ask={ask}
          content={(content) => (
            <>
              <SealNamed holds={isSealOf(content, suite)} />
              <EntryWords content={content} />
            </>
          )}
        />
      ) : (
        <div className="mt-3">
          <Buttons>
            <Button onPress={() => setOpen(true)}>Check it in the log</Button>
          </Buttons>
        </div>
      )}
    </>
  );
}

/** Whether the entry that holds is the seal of what this page shows. */
function SealNamed({ holds }: { readonly holds: boolean }) {
  return holds ? (
    <Note tone="held" title="It names this suite, its root and its count" />
  ) : (
    <Note tone="fired" title="It names another suite, root or count" role="alert">
      <p className="small">Do not rely on what this page says is sealed; ask its keeper.</p>
    </Note>
  );
}
