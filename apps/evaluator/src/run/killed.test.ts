import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memoryWorlds } from '../../test/memory-world.ts';
import { runAsked, runGiven } from '../../test/run-asked.ts';
import { journalOf, openLog, ownFolder } from '../../test/run-in-memory.ts';
import { type Asked, type Script, startScriptedModel } from '../../test/scripted-model.ts';
import { smallSuite } from '../../test/small-suite.ts';
import { solutionsOf } from '../../test/solutions.ts';
import { solving } from '../../test/tasks.ts';
import { beginRun, resumeRun } from './run.ts';

const program = path.resolve(import.meta.dirname, '../../test/run-process.ts');
const firstLight = path.resolve(import.meta.dirname, '../../../../suites/first-light');

interface Start {
  readonly how: 'begin' | 'resume';
  readonly folder: string;
  readonly suite: string;
  readonly endpoint: string;
  readonly where: 'memory' | 'sealed';
}

function start({ how, folder, suite, endpoint, where }: Start): ChildProcess {
  const words = [program, how, folder, suite, endpoint, where];
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Until it ends by itself, or is killed. */
async function ended(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  let out = '';
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (text: string) => {
    out += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, out };
}

/**
 * Runs a suite, and kills it so many times: by what the server is asked, before it answers, in the
 * middle of its answer or after it, at places that `chance` draws.
 */
async function runKilled(run: Omit<Start, 'how' | 'endpoint'> & Killing) {
  const { script, kills, chance, callsBetween } = run;
  let child: ChildProcess | null = null;
  let [left, calls, killAt] = [kills, 0, Math.floor(chance() * callsBetween) + 1];
  const kill = () => {
    left -= 1;
    [calls, killAt] = [0, Math.floor(chance() * callsBetween) + 1];
    child?.kill('SIGKILL');
  };
  const fault = () => {
    calls += 1;
    if (left === 0 || calls < killAt) return null;
    const when = chance();
    // Late: after the answer, while tools run or files are kept.
    if (when < 0.4) {
      setTimeout(kill, Math.floor(chance() * 30));
      calls = Number.NEGATIVE_INFINITY;
      return null;
    }
    kill();
    return { kind: 'cut', after: when < 0.7 ? 'request' : 'half' } as const;
  };
  await using model = await startScriptedModel({ ...script, fault });
  let how: Start['how'] = 'begin';
  for (let n = 0; n <= kills; n += 1) {
    child = start({ ...run, how, endpoint: model.openai });
    const end = await ended(child);
    if (end.code === 0) return { out: end.out, asked: [...model.asked], kills: kills - left };
    if (existsSync(path.join(run.folder, 'run.json'))) how = 'resume';
  }
  throw new Error(`it did not end after ${kills} kills`);
}

interface Killing {
  readonly script: Script;
  readonly kills: number;
  readonly chance: () => number;
  readonly callsBetween: number;
}

const all = { from: 0, limit: 1_000 };
const Told = z.looseObject({
  breakwater: z.looseObject({
    end: z.unknown(),
    spent: z.looseObject({
      messages: z.int(),
      tokens: z.int(),
      turns: z.int(),
      costMicros: z.int(),
    }),
    interruptions: z.int(),
    apart: z.looseObject({ tokens: z.int() }),
  }),
});

/** What may not differ between a run that was killed and one that was not. */
async function resultOf(folder: string) {
  const [place = ''] = globSync('*.eval', { cwd: folder });
  const log = await openLog(path.join(folder, place));
  const summaries = await log.summaries(all);
  if (!summaries.ok) throw new Error('no summaries');
  const samples: Record<string, unknown> = {};
  const apart = { interruptions: 0, tokens: 0 };
  for (const { id, epoch } of summaries.value.items) {
    const sample = await log.sample({ id, epoch });
    if (!sample.ok) throw new Error('no sample');
    const { head } = sample.value;
    const messages = await sample.value.messages(all);
    const events = await sample.value.events(all);
    if (!messages.ok || !events.ok) throw new Error('unreadable');
    const told = Told.parse(head.metadata).breakwater;
    apart.interruptions += told.interruptions;
    apart.tokens += told.apart.tokens;
    const { messages: count, tokens, turns, costMicros } = told.spent;
    samples[`${id} ${epoch}`] = {
      messages: messages.value.items.map(({ value }) => ({ ...value, id: null })),
      tools: events.value.items.flatMap(({ value }) =>
        value?.event === 'tool' ? [[value['function'], value['arguments'], value['result']]] : [],
      ),
      scores: head.scores,
      usage: head['model_usage'],
      spent: { count, tokens, turns, costMicros },
      end: told.end,
    };
  }
  return { status: log.status, samples, figures: log.header.results, apart };
}

/** Numbers that a test prints when it fails can be told again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('a run killed five times ends as one that was not', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const suite = await smallSuite(folder.path);
  const seed = Math.floor(Math.random() * 2 ** 32);
  const plain = path.join(folder.path, 'plain');
  const rough = path.join(folder.path, 'rough');
  const done = await beginRun(plain, runAsked(suite, model.openai), runGiven(memoryWorlds()));
  const killed = await runKilled({
    suite,
    where: 'memory',
    folder: rough,
    script: solving,
    callsBetween: 4,
    kills: 5,
    chance: seeded(seed),
  });
  expect(killed.kills).toBe(5);
  const { apart: none, ...expected } = await resultOf(plain);
  const { apart, ...result } = await resultOf(rough);
  expect(none).toEqual({ interruptions: 0, tokens: 0 });
  expect(result, `seed ${seed}`).toEqual(expected);
  expect(result.status).toBe('success');
  expect(apart.interruptions, `seed ${seed}`).toBeGreaterThan(0);
  // A run that is finished is told again, and nothing is asked.
  const again = await resumeRun(plain, runGiven(memoryWorlds()));
  expect(again).toEqual(done);
  expect(again).toMatchObject({ ok: true, value: { samples: 3, accuracy: 2 / 3, leaking: 0 } });
});

describe('a run that was stopped', () => {
  test('tells what was cut in flight, what ran in the background, and loses no answer', async () => {
    await using folder = await ownFolder();
    const suite = await smallSuite(folder.path);
    const stop = new AbortController();
    const fault = ({ turn }: Asked) => {
      if (turn !== 4 || stop.signal.aborted) return null;
      stop.abort(new Error('stopped by the test'));
      return { kind: 'silence' } as const;
    };
    await using model = await startScriptedModel({ ...solving, fault });
    const place = path.join(folder.path, 'run');
    const given = runGiven(memoryWorlds(), stop.signal);
    await expect(beginRun(place, runAsked(suite, model.openai), given)).rejects.toThrow('stopped');
    const names = globSync('samples/*', { cwd: place }).map((each) => path.basename(each));
    const before = await Promise.all(names.map((name) => journalOf(place, name)));
    const worlds = memoryWorlds();
    const done = await resumeRun(place, runGiven(worlds));
    expect(done).toMatchObject({ ok: true, value: { samples: 3, accuracy: 2 / 3 } });
    expect(worlds.opened.filter(({ isRestored }) => isRestored)).toHaveLength(2);
    const after = await Promise.all(names.map((name) => journalOf(place, name)));
    // What stood there stands there still.
    for (const [n, records] of before.entries()) {
      expect(after[n]?.slice(0, records.length)).toEqual(records);
    }
    const resumed = after.flat().filter(({ type }) => type === 'resumed');
    expect(resumed).toContainEqual(expect.objectContaining({ lost: ['listener'] }));
    const cut = resumed.flatMap((each) => z.array(z.unknown()).parse(each['cut']));
    expect(cut.length).toBeGreaterThan(0);
    const { apart } = await resultOf(place);
    expect(apart.tokens).toBeGreaterThan(0);
  });

  test('cannot be run by two at once, nor begun where it is', async () => {
    await using folder = await ownFolder();
    const suite = await smallSuite(folder.path);
    const place = path.join(folder.path, 'run');
    let second: unknown;
    const fault = async () => {
      second ??= await resumeRun(place, runGiven(memoryWorlds()));
      return null;
    };
    await using model = await startScriptedModel({ ...solving, fault });
    const asked = runAsked(suite, model.openai);
    expect(await beginRun(place, asked, runGiven(memoryWorlds()))).toMatchObject({ ok: true });
    expect(second).toMatchObject({ ok: false, refusal: { code: 'run-is-running' } });
    const third = await beginRun(place, asked, runGiven(memoryWorlds()));
    expect(third).toMatchObject({ ok: false, refusal: { code: 'run-exists' } });
  });

  test('is not resumed with another suite, a damaged journal or without its key', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel(solving);
    const suite = await smallSuite(folder.path);
    const place = path.join(folder.path, 'run');
    const given = runGiven(memoryWorlds());
    await beginRun(place, runAsked(suite, model.openai), given);
    const keyless = await resumeRun(place, { ...given, variable: () => undefined });
    expect(keyless).toMatchObject({ refusal: { code: 'key-missing' } });
    const journal = path.join(place, 'samples/task-0_epoch_1/journal.jsonl');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.replace('"type":"turn"', '"type":"turned"'));
    expect(await resumeRun(place, given)).toMatchObject({ refusal: { code: 'journal-damaged' } });
    // A last line that was cut off is dropped; what it told is done again.
    await writeFile(journal, text.slice(0, -20));
    expect(await resumeRun(place, given)).toMatchObject({ ok: true });
    await writeFile(path.join(suite, 'tasks/task-0/files/hint.txt'), 'another');
    expect(await resumeRun(place, given)).toMatchObject({ refusal: { code: 'suite-changed' } });
  });
});

const isLong = process.env['BREAKWATER_LONG'] === '1' && existsSync('/usr/bin/bwrap');
describe.skipIf(!isLong)('in sealed worlds (needs BREAKWATER_LONG=1 and bwrap)', () => {
  test('the twelve tasks, killed five times, end as when they were not', {
    timeout: 600_000,
  }, async () => {
    await using folder = await ownFolder();
    const seed = Math.floor(Math.random() * 2 ** 32);
    const chance = seeded(seed);
    const script = solutionsOf(firstLight);
    const base = { suite: firstLight, where: 'sealed', script, callsBetween: 6 } as const;
    const plain = path.join(folder.path, 'plain');
    const rough = path.join(folder.path, 'rough');
    await runKilled({ ...base, folder: plain, kills: 0, chance });
    const killed = await runKilled({ ...base, folder: rough, kills: 5, chance });
    expect(killed.kills).toBe(5);
    const { apart: _, ...expected } = await resultOf(plain);
    const { apart, ...result } = await resultOf(rough);
    expect(result, `seed ${seed}`).toEqual(expected);
    expect(Object.keys(result.samples)).toHaveLength(12);
    expect(apart.interruptions, `seed ${seed}`).toBeGreaterThan(0);
  });
});
