import { type Client, gatewayRecord, type Output } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { checkRequest } from '../record/check-request.ts';
import { CheckedHere } from '../record/checked-here.tsx';

/** Fetches the proof of a request and checks it here, in this browser. */
export function RequestProof({ id }: { readonly id: Id<'request'> }) {
  const ask = useCallback(
    (client: Client) => client.call(gatewayRecord.proof, { params: { request: id } }),
    [id],
  );
  return (
    <CheckedHere
      ask={ask}
      check={checkRequest}
      checkpointOf={checkpointOf}
      fileName={`${id}.proof.json`}
      save="Save the proof"
      waits="It is recorded, and its interval waits for the next batch of the log."
    />
  );
}

function checkpointOf({ entry }: Output<typeof gatewayRecord.proof>): string {
  return entry.checkpoint;
}
