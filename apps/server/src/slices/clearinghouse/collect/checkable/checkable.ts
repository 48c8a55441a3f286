import { readCrash } from '@breakwater/correlation';
import { type PrecheckKey, precheckKeys } from '@breakwater/precheck';
import type { Services } from '../../../../services.ts';
import type { FindingFacts } from '../decide.ts';
import { findingsForWork, type NewFinding } from '../store.ts';
import { readFacts } from '../views.ts';
import { keptAmong } from './store.ts';

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
  const rows = await services.database.read(async (r) => {
    const all = [...(await findingsForWork(r, findings)).values()].filter(isTold);
    const kept = await keptAmong(
      r,
      all.map((row) => row.facts_content),
    );
    return new Map(all.filter((row) => kept.has(row.facts_content)).map((row) => [row.id, row]));
  });
  return await Promise.all(
    findings.map(async (finding): Promise<CheckableFinding> => {
      const row = rows.get(finding as NewFinding['id']); // any other text is the id of none
      const facts = row === undefined ? null : await readFacts(services, row.facts_content);
      const keys =
        facts === null || row === undefined ? [] : await keysIn(services, row.package, facts);
      return { finding, keys: keys.filter((key) => key.use !== 'seek') };
    }),
  );
}

/** Of no case: its tool was told not to tell of it, or it waits and nobody joins it (COR-7). */
const keptBack: ReadonlySet<string> = new Set(['suppressed', 'waiting']);

function isTold({ marking, standing }: NewFinding): boolean {
  return marking !== 'RED' && !keptBack.has(standing ?? 'new');
}

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
