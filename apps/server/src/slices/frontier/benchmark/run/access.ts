import type { Reader } from '../../../../platform/database/database.ts';
import { bothOf, isAny, knownTo, type Reach, reachOf } from '../suite/rights.ts';
import { allowancesFor } from '../suite/store.ts';
import type { RunRow } from './store.ts';

/** What a party may of a run, by items. */
export interface RunAccess {
  readonly known: boolean;
  readonly results: Reach;
  /** Transcripts show the item and the result at once. */
  readonly transcripts: Reach;
  /** It may hand in samples of these. */
  readonly work: Reach;
  /** It began the run, and may still run something of the suite. */
  readonly isWorker: boolean;
}

const none: Reach = new Set();
const nothing: RunAccess = {
  known: false,
  results: none,
  transcripts: none,
  work: none,
  isWorker: false,
};
const everything: RunAccess = {
  known: true,
  results: 'all',
  transcripts: 'all',
  work: 'all',
  isWorker: true,
};

/** BEN-3: as it stands at this moment. A run without a suite is its own party's alone. */
export async function accessTo(
  reader: Reader,
  run: Pick<RunRow, 'suite' | 'party'>,
  party: string,
): Promise<RunAccess> {
  if (run.suite === null) return run.party === party ? everything : nothing;
  const allowances = await allowancesFor(reader, run.suite, party);
  const results = reachOf(allowances, party, 'results');
  const work = reachOf(allowances, party, 'run');
  return {
    known: isAny(knownTo(allowances, party)),
    results,
    transcripts: bothOf(results, reachOf(allowances, party, 'items')),
    work,
    isWorker: run.party === party && isAny(work),
  };
}
