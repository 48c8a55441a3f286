import type { Client, Disclosure } from '@breakwater/contract';
import { record } from '@breakwater/contract';
import type { Id, Json } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { checkSteps } from './check-steps.ts';
import { CheckedHere } from './checked-here.tsx';

interface LogProofProps {
  readonly entry: Id<'entry'>;
  /** Shows what the entry says in words; without it, it stands folded and verbatim alone. */
  readonly content?: (content: Json) => ReactNode;
}

/** Fetches the disclosure of one entry and checks it here, in this browser. */
export function LogProof({ entry, content }: LogProofProps) {
  const ask = useCallback(
    (client: Client) => client.call(record.disclose, { params: { entry } }),
    [entry],
  );
  return <DisclosureProof name={entry} ask={ask} {...(content === undefined ? {} : { content })} />;
}

interface DisclosureProofProps extends Pick<LogProofProps, 'content'> {
  /** What the saved file is called by. */
  readonly name: string;
  /** Asks for the disclosure; it is checked anew whenever this is another function. */
  readonly ask: (client: Client) => Promise<Disclosure>;
}

/** Fetches a disclosure by any door that gives one, and checks it here, in this browser. */
export function DisclosureProof({ name, ask, content }: DisclosureProofProps) {
  return (
    <CheckedHere
      ask={ask}
      check={checkSteps}
      checkpointOf={checkpointOf}
      fileName={`${name}.disclosure.json`}
      save="Save the disclosure"
      waits="It is there, and waits for its batch of the log."
      content={content}
    />
  );
}

function checkpointOf({ checkpoint }: Disclosure): string {
  return checkpoint;
}
