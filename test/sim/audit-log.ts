import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { toBase64 } from '@breakwater/kernel';
import {
  checkLog,
  commit,
  entryBytes,
  openCheckpoint,
  parseVerifierKey,
  readEntry,
} from '@breakwater/log';
import { z } from 'zod';
import type { Database } from '../../apps/server/src/platform/database/database.ts';
import type { Acknowledged } from '../../demo/driver/server.ts';

/** The static files of a log, read once each. */
export function filesOf(directory: string): (name: string) => Promise<Uint8Array | null> {
  const read = new Map<string, Promise<Uint8Array | null>>();
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const bytes = readFile(path.join(directory, name)).then(
      (buffer) => new Uint8Array(buffer),
      () => null,
    );
    read.set(name, bytes);
    return bytes;
  };
}

/** Checks the whole log, and the step to it from every checkpoint that anybody ever saw. */
export async function auditHistory(
  directory: string,
  vkeys: readonly string[],
  seen: readonly Uint8Array[],
): Promise<string[]> {
  const fetchFile = filesOf(directory);
  const faults: string[] = [];
  for (const since of seen) {
    const report = await checkLog({ fetchFile, vkeys, since, entryBytes });
    for (const { code, message } of report.findings) faults.push(`${code}: ${message}`);
  }
  return faults;
}

const Entry = z.object({
  id: z.string(),
  act: z.string(),
  content: z.string(),
  salt: z.instanceof(Uint8Array),
  index: z.number().nullable(),
});
type Entry = z.infer<typeof Entry>;

/**
 * Opens every journal entry against the signed log: its salted commitment is the leaf at its index,
 * and no two share one. Then looks for exactly one entry for each acknowledged act.
 */
export async function auditJournal(
  database: Database,
  log: { readonly directory: string; readonly vkeys: readonly string[] },
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const fetchFile = filesOf(log.directory);
  const bytes = await fetchFile('checkpoint');
  const keys = log.vkeys.flatMap((text) => {
    const key = parseVerifierKey(text);
    return key.ok ? [key.value] : [];
  });
  const opened = bytes === null ? null : openCheckpoint(bytes, keys);
  if (opened === null || !opened.ok) return ['the newest checkpoint does not open'];
  const { rows } = await database.raw(
    'select id, act, content, salt, index from journal.entry order by at, id',
  );
  const entries = z.array(Entry).parse(rows);
  const faults: string[] = [];
  const indexes = new Set<number>();
  for (const { id, act, index, salt, content } of entries) {
    if (index === null || indexes.has(index)) {
      faults.push(`${id} of ${act} has index ${index}, which is none of its own`);
      continue;
    }
    indexes.add(index);
    const leaf = await readEntry(index, opened.value, fetchFile);
    const commitment = commit(new Uint8Array(salt), JSON.parse(content));
    if (!leaf.ok || toBase64(leaf.value.entry) !== toBase64(commitment))
      faults.push(`${id} is not what the log holds at ${index}`);
  }
  return [...faults, ...acknowledged.flatMap((answer) => faultOf(answer, entries))];
}

/** The act that each write leaves in the journal, and the id that tells it from others. */
const actOf: Readonly<Record<string, { readonly act: string; readonly id: string }>> = {
  'directory.add-party': { act: 'directory.party-added', id: 'id' },
  'directory.add-key': { act: 'directory.key-added', id: 'id' },
  'deconflict.open-control': { act: 'deconflict.control-opened', id: 'id' },
  'deconflict.rule-control': { act: 'deconflict.control-ruled', id: 'id' },
  'deconflict.state-wishes': { act: 'deconflict.wishes-stated', id: 'wishes' },
  'deconflict.claim': { act: 'deconflict.claimed', id: 'claim' },
  'deconflict.release-claim': { act: 'deconflict.released', id: 'claim' },
  'validate.add-recipe': { act: 'validate.recipe-added', id: 'name' },
  'prioritize.load-feed': { act: 'prioritize.feed-loaded', id: 'feed' },
  'distribute.add-inventory': { act: 'distribute.inventory-added', id: 'inventory' },
  'collect.submit': { act: 'collect.received', id: 'finding' },
  'discover.start': { act: 'discover.started', id: 'campaign' },
  'prioritize.score': { act: 'prioritize.scored', id: 'case' },
  'coordinate.invite-owner': { act: 'coordinate.owner-invited', id: 'case' },
  'coordinate.say': { act: 'coordinate.said', id: 'message' },
  'coordinate.set-embargo': { act: 'coordinate.embargo-set', id: 'case' },
  'verify.propose': { act: 'verify.proposed', id: 'patch' },
  'distribute.publish': { act: 'distribute.published', id: 'advisory' },
  'distribute.receipt': { act: 'distribute.receipted', id: 'notice' },
};

function faultOf(answer: Acknowledged, entries: readonly Entry[]): string[] {
  const known = actOf[answer.operation];
  const ids = { ...Object(answer.params), ...Object(answer.output) };
  const id: unknown = known === undefined ? undefined : ids[known.id];
  if (known === undefined || typeof id !== 'string')
    return [`no act is known for ${answer.operation} ${JSON.stringify(ids)}`];
  const found = entries.filter((e) => e.act === known.act && e.content.includes(`"${id}"`));
  if (found.length === 1) return [];
  return [`${answer.operation} ${id} has ${found.length} entries of ${known.act}, expected one`];
}
