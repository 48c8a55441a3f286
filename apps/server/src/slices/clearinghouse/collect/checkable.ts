import { readCrash } from '@breakwater/correlation';
import { type PrecheckKey, precheckKeys } from '@breakwater/precheck';
import { sql } from 'kysely';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { FindingFacts } from './decide.ts';
import { findingsForWork } from './store.ts';
import { readFacts } from './views.ts';

/** What others may be told is known of a finding: the keys by which it is held. */
export interface CheckableFinding {
  readonly finding: string;
  readonly keys: readonly PrecheckKey[];
}

/**
 * The keys by which a pre-check finds each of `findings`. None for one that is marked RED, that its
 * tool was told not to tell of, that waits for its case, or whose content is erased (DCF-72).
 */
export async function checkableFindings(
  services: Services,
  findings: readonly string[],
): Promise<readonly CheckableFinding[]> {
  const rows = await services.database.read((r) => findingsForWork(r, findings));
  return await Promise.all(
    findings.map(async (finding): Promise<CheckableFinding> => {
      const row = rows.get(finding);
      if (row === undefined || row.marking === 'RED' || keptBack.has(row.standing ?? 'new')) {
        return { finding, keys: [] };
      }
      const facts = await readFacts(services, row.facts_content);
      const keys = facts === null ? [] : await keysIn(services, row.package, facts);
      return { finding, keys: keys.filter((key) => key.use !== 'seek') };
    }),
  );
}

/** Of no case: its tool was told not to tell of it, or it waits and nobody joins it (COR-7). */
const keptBack: ReadonlySet<string> = new Set(['suppressed', 'waiting']);

async function keysIn(
  { content }: Pick<Services, 'content'>,
  software: string,
  facts: FindingFacts,
): Promise<readonly PrecheckKey[]> {
  if (facts.precheck !== undefined) return facts.precheck;
  const { weakness, location } = facts;
  const told = {
    package: software,
    ...(weakness === null ? {} : { weakness }),
    ...(location === null ? {} : { location }),
  };
  if (facts.crash === null) return precheckKeys(told);
  // Kept before keys were: what was sent is read again.
  const sent = facts.files.find((file) => file.name === 'report.txt');
  const report = sent === undefined ? null : await content.getText(sent.content);
  const crash = report === null ? null : readCrash(report);
  return crash?.ok === true ? precheckKeys({ ...told, crash: crash.value }) : [];
}

/** The ids of at most `limit` findings that come after `after` in the order of ids. */
export async function findingsBeyond(
  reader: Reader,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from collect.finding where id > ${after} order by id limit ${limit}`);
  return rows.map((row) => row.id);
}

/** How many findings there are. */
export async function countFindings(reader: Reader): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from collect.finding`);
  return row?.n ?? 0;
}
