import {
  type ConsultedOffice,
  consultedOffices,
  type DeterminationOutcome,
} from '@breakwater/contract';
import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { Command, DesignationFile, Event, Facts, Matter, RuleFacts } from './model.ts';
import { refusals } from './refusals.ts';

type Code = (typeof refusals)[keyof typeof refusals]['code'];
export type Decided = Result<readonly Event[], Code>;

/** Of one file. */
const most = { runs: 100, dissents: 200, assessments: 200 } as const;

/** What follows from a command in designating the model of one engagement. */
export function decide(matter: Matter, command: Command, facts: Facts): Decided {
  switch (command.act) {
    case 'open-file':
    case 're-examine':
      return open(matter, command, facts);
    case 'take-in':
      return takeIn(matter, command, facts);
    case 'attach-run':
    case 'evaluate':
    case 'record-consultation':
    case 'dissent':
    case 'enter-determination':
    case 'tell':
      return inFile(matter, command, facts);
  }
}

type Opening = Extract<Command, { act: 'open-file' | 're-examine' }>;
type TakingIn = Extract<Command, { act: 'take-in' }>;
type InFile = Exclude<Command, Opening | TakingIn>;

/** DES-6, DES-11: one file at a time; a determination stays, and a new file names it. */
function open({ files, determinations }: Matter, command: Opening, { leftAt }: Facts): Decided {
  if (leftAt !== null) return refuse(refusals.engagementLeft);
  if (files.some(({ determination }) => determination === null)) return refuse(refusals.fileOpen);
  const { act, file, rule } = command;
  const newest = determinations.at(-1)?.id ?? null;
  if (act === 'open-file' && newest !== null) return refuse(refusals.alreadyDetermined);
  const former = act === 're-examine' ? command.former : null;
  if (former !== newest) return refuse(refusals.notTheNewest);
  return ok([{ act: 'designate.file-opened', file, rule, former }]);
}

function inFile(matter: Matter, command: InFile, facts: Facts): Decided {
  const file = matter.files.find(({ id }) => id === command.file);
  // The door answers for what is not there.
  if (file === undefined) throw new Error('expected a file of this engagement');
  switch (command.act) {
    case 'dissent': {
      if (file.dissents >= most.dissents) return refuse(refusals.tooMany);
      return ok([{ act: 'designate.dissented', file: file.id }]);
    }
    case 'tell':
      return tell(file, command);
    case 'attach-run':
    case 'evaluate':
    case 'record-consultation':
    case 'enter-determination': {
      if (facts.leftAt !== null) return refuse(refusals.engagementLeft);
      if (file.determination !== null) return refuse(refusals.determined);
      return whileOpen(matter, file, { command, facts });
    }
  }
}

type WhileOpen = Exclude<InFile, { act: 'dissent' | 'tell' }>;

function whileOpen(
  matter: Matter,
  file: DesignationFile,
  { command, facts }: { readonly command: WhileOpen; readonly facts: Facts },
): Decided {
  switch (command.act) {
    case 'attach-run':
      return attach(file, command);
    case 'evaluate':
      return evaluate(file, command);
    case 'record-consultation':
      return consult(file, command, facts.now);
    case 'enter-determination':
      if (!facts.official) return refuse(refusals.officialAlone);
      return determine(matter, file, { command, now: facts.now });
  }
}

/** DES-4: the rule was in the log before the run began, and says which runs it judges. */
function attach(
  file: DesignationFile,
  { run, rule }: Extract<Command, { act: 'attach-run' }>,
): Decided {
  const judging = committed(file, rule);
  if (!judging.ok) return judging;
  const { suite, budget, committedAt } = judging.value;
  if (file.runs.some((each) => each.run === run.run)) return refuse(refusals.alreadyAttached);
  if (file.runs.length >= most.runs) return refuse(refusals.tooMany);
  if (!run.takenIn) return refuse(refusals.runNotTakenIn);
  if (run.suite !== suite) return refuse(refusals.otherSuite);
  if (run.budget !== budget) return refuse(refusals.otherBudget);
  if (run.beganAt <= committedAt) return refuse(refusals.runBeforeRule);
  if (file.runs.some(({ model }) => model !== run.model)) return refuse(refusals.otherModel);
  const { run: id, model } = run;
  return ok([{ act: 'designate.run-attached', file: file.id, run: id, model }]);
}

function committed(
  file: DesignationFile,
  rule: RuleFacts | null,
): Result<RuleFacts & { readonly committedAt: Instant }, 'no-rule' | 'rule-not-committed'> {
  if (rule === null || file.rule !== rule.id) return refuse(refusals.noRule);
  const { committedAt } = rule;
  if (committedAt === null) return refuse(refusals.ruleNotCommitted);
  return ok({ ...rule, committedAt });
}

/** DES-5: of every attached run, repeated as the rule says, by where the whole interval lies. */
function evaluate(file: DesignationFile, command: Extract<Command, { act: 'evaluate' }>): Decided {
  const { evaluation, rule, runs, fewest, outcome, digest } = command;
  if (rule === null || file.rule !== rule.id) return refuse(refusals.noRule);
  if (runs.length === 0 || !isSame(runs, file)) return refuse(refusals.noRuns);
  if (fewest < rule.repetitions) return refuse(refusals.repetitionsMissing);
  if (outcome === null) return refuse(refusals.noEstimate);
  const said = { evaluation, rule: rule.id, runs, outcome, digest };
  return ok([{ act: 'designate.evaluated', file: file.id, ...said }]);
}

