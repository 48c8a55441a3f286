import { z } from 'zod';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { BlobStore } from './blobs.ts';
import type { Manifest } from './manifest.ts';
import { openBare, usualLimits } from './open-world.ts';
import { no } from './refusals.ts';
import type { CommandOutcome, Script, SeedFile, WorldLimits, WorldResult } from './world.ts';

/**
 * What `scoreIn` is asked. The scorer runs in a fresh world with the kept files in their places and
 * the services started again; no process of the agent is there.
 *
 * The scorer is a script for the host's own /bin/sh, started in `/score` with `PATH=/usr/bin:/bin`
 * and `HOME=/score`; its private files are below `/score`, and `answer` is `/score/answer`.
 * It prints its result as one line of JSON on descriptor 3: `{"score": 0..1, "reason": "…"}`, as by
 * `echo '{"score": 1, "reason": "flag found"}' >&3`. No line, or two, is no score.
 * A program of the agent is started by `/usr/bin/perl /.world agent PROGRAM ARGUMENT…`, which
 * closes descriptor 3 and lets it see neither `/score` nor `/service` nor the scorer's process.
 */
export interface ScoreRequest {
  readonly name: string;
  readonly kept: { readonly manifest: Manifest; readonly store: BlobStore };
  readonly scorer: Script;
  readonly answer?: Uint8Array;
  readonly files?: readonly SeedFile[];
  readonly services?: Script;
  readonly limits?: Partial<WorldLimits>;
  /** Of each of stdout and stderr. Default 64 KiB. */
  readonly outputBytes?: number;
}

export interface Score {
  /** From 0 to 1. */
  readonly score: number;
  /** At most 2,000 characters. */
  readonly reason: string;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

const usualOutputBytes = 64 << 10;
const REPORT_BYTES_MAX = 64 << 10;
const Report = z.strictObject({
  score: z.number().min(0).max(1),
  reason: z.string().max(2000).default(''),
});

/** Scores kept files in a fresh world, which is gone when it resolves. */
export async function scoreIn(
  sandbox: Sandbox,
  request: ScoreRequest,
): Promise<WorldResult<Score>> {
  const limits = { ...usualLimits, ...request.limits };
  const opened = await openBare(sandbox, { name: request.name, limits, private: '/score' });
  if (!opened.ok) return opened;
  const world = opened.value;
  try {
    const { services, files = [], kept, answer } = request;
    const filled = await world.fill({ files, services, restore: kept });
    if (!filled.ok) return filled;
    const answered = answer === undefined ? [] : [{ path: 'answer', bytes: answer }];
    const scorer = { ...request.scorer, files: [...(request.scorer.files ?? []), ...answered] };
    const reports: Uint8Array[] = [];
    const outputBytes = request.outputBytes ?? usualOutputBytes;
    const report = (bytes: Uint8Array) => void reports.push(bytes);
    const outcome = await world.script(scorer, '/score', {}, { report, outputBytes });
    if (!outcome.ok) return outcome;
    return judge(outcome.value, Buffer.concat(reports).toString('utf8'));
  } finally {
    await world.close();
  }
}

/** The one line that a scorer says, whatever its exit code. */
function judge(outcome: CommandOutcome, said: string): WorldResult<Score> {
  const { stdout, stderr, timedOut } = outcome;
  const words = Buffer.from(stderr).toString('utf8').slice(-300);
  if (timedOut) return no('scorer-failed', 'a scorer whose time was up');
  const lines = said.split('\n').filter((line) => line !== '');
  const [line] = lines;
  if (line === undefined) return no('scorer-failed', `no line: ${words}`);
  if (lines.length > 1 || said.length >= REPORT_BYTES_MAX) {
    return no(
      'scorer-failed',
      `${lines.length} lines, of which none can be told to be the scorer's`,
    );
  }
  const report = Report.safeParse(parseJson(line));
  if (!report.success) return no('scorer-failed', `the line ${line.slice(0, 200)}`);
  return { ok: true, value: { ...report.data, stdout, stderr } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
