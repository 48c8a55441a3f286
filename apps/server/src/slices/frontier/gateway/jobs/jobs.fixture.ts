import type { Transaction } from '../../../../platform/database/database.ts';
import { insertKey } from '../keys/store.ts';
import { admittedBy, idBy, start } from '../meters/meters.fixture.ts';

/** The key of a party, of the same number both, in the first tier. */
export async function insertKeyBy(tx: Transaction, n: number): Promise<void> {
  await insertKey(tx, {
    ...{ id: idBy('gkey', n), hash: Buffer.alloc(32, n), party: idBy('party', n) },
    ...{ scope: idBy('tier', 1), holder: idBy('member', n), developer: idBy('party', 9) },
    ...{ stands_on: idBy('partner', n), name_content: idBy('content', 2), at: start },
    ...{ limits: admittedBy(n, {}).limits, proof: 'none', thumbprint: null },
    ...{ usage_in_streams: 'as-asked', issued_by: idBy('member', n), expires_at: start },
  });
}
