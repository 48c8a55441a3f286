import type { Run, RunSample } from '@breakwater/contract';
import { bytesToHex } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import type { Reach } from '../suite/rights.ts';
import type { RunAccess } from './access.ts';
import type { SampleSeen } from './sample-store.ts';
import type { RunRow } from './store.ts';

/** A run without its figures, as far as `access` goes. */
export async function runView(
  { content, directory }: Pick<Services, 'content' | 'directory'>,
  row: RunRow,
  access: RunAccess,
): Promise<Omit<Run, 'figures'>> {
  const seesProgress = access.results === 'all' || access.isWorker;
  const seesLog = access.transcripts === 'all' || access.isWorker;
  return {
    id: row.id,
    suite: row.suite,
    by: await directory.refOf(row.party),
    model: await content.getText(row.model_content),
    state: row.state,
    beganAt: row.at,
    endedAt: row.ended_at,
    limits: row.limits,
    progress: seesProgress
      ? { planned: row.planned, samples: row.samples, turns: row.turns }
      : null,
    logBytes: seesLog ? row.log_bytes : null,
    // Each word of progress is a revision: who sees none counts none.
    revision: seesProgress ? row.revision : row.state === 'running' ? 1 : 2,
  };
}

/** BEN-4: where a sample stands tells how many stand before it, to whoever may see these alone. */
export function sampleView(row: SampleSeen, results: Reach): RunSample {
  return {
    id: row.id,
    run: row.run,
    place: results === 'all' ? row.place : null,
    epoch: row.epoch,
    item: row.item,
    commitment: row.commitment === null ? null : bytesToHex(new Uint8Array(row.commitment)),
    score: row.score,
    failed: row.failed,
    limited: row.limited,
    contamination: row.contamination,
    review: row.review,
  };
}
