import type { designate as contract, EvaluationOutcome, RuleDocument } from '@breakwater/contract';
import {
  bytesToHex,
  canonicalJson,
  fromUtf8,
  type Id,
  type Json,
  ok,
  type Result,
  refuse,
  sha256,
} from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Call, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { carryOut, fileOf } from './act.ts';
import { fewestOf, figuresOf } from './figures.ts';
import type { Command } from './model.ts';
import type { DesignateNeeds } from './needs.ts';
import { refusals } from './refusals.ts';
import { budgetText, readRule, ruleFacts } from './rule.ts';
import { findRule, type RuleRow } from './rule-store.ts';
import { findFile, partsOf } from './store.ts';

/** Of all runs of a file: fits and draws over more would hold others up for seconds. */
const samplesMax = 2_000;
/** The act by which a rule is committed. */
export const ruleAct = 'designate.rule-registered';

/** A rule with its text and the moment of its commitment. */
interface Standing {
  readonly row: RuleRow;
  readonly document: RuleDocument;
  readonly facts: ReturnType<typeof ruleFacts>;
}

/** What stands of the rule of a file; null: it has none, or its text was erased. */
async function ruleOf(
  services: Services,
  needs: DesignateNeeds,
  id: string,
): Promise<Standing | null> {
  const { row, committedAt } = await services.database.read(async (r) => {
    const file = await findFile(r, id);
    const rule = file?.rule == null ? null : await findRule(r, file.rule);
    const at = rule === null ? null : await needs.committedAt(r, rule.id, ruleAct);
    return { row: rule, committedAt: at };
  });
  const text = row === null ? null : await services.content.getText(row.document_content);
  if (row === null || text === null) return null;
  const document = readRule(text);
  // It counts as committed once anybody could check that.
  const signed = await needs.disclosureOf(row.id, ruleAct);
  const facts = ruleFacts(row.id, document, signed === null ? null : committedAt);
  return { row, document, facts };
}

/** DES-4: puts a run before the official; whoever attaches it may see all its results. */
export async function attachRun(
  services: Services,
  needs: DesignateNeeds,
  call: Call<typeof contract.attachRun>,
): Promise<Result<{ file: Id<'file'> }>> {
  const rule = await ruleOf(services, needs, call.params.file);
  const executed = await services.execute<{ file: Id<'file'> }>(call.envelope, async (tx, now) => {
    const file = await fileOf(tx, call.params.file);
    if (!file.ok) return file;
    const found = await needs.evidenceRun(tx, call.body.run, call.actor.id);
    if (found === null) return refuse(noSuchRun);
    const run = { ...found, budget: budgetText(found.limits) };
    const { id, matter } = file.value;
    const command = { act: 'attach-run', file: id, run, rule: rule?.facts ?? null } as const;
    const samples = await needs.countEvidence(tx, [found.run]);
    const attached = { beganAt: found.beganAt, samples };
    const given = { place: { matter }, command, also: { attached } };
    const done = await carryOut({ tx, now, needs }, call, given);
    return done.ok ? ok({ ...done.value, response: { file: id } }) : done;
  });
  return responseOf(executed);
}

type Evaluated = { file: Id<'file'>; evaluation: Id<'evaluation'>; outcome: EvaluationOutcome };

/** DES-5: evaluates the rule on the attached runs, by the benchmark's own figures. */
export async function evaluate(
  services: Services,
  needs: DesignateNeeds,
  call: Call<typeof contract.evaluate>,
): Promise<Result<Evaluated>> {
  const before = await services.recall<Evaluated>(call.envelope);
  if (before !== null) return before;
  const found = await findings(services, needs, call.params.file);
  if (!found.ok) return found;
  const { text, ...facts } = found.value;
  const ref = await services.content.putText(text, 'figures.json');
  const executed = await services.execute<Evaluated>(call.envelope, async (tx, now) => {
    const file = await fileOf(tx, call.params.file);
    if (!file.ok) return file;
    const { id, matter } = file.value;
    const evaluation = newId('evaluation');
    const command: Command = { act: 'evaluate', file: id, evaluation, ...facts };
    const given = { place: { matter }, command, also: { text: ref } };
    const done = await carryOut({ tx, now, needs }, call, given);
    if (!done.ok) return done;
    const { outcome } = facts;
    if (outcome === null) throw new Error('expected an evaluation to have an outcome');
    return ok({ ...done.value, response: { file: id, evaluation, outcome } });
  });
  return responseOf(executed);
}

