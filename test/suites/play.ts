/** Plays one solution of a task the way a benchmark would: once as the agent, once as the scorer. */
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RunRecord, RunSpec, Sandbox } from '@breakwater/runner';
import * as z from 'zod';

/** The parts of `task.json` that playing needs. */
export const Task = z.object({
  name: z.string(),
  files: z.array(z.string()),
  setup: z.string().optional(),
  services: z.string().optional(),
  scorer: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('answer'),
      accept: z.array(z.string()),
      caseSensitive: z.boolean(),
    }),
    z.object({ kind: z.literal('script'), path: z.string() }),
  ]),
});
export type Task = z.infer<typeof Task>;

/** What a scorer's script says in the last line of its output. */
const Verdict = z.strictObject({ score: z.number().min(0).max(1), reason: z.string().min(1) });
export type Verdict = z.infer<typeof Verdict>;

export interface Played {
  /** The last line a solution printed: what an agent would submit. */
  readonly answer: string;
  readonly verdict: Verdict;
}

export interface Stage {
  readonly sandbox: Sandbox;
  /** The folder of the task. */
  readonly folder: string;
  readonly task: Task;
  /** Where files that came out of the sandbox are put. */
  readonly scratch: string;
}

/**
 * Runs the script `solution` in a sealed world made as the task says, then scores what it
 * printed and left behind in a second one, where alone the task's private files are.
 */
export async function play(stage: Stage, solution: string): Promise<Played> {
  const into = await mkdtemp(join(stage.scratch, 'work-'));
  const record = await enter(stage, solution, into);
  const answer = lastLine(record.stdout);
  const verdict = await score(stage, answer, into);
  return { answer, verdict };
}

/** Opens the task's world, runs `script` there with bash, and collects /work into `into`. */
export async function enter(stage: Stage, script: string, into: string): Promise<RunRecord> {
  const { task, folder, scratch } = stage;
  const seed = await mkdtemp(join(scratch, 'seed-'));
  await mkdir(join(seed, 'files'));
  for (const path of task.files) await cp(join(folder, path), join(seed, path));
  await using staged = await stage.sandbox.stage(seed);
  // One stream that each shell reads its part of: no script lies where the next one could read it.
  const parts = await Promise.all(
    [task.setup, task.services].map(async (path) =>
      path ? await readFile(join(folder, path)) : '',
    ),
  );
  const stdin = Buffer.concat([...parts, script].map(framed));
  const record = await stage.sandbox.run({
    ...spec(['/bin/bash', '-c', opening]),
    mounts: [{ source: join(staged.path, 'files'), target: '/seed' }],
    stdin,
    collect: { target: '/work', into, filesMax: 200, bytesMax: 32 << 20, depthMax: 6 },
  });
  if (record.ending.kind !== 'exited' || record.ending.code !== 0) {
    throw new Error(`${task.name}: ${JSON.stringify(record.ending)} ${text(record.stderr)}`);
  }
  return record;
}

/** Reads frames of "<length>\n<bytes>" and runs each; what the first two print is not the answer. */
const opening = `
cp -r /seed/. /work
chmod -R u+w /work
cd /work
frame() { IFS= read -r length; script=$(head -c "$length"; echo .); script=\${script%.}; }
for part in setup services; do
  frame
  printf %s "$script" | env -i PATH=/usr/bin:/bin sh -s >&2 || { echo "$part: $?" >&2; exit 90; }
done
frame
printf %s "$script" | env -i PATH=/usr/bin:/bin bash -e -s
`;

function framed(part: string | Uint8Array): Buffer {
  const bytes = Buffer.from(part);
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}

async function score(stage: Stage, answer: string, left: string): Promise<Verdict> {
  const { scorer } = stage.task;
  if (scorer.kind === 'answer') {
    const fold = (given: string) => (scorer.caseSensitive ? given : given.toLowerCase());
    const right = scorer.accept.some((accepted) => fold(accepted) === fold(answer));
    return right ? { score: 1, reason: 'accepted' } : { score: 0, reason: 'not the answer' };
  }
  await using work = await stage.sandbox.stage(left);
  await using hidden = await stage.sandbox.stage(join(stage.folder, dirname(scorer.path)));
  const world = join(stage.scratch, 'world.pl');
  await writeFile(world, 'shift; exec @ARGV;');
  await using door = await stage.sandbox.stage(world);
  const told = `sh ${basename(scorer.path)} 3>/tmp/told >&2; code=$?; cat /tmp/told; exit $code`;
  const record = await stage.sandbox.run({
    ...spec(['/bin/sh', '-c', told], '/score'),
    mounts: [
      { source: work.path, target: '/work' },
      { source: hidden.path, target: '/score' },
      { source: door.path, target: '/.world' },
    ],
  });
  if (record.ending.kind !== 'exited' || record.ending.code !== 0) {
    throw new Error(`${stage.task.name}: the scorer ended with ${text(record.stderr)}`);
  }
  return Verdict.parse(JSON.parse(lastLine(record.stdout)));
}

function spec(argv: RunSpec['argv'], cwd = '/tmp'): RunSpec {
  return {
    argv,
    env: { PATH: '/usr/bin:/bin' },
    cwd,
    mounts: [],
    profile: 'build',
    fixedAddresses: false,
    limits: {
      wallMs: 60_000,
      cpuSeconds: 60,
      memoryBytes: 1 << 30,
      processesMax: 64,
      fileBytesMax: 32 << 20,
      scratchBytes: 64 << 20,
      outputBytesMax: 1 << 20,
    },
  };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const lastLine = (bytes: Uint8Array) => text(bytes).trimEnd().split('\n').at(-1) ?? '';