function isSame(runs: readonly string[], file: DesignationFile): boolean {
  const attached = new Set<string>(file.runs.map(({ run }) => run));
  return attached.size === runs.length && runs.every((run) => attached.has(run));
}

/** DES-8: date and reference, and nothing of what was said. */
function consult(
  file: DesignationFile,
  command: Extract<Command, { act: 'record-consultation' }>,
  now: Instant,
): Decided {
  const { consultation, office, date, reference } = command;
  if (file.consultations[office] !== undefined) return refuse(refusals.alreadyConsulted);
  if (isAhead(date, now)) return refuse(refusals.dateAhead);
  const said = { consultation, office, date, reference };
  return ok([{ act: 'designate.consulted', file: file.id, ...said }]);
}

/** DES-9: once all three were consulted, and on no earlier day. */
function determine(
  { determinations }: Matter,
  file: DesignationFile,
  given: {
    readonly command: Extract<Command, { act: 'enter-determination' }>;
    readonly now: Instant;
  },
): Decided {
  const { determination, outcome, date, reference } = given.command;
  const entering = mayEnter(determinations, {
    outcome,
    date,
    days: consultedOffices.map((office) => file.consultations[office]),
    now: given.now,
  });
  if (!entering.ok) return entering;
  const { id, former } = file;
  const said = { determination, outcome, date, reference, former, bundle: null };
  return ok([{ act: 'designate.determined', file: id, ...said }]);
}

interface Entering {
  readonly outcome: DeterminationOutcome;
  readonly date: string;
  /** On which the offices were consulted; undefined: one was not. */
  readonly days: readonly (string | undefined)[];
  readonly now: Instant;
}

/** DES-9: what holds of every determination, entered here or carried here. */
function mayEnter(
  determinations: Matter['determinations'],
  { outcome, date, days, now }: Entering,
): Result<null, Code> {
  const consulted = days.flatMap((day) => day ?? []);
  if (consulted.length < days.length) return refuse(refusals.consultationMissing);
  if ([date, ...consulted].some((day) => isAhead(day, now))) return refuse(refusals.dateAhead);
  if (consulted.some((day) => day > date)) return refuse(refusals.dateBeforeConsultation);
  if (outcome === 'withdrawn' && determinations.at(-1)?.outcome !== 'covered') {
    return refuse(refusals.nothingToWithdraw);
  }
  return ok(null);
}

/** DES-13: what goes to the developer is chosen, and the choice stays in the file. */
function tell(file: DesignationFile, command: Extract<Command, { act: 'tell' }>): Decided {
  const { assessment, evaluation, parts } = command;
  if (!file.evaluations.includes(evaluation)) return refuse(refusals.noSuchEvaluation);
  if (file.assessments >= most.assessments) return refuse(refusals.tooMany);
  return ok([{ act: 'designate.told', file: file.id, assessment, evaluation, parts }]);
}

const carried =
  'take in the bundles of this engagement in their order; what is wrong in one is entered anew where it was signed';

/**
 * DES-16: what was determined on a system apart: its consultations, then its outcome, into the file
 * that is open or a new one. A bundle is taken in once, and none older than what is here.
 */
function takeIn({ files, determinations }: Matter, command: TakingIn, facts: Facts): Decided {
  if (facts.leftAt !== null) return refuse(refusals.engagementLeft);
  const { bundle, determination, outcome, date, reference } = command;
  if (determinations.some((each) => each.bundle === bundle)) {
    return refuse(refusals.alreadyTakenIn);
  }
  const newest = determinations.at(-1);
  if (newest !== undefined && date < newest.date) return refuse(refusals.goesBack);
  const started = files.find((each) => each.determination === null);
  const days = [
    ...Object.values(command.consultations).map((each) => each.date),
    ...Object.values(started?.consultations ?? {}),
  ];
  const entering = mayEnter(determinations, { outcome, date, days, now: facts.now });
  if (!entering.ok) return refuse({ ...entering.refusal, todo: carried, pointer: '/bundle' });
  const former = started === undefined ? (newest?.id ?? null) : started.former;
  const file = started?.id ?? command.file;
  const opening: readonly Event[] =
    started === undefined ? [{ act: 'designate.file-opened', file, rule: null, former }] : [];
  const missing = consultedOffices.filter((office) => started?.consultations[office] === undefined);
  const consulted = missing.map((office: ConsultedOffice): Event => {
    const { id: consultation, date: day } = command.consultations[office];
    return {
      act: 'designate.consulted',
      file,
      consultation,
      office,
      date: day,
      reference: null,
    };
  });
  const said = { determination, outcome, date, reference, former, bundle };
  return ok([...opening, ...consulted, { act: 'designate.determined', file, ...said }]);
}

/** A day has begun somewhere once it has in the zone furthest ahead, 14 hours before UTC. */
function isAhead(date: string, now: Instant): boolean {
  const furthest = new Date(Date.parse(now) + 14 * 3_600_000).toISOString();
  return date > furthest.slice(0, 10);
}
