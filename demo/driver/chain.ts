import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  collect,
  coordinate,
  correlate,
  discover,
  ProblemError,
  type Publication,
  prioritize,
  type ScoreStatement,
  validate,
  verify,
} from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Person } from './people.ts';
import type { Tell } from './progress.ts';

const demo = path.join(import.meta.dirname, '..');
const waitMs = 240_000;

/** One vulnerability of the demo: what is handed in, and what must come of it. */
export interface Story {
  readonly name: string;
  readonly recipe: string;
  readonly package: string;
  readonly version: string;
  readonly findings: readonly {
    readonly by: 'first' | 'second';
    readonly submission: (read: Read) => Promise<Record<string, unknown>>;
  }[];
  /** Seconds of fuzzing whose crash enters by itself; 0 for none. */
  readonly fuzzSeconds: number;
  readonly statement: ScoreStatement;
  readonly wrongPatch: string;
  readonly realPatch: string;
  readonly publication: Omit<Publication, 'patch' | 'creditFinders'>;
}

/** Reads a file of the demo, as text and as base64. */
export interface Read {
  text(name: string): Promise<string>;
  base64(name: string): Promise<string>;
}

export interface Cast {
  readonly coordinator: Person;
  readonly first: Person;
  readonly second: Person;
  readonly owner: Person;
}

export interface Told {
  readonly case: Id<'case'>;
  readonly findings: number;
  readonly standings: readonly string[];
  readonly joinedBy: readonly string[];
  readonly reproduced: string;
  readonly ssvc: string;
  readonly bod2604: string;
  readonly wrong: { readonly verdict: string; readonly reason: string };
  readonly real: { readonly verdict: string; readonly reason: string };
  readonly advisory: string;
  readonly fuzz: string | null;
}

const read: Read = {
  text: (name) => readFile(path.join(demo, name), 'utf8'),
  base64: async (name) => (await readFile(path.join(demo, name))).toString('base64'),
};

/** Takes one vulnerability the whole way, from the finders' hands to the published advisory. */
export async function tellStory(story: Story, cast: Cast, tell: Tell): Promise<Told> {
  const say = (line: string) => tell(`${story.name}: ${line}`);
  const submitted = await handIn(story, cast, say);
  const caseId = submitted.case;
  const fuzz = story.fuzzSeconds === 0 ? null : await runFuzzer(story, cast, say);
  const reproduced = await reproduce(story, cast, { caseId, say });
  const score = await cast.coordinator.write(`${story.name}:score`, prioritize.score, {
    params: { case: caseId },
    body: story.statement,
  });
  say(`scored: SSVC ${score.ssvc.decision}, BOD 26-04 ${score.bod2604.tier}`);
  await bringOwner(story, cast, { caseId, say });
  const wrong = await propose(story, cast, {
    caseId,
    file: story.wrongPatch,
    title: 'A first attempt',
    say,
  });
  const real = await propose(story, cast, {
    caseId,
    file: story.realPatch,
    title: 'The upstream fix',
    say,
  });
  const advisory = await publish(story, cast, { caseId, patch: real.patch, say });
  return {
    case: caseId,
    findings: submitted.standings.length,
    standings: submitted.standings,
    joinedBy: submitted.joinedBy,
    reproduced,
    ssvc: score.ssvc.decision,
    bod2604: score.bod2604.tier,
    wrong: { verdict: wrong.verdict, reason: wrong.reason },
    real: { verdict: real.verdict, reason: real.reason },
    advisory,
    fuzz,
  };
}

type Say = (line: string) => void;

async function handIn(story: Story, cast: Cast, say: Say) {
  const standings: string[] = [];
  const joinedBy: string[] = [];
  let caseId: Id<'case'> | null = null;
  for (const [i, { by, submission }] of story.findings.entries()) {
    const common = { recipe: story.recipe, package: story.package, version: story.version };
    const body = { ...common, ...(await submission(read)) };
    const answer = await cast[by].write(`${story.name}:finding:${i}`, collect.submit, {
      body: body as never, // checked by the server; the stories are written in its form
    });
    standings.push(answer.standing);
    joinedBy.push(...answer.joinedBy);
    caseId ??= answer.case;
    if (answer.case !== caseId)
      throw new Error(`${story.name}: finding ${i} opened a case of its own`);
    say(
      `${cast[by].name} handed in a finding: ${answer.standing}${answer.joinedBy.length > 0 ? `, by ${answer.joinedBy.join(' and ')}` : ''}`,
    );
  }
  if (caseId === null) throw new Error(`${story.name}: no case`);
  return { case: caseId, standings, joinedBy };
}

