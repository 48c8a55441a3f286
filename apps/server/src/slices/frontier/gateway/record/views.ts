import { type BodySide, GatewayRequest } from '@breakwater/contract';
import { z } from 'zod';
import type { Directory } from '../../../../platform/directory/directory.ts';
import type { StoredRequest } from './store.ts';

/** What is shown as it was recorded. */
const Recorded = GatewayRequest.omit({
  party: true,
  developer: true,
  inside: true,
  bodies: true,
});

const Inside = z.json().pipe(GatewayRequest.shape.inside.unwrap());

/** A request as one of its two sides sees it. */
export async function requestView(
  directory: Directory,
  row: StoredRequest,
  as: { readonly actor: string; readonly bodies: readonly BodySide[] },
): Promise<GatewayRequest> {
  return {
    ...Recorded.parse(JSON.parse(row.content)),
    party: await directory.refOf(row.party),
    developer: await directory.refOf(row.developer),
    inside: row.developer === as.actor ? Inside.parse(JSON.parse(row.inside)) : null,
    bodies: [...as.bodies],
  };
}