type Facts = Omit<Extract<Command, { act: 'evaluate' }>, 'act' | 'file' | 'evaluation'>;
type FoundCode = 'no-rule' | 'no-runs' | 'run-not-seen' | 'log-erased' | 'too-many';

/** What the samples of the attached runs come to. */
async function findings(
  services: Services,
  needs: DesignateNeeds,
  file: string,
): Promise<Result<Facts & { readonly text: string }, FoundCode>> {
  const rule = await ruleOf(services, needs, file);
  if (rule === null) return refuse(noRule);
  const { row, document, facts } = rule;
  const attached = await services.database.read((r) => attachedTo(r, needs, file));
  if (!attached.ok) return attached;
  const { runs, items } = attached.value;
  const evidence = await needs.evidence(runs);
  if (evidence === null) return refuse(logErased);
  const left = await services.database.read(async (r) => {
    const [first] = runs;
    if (first === undefined || facts.committedAt === null) return 0;
    const like = await needs.countLike(r, { run: first, since: facts.committedAt });
    return Math.max(0, like - runs.length);
  });
  const { samples } = evidence;
  const of = { limits: document.budget, level: document.level };
  const figures = figuresOf({
    rule: document,
    digest: row.digest,
    samples,
    runsLeftOut: left,
    accuracyOf: (some) => evidence.accuracyOf(some, of),
  });
  const text = canonicalJson(JSON.parse(JSON.stringify(figures)) as Json); // as JSON just written
  return ok({
    rule: facts,
    runs,
    fewest: fewestOf(samples, items),
    outcome: (document.counts === 'all' ? figures.all : figures.withoutInvalid).outcome,
    digest: `sha256:${bytesToHex(sha256(text))}`,
    text: fromUtf8(text),
  });
}

/** The runs of a file, each of which whoever attached it may still see whole. */
async function attachedTo(
  reader: Reader,
  needs: DesignateNeeds,
  file: string,
): Promise<Result<{ readonly runs: readonly Id<'run'>[]; readonly items: number }, FoundCode>> {
  const { runs } = await partsOf(reader, [file]);
  let items = 0;
  for (const { run, party } of runs) {
    const found = await needs.evidenceRun(reader, run, party);
    if (found === null) return refuse(runNotSeen);
    items = found.items;
  }
  const ids = runs.map(({ run }) => run);
  if (ids.length === 0) return refuse(noRuns);
  const samples = await needs.countEvidence(reader, ids);
  return samples > samplesMax ? refuse(tooMany) : ok({ runs: ids, items });
}

const noSuchRun = {
  code: 'no-such-run',
  expected: 'a run all of whose results you may see',
  got: 'none with this id',
  todo: 'check the id, or ask the keeper of its suite',
  pointer: '/run',
} as const;
const runNotSeen = {
  code: 'run-not-seen',
  expected: 'runs whose results may still be seen by whoever attached them',
  got: 'one that may not',
  todo: 'ask the keeper of its suite, or open a new file',
} as const;
const logErased = {
  code: 'log-erased',
  expected: 'the logs of all attached runs',
  got: 'one that was erased',
  todo: 'open a new file, with runs whose logs are here',
} as const;
const tooMany = {
  code: 'too-many',
  expected: `at most ${samplesMax} samples in all attached runs`,
  got: 'more',
  todo: 'attach fewer runs',
} as const;
const { noRule, noRuns } = refusals;