async function runFuzzer(story: Story, cast: Cast, say: Say): Promise<string> {
  const { campaign } = await cast.coordinator.write(`${story.name}:campaign`, discover.start, {
    body: { recipe: story.recipe, seconds: story.fuzzSeconds },
  });
  const ended = await cast.coordinator.until(
    discover.get,
    { params: { campaign } },
    {
      what: 'the fuzzing campaign',
      timeoutMs: waitMs,
      done: (c) => c.status === 'finished' || c.status === 'errored',
    },
  );
  if (ended.findings.length === 0)
    throw new Error(`${story.name}: the campaign found nothing: ${ended.detail}`);
  const text = `${ended.executions ?? '?'} executions, ${ended.crashes} crash`;
  say(`our own fuzzer: ${text}, handed in by itself`);
  return text;
}

async function reproduce(
  story: Story,
  cast: Cast,
  on: { caseId: Id<'case'>; say: Say },
): Promise<string> {
  const { members } = await cast.coordinator.read(correlate.findings, {
    params: { case: on.caseId },
  });
  const list = await cast.coordinator.until(
    validate.list,
    { params: { case: on.caseId } },
    {
      what: 'every validation',
      timeoutMs: waitMs,
      done: ({ items }) =>
        items.length >= members.length && items.every((v) => v.status === 'finished'),
    },
  );
  const bad = list.items.find((v) => v.verdict !== 'reproduced');
  if (bad !== undefined)
    throw new Error(`${story.name}: ${bad.verdict}: ${bad.reasons.join('; ')}`);
  const shares = list.items.map((v) => `${v.reproduced?.k}/${v.reproduced?.n}`).join(', ');
  const tier = list.items[0]?.tier ?? 'unknown';
  on.say(`reproduced ${shares} in the sandbox (${tier}), never on the control build`);
  return shares;
}

async function bringOwner(
  story: Story,
  cast: Cast,
  on: { caseId: Id<'case'>; say: Say },
): Promise<void> {
  const params = { case: on.caseId };
  await cast.coordinator.write(`${story.name}:owner`, coordinate.inviteOwner, {
    params,
    body: { party: cast.owner.party as never }, // branded by the contract, ours from its answer
  });
  await cast.owner.write(`${story.name}:hello`, coordinate.say, {
    params,
    body: { text: 'Thank you. We can reproduce it with your input and are working on a fix.' },
  });
  on.say('the owner was brought in and answered');
}

async function propose(
  story: Story,
  cast: Cast,
  on: { caseId: Id<'case'>; file: string; title: string; say: Say },
) {
  const params = { case: on.caseId };
  const { patch } = await cast.owner.write(`${story.name}:patch:${on.file}`, verify.propose, {
    params,
    body: { title: on.title, diff: await read.base64(on.file) },
  });
  const list = await cast.owner.until(
    verify.list,
    { params },
    {
      what: `the verification of ${on.file}`,
      timeoutMs: waitMs,
      done: ({ items }) => items.find((p) => p.id === patch)?.verification?.status === 'finished',
    },
  );
  const verification = list.items.find((p) => p.id === patch)?.verification;
  const verdict = verification?.verdict ?? 'none';
  const reason = verification?.reasons[0] ?? '';
  const tests =
    verification?.tests === null ? '' : `; the package's own tests: ${verification?.tests.patched}`;
  on.say(`patch "${on.title}": ${verdict} — ${reason}${tests}`);
  return { patch, verdict, reason };
}

/** For two seconds; anew where a server that was away came back when they were over. */
async function setEmbargo(
  story: Story,
  cast: Cast,
  params: { readonly case: Id<'case'> },
): Promise<string> {
  for (let tries = 1; ; tries++) {
    const endsAt = new Date(Date.now() + 2_000).toISOString();
    try {
      await cast.coordinator.write(`${story.name}:embargo:${tries}`, coordinate.setEmbargo, {
        params,
        body: { endsAt: endsAt as never, zone: 'America/New_York' }, // parsed by the contract on arrival
      });
      return endsAt;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'hour-passed') throw error;
    }
  }
}

async function publish(
  story: Story,
  cast: Cast,
  on: { caseId: Id<'case'>; patch: Id<'patch'>; say: Say },
): Promise<string> {
  const { distribute } = await import('@breakwater/contract');
  const params = { case: on.caseId };
  const before = await cast.coordinator.read(coordinate.get, { params });
  if (before.embargo.state === 'open') {
    const endsAt = await setEmbargo(story, cast, params);
    on.say(`embargo until ${endsAt}, set in the zone America/New_York`);
  }
  await cast.coordinator.until(
    coordinate.get,
    { params },
    {
      what: 'the embargo to end',
      timeoutMs: waitMs,
      done: (c) => c.embargo.state === 'ended',
    },
  );
  const { advisory } = await cast.coordinator.write(`${story.name}:publish`, distribute.publish, {
    params,
    body: { ...story.publication, patch: on.patch, creditFinders: true },
  });
  on.say(`published as ${advisory}`);
  return advisory;
}
