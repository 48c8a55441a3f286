import {
  collect,
  coordinate,
  correlate,
  discover,
  distribute,
  prioritize,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { checkEntry } from '@breakwater/log';
import type { Plan } from '../../demo/driver/plan.ts';
import type { Acknowledged } from '../../demo/driver/server.ts';
import type { DemoResult } from '../../demo/run.ts';
import { looksForLooking } from './audit-looking.ts';

/** What an auditor is given: what was planned, what was acknowledged, and keys to look with. */
export interface Audited {
  readonly plan: Plan;
  readonly result: DemoResult;
  readonly acknowledged: readonly Acknowledged[];
  /** Verifier keys of the log. */
  readonly vkeys: readonly string[];
}

/** Looks through the API for everything that was acknowledged; answers with what is wrong. */
export async function auditAnswers(audited: Audited): Promise<string[]> {
  const faults: string[] = [];
  for (const answer of audited.acknowledged) {
    const look = lookFor[answer.operation];
    if (look === undefined) {
      faults.push(`nobody looks for what ${answer.operation} acknowledged`);
      continue;
    }
    const there = await look(audited, { ...idsOf(answer.params), ...idsOf(answer.output) });
    if (!there) faults.push(`${answer.operation} ${JSON.stringify(answer.output)} is not there`);
  }
  return faults;
}

export type Ids = Readonly<Record<string, never>>; // ids as the contract brands them, from its own answers

function idsOf(value: unknown): Ids {
  return typeof value === 'object' && value !== null ? (value as Ids) : {}; // looked at by name only
}

export type Look = (audited: Audited, ids: Ids) => Promise<boolean>;

/** For each operation that writes, how its effect is seen by someone who only reads. */
const lookFor: Readonly<Record<string, Look>> = {
  ...looksForLooking,
  'directory.add-party': async ({ result }, ids) => {
    const everybody = [...Object.values(result.cast), ...result.operators];
    const person = everybody.find((p) => p.party === ids['id']);
    if (person === undefined) return false;
    const { whoAmI } = (await import('@breakwater/contract')).directory;
    return (await person.read(whoAmI)).party.id === person.party;
  },
  // The key that was shown is the one its owner has been reading with.
  'directory.add-key': async ({ result }, ids) =>
    [...Object.values(result.cast), ...result.operators].some((p) => p.key === ids['key']),
  'validate.add-recipe': async ({ result }, ids) => {
    const { items } = await result.cast.coordinator.read(validate.listRecipes);
    return items.filter((r) => r.name === ids['name'] && r.digest === ids['digest']).length === 1;
  },
  'prioritize.load-feed': async ({ result }) => {
    const { score } = await result.cast.coordinator.read(prioritize.get, {
      params: { case: caseOf(result) },
    });
    return score !== null;
  },
  'distribute.add-inventory': async ({ result }, ids) => {
    for (const operator of result.operators) {
      const { items } = await operator.read(distribute.listInventories);
      if (items.some((i) => i.id === ids['inventory'])) return items.length === 1;
    }
    return false;
  },
  'collect.submit': async ({ result }, ids) => {
    const finding = await result.cast.coordinator.read(collect.get, {
      params: { finding: idOf(ids, 'finding') },
    });
    const { members } = await result.cast.coordinator.read(correlate.findings, {
      params: { case: idOf(ids, 'case') },
    });
    return members.filter((m) => m.finding.id === finding.id).length === 1;
  },
  'discover.start': async ({ result }, ids) => {
    const campaign = await result.cast.coordinator.read(discover.get, {
      params: { campaign: idOf(ids, 'campaign') },
    });
    return campaign.status === 'finished' && campaign.findings.length === campaign.crashes;
  },
  'prioritize.score': async ({ result }, ids) => {
    const { score } = await result.cast.coordinator.read(prioritize.get, {
      params: { case: idOf(ids, 'case') },
    });
    return score !== null;
  },
  'coordinate.invite-owner': async ({ result }, ids) => {
    const { items } = await result.cast.coordinator.read(coordinate.participants, {
      params: { case: idOf(ids, 'case') },
    });
    const owner = result.cast.owner.party;
    return items.filter((p) => p.as === 'owner' && p.party.id === owner).length === 1;
  },
  'coordinate.say': async ({ result }, ids) => {
    const { items } = await result.cast.coordinator.read(coordinate.messages, {
      params: { case: idOf(ids, 'case') },
    });
    return items.filter((m) => m.id === ids['message'] && m.text !== null).length === 1;
  },
  'coordinate.set-embargo': async ({ result }, ids) => {
    const { embargo } = await result.cast.coordinator.read(coordinate.get, {
      params: { case: idOf(ids, 'case') },
    });
    return embargo.state === 'ended';
  },
  'verify.propose': async ({ result }, ids) => {
    const params = { case: idOf(ids, 'case') };
    const { items } = await result.cast.coordinator.read(verify.list, { params });
    const found = items.filter((p) => p.id === ids['patch']);
    return found.length === 1 && found[0]?.verification?.status === 'finished';
  },
  'distribute.publish': async ({ result }, ids) => {
    const advisory = String(ids['advisory']);
    const bytes = await result.cast.coordinator.download(distribute.advisory, {
      params: { advisory },
    });
    return new TextDecoder().decode(bytes).includes(advisory);
  },
  'distribute.receipt': async ({ result }, ids) => {
    for (const operator of result.operators) {
      const { items } = await operator.read(distribute.listNotices);
      const notice = items.find((n) => n.id === ids['notice']);
      if (notice !== undefined) return notice.receipt !== null;
    }
    return false;
  },
};

function idOf<K extends 'finding' | 'case' | 'campaign'>(ids: Ids, name: K): Id<K> {
  return ids[name] ?? ('' as Id<K>); // an empty id is refused by the server
}

function caseOf(result: DemoResult): Id<'case'> {
  const told = result.told[0];
  if (told === undefined) throw new Error('no story was told');
  return told.case;
}

/** Looks through the API for anything that happened twice, or that nobody asked for. */
export async function auditCounts({ plan, result, acknowledged }: Audited): Promise<string[]> {
  const { coordinator } = result.cast;
  const faults: string[] = [];
  const expectCount = (what: string, got: number, want: number) => {
    if (got !== want) faults.push(`${what}: expected ${want}, got ${got}`);
  };
  const cases = (await coordinator.read(coordinate.list)).items;
  expectCount('cases', cases.length, plan.stories.length);
  const advisories = (await coordinator.read(distribute.listAdvisories)).items;
  expectCount('advisories', advisories.length, plan.stories.length);
  const { items: dead } = await coordinator.read(record.deadLetters);
  for (const letter of dead) faults.push(`dead letter ${letter.job}: ${letter.error}`);

  const submits = acknowledged.filter((a) => a.operation === 'collect.submit');
  for (const { id } of cases) {
    const params = { case: id };
    const handedIn = submits.filter((a) => idsOf(a.output)['case'] === id).length;
    const fuzzed = plan.stories.length === 0 ? 0 : await campaignFindings(result, acknowledged, id);
    const { members } = await coordinator.read(correlate.findings, { params });
    expectCount(`findings of ${id}`, members.length, handedIn + fuzzed);
    const validations = (await coordinator.read(validate.list, { params })).items;
    for (const { finding } of members) {
      const own = validations.filter((v) => v.finding === finding.id);
      expectCount(`validations of ${finding.id}`, own.length, 1);
    }
    expectCount(`validations of ${id}`, validations.length, members.length);
    const patches = (await coordinator.read(verify.list, { params })).items;
    expectCount(`patches of ${id}`, patches.length, 2);
    const messages = (await coordinator.read(coordinate.messages, { params })).items;
    expectCount(`messages of ${id}`, messages.length, 1);
  }
  for (const operator of result.operators) {
    const want = Object.values(operator.expected.verdicts).filter((v) => v.affected).length;
    const { items } = await operator.read(distribute.listNotices);
    expectCount(`notices of ${operator.name}`, items.length, want);
  }
  return faults;
}

/** How many findings of a case our own campaigns handed in. */
async function campaignFindings(
  result: DemoResult,
  acknowledged: readonly Acknowledged[],
  caseId: Id<'case'>,
): Promise<number> {
  const { coordinator } = result.cast;
  let count = 0;
  for (const { output } of acknowledged.filter((a) => a.operation === 'discover.start')) {
    const params = { campaign: idOf(idsOf(output), 'campaign') };
    for (const finding of (await coordinator.read(discover.get, { params })).findings) {
      const found = await coordinator.read(collect.get, { params: { finding } });
      if (found.case === caseId) count += 1;
    }
  }
  return count;
}

/** Checks the disclosure of every act on every case, as its reader would offline. */
export async function auditDisclosures({ result, vkeys }: Audited): Promise<string[]> {
  const { coordinator } = result.cast;
  const faults: string[] = [];
  for (const { case: caseId } of result.told) {
    const { items } = await coordinator.read(record.timeline, { params: { case: caseId } });
    if (items.length === 0) faults.push(`the timeline of ${caseId} is empty`);
    for (const { entry, act } of items) {
      const disclosure = await coordinator.read(record.disclose, { params: { entry } });
      const report = checkEntry(new TextEncoder().encode(JSON.stringify(disclosure)), vkeys);
      if (!report.holds) faults.push(`${act} ${entry}: ${report.findings[0]?.message}`);
    }
  }
  return faults;
}
