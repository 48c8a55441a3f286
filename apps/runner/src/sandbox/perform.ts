import { release } from 'node:os';
import { type Base, bwrapArguments, resourceLimits } from './arguments.ts';
import { Collector } from './collect.ts';
import { pack } from './frames.ts';
import { watchMemory } from './memory-watch.ts';
import { type Evidence, endingOf, missingWall, networkEvidence, parseEvidence } from './record.ts';
import type { Capabilities, Ending, RunRecord, RunSpec } from './sandbox.ts';
import { assembleFilter } from './seccomp.ts';
import type { Programs, Slot } from './slot.ts';
import { groupLimits } from './slot-group.ts';

export interface Ground {
  readonly slot: Slot;
  readonly base: Base;
  readonly programs: Programs;
  readonly capabilities: Capabilities;
}

/** Past the clock the launcher has this long to end its run, before it is ended with it. */
const RESCUE_AFTER_MS = 3000;

/** Runs one command in a slot that is free; the whole tree is gone when it resolves. */
export async function performRun(
  ground: Ground,
  spec: RunSpec,
  signal?: AbortSignal,
): Promise<RunRecord> {
  const { group } = ground.slot;
  group?.prepare(groupLimits(spec.limits, spec.stdin?.length ?? 0));
  const killsBefore = group?.read().outOfMemoryKills ?? 0;
  const started = performance.now();
  const seen = await converse(ground, spec, signal);
  const wallMs = performance.now() - started;
  // a launcher that is gone or confused proves nothing: its group must be emptied first
  if (seen.exit === null || seen.exit.confused) await ground.slot.destroy();
  const reading = group?.read();
  const evidence = parseEvidence(seen.output.v.bytes().toString('utf8'));
  const stderr = seen.output.e.bytes();
  const outOfMemory = (reading?.outOfMemoryKills ?? 0) > killsBefore;
  return {
    ending: concludeEnding({ ...seen, outOfMemory, evidence, stderr }),
    stdout: seen.output.o.bytes(),
    stderr,
    stdoutTruncated: seen.exit?.over === 'o',
    stderrTruncated: seen.exit?.over === 'e',
    wallMs,
    peakMemoryBytes: reading?.peakMemoryBytes ?? null,
    collected: seen.collector?.files ?? [],
    skipped: seen.collector?.skipped ?? [],
    evidence: {
      capabilities: ground.capabilities,
      seccompSha256: assembleFilter(spec.profile, ground.programs.machine).sha256,
      kernel: release(),
      network: networkEvidence(evidence),
      status: evidence.status,
      limits: spec.limits,
    },
  };
}

interface Seen {
  readonly output: Record<'o' | 'e' | 'v', Output>;
  readonly collector: Collector | null;
  readonly stopped: Ending | null;
  /** Null when the launcher died under way. */
  readonly exit: Exit | null;
}

/** Sends the request, and listens until the run or its launcher is over. */
async function converse({ slot, base, programs }: Ground, spec: RunSpec, signal?: AbortSignal) {
  const output = { o: new Output(), e: new Output(), v: new Output() };
  const collector =
    spec.collect === undefined ? null : new Collector(spec.collect.into, spec.collect);
  let stopped: Ending | null = null;
  const stop = (ending: Ending) => {
    stopped ??= ending;
    slot.send('K', new Uint8Array());
  };
  const clock = setTimeout(() => stop({ kind: 'timed-out' }), spec.limits.wallMs);
  const rescue = setTimeout(() => void slot.destroy(), spec.limits.wallMs + RESCUE_AFTER_MS);
  const abort = () => stop({ kind: 'aborted' });
  signal?.addEventListener('abort', abort, { once: true });
  let unwatch = () => {};
  let exit: Exit | null = null;
  slot.send('R', request(spec, base, programs));
  // a signal already given is no event any more
  if (signal?.aborted === true) abort();
  try {
    for (let frame = await slot.next(); frame !== null; frame = await slot.next()) {
      const { kind, body } = frame;
      if (kind === 'x') {
        exit = parseExit(body.toString('utf8'));
        break;
      }
      if (kind === 'o' || kind === 'e' || kind === 'v') output[kind].add(body);
      else if (kind === 'p') {
        slot.tree = Number(body.toString());
        const over = () => stop({ kind: 'out-of-memory' });
        if (slot.group === null) unwatch = watchMemory(slot.tree, spec.limits.memoryBytes, over);
      } else await collector?.take(kind, body);
    }
    await collector?.end();
  } finally {
    await collector?.abandon();
    clearTimeout(clock);
    clearTimeout(rescue);
    unwatch();
    signal?.removeEventListener('abort', abort);
  }
  return { output, collector, stopped, exit } satisfies Seen;
}

class Output {
  readonly #parts: Buffer[] = [];
  add(part: Buffer): void {
    // a frame is a view into a larger chunk, which must not be kept alive or overwritten
    this.#parts.push(Buffer.from(part));
  }
  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function request(spec: RunSpec, base: Base, programs: Programs): Buffer {
  const { collect } = spec;
  const flags = [spec.fixedAddresses ? '1' : '0', collect === undefined ? '0' : '1'];
  const environment = Object.entries(spec.env).map(([name, value]) => `${name}=${value}`);
  const instructions = pack([
    pack([programs.machine]),
    pack(resourceLimits(spec)),
    pack(flags),
    pack(environment),
    pack(spec.argv),
  ]);
  return pack([
    bwrapArguments(spec, base)
      .map((argument) => `${argument}\0`)
      .join(''),
    instructions,
    spec.stdin ?? new Uint8Array(),
    spec.profile,
    String(spec.limits.wallMs),
    String(spec.limits.outputBytesMax),
    collect?.target ?? '',
    ...(collect === undefined
      ? []
      : [collect.filesMax, collect.bytesMax, collect.depthMax].map(String)),
  ]);
}

interface Exit {
  readonly signal: number;
  readonly code: number;
  readonly over: string;
  readonly problem: string | null;
  /** The launcher's own clock ended it, ours being late. */
  readonly late: boolean;
  /** The launcher itself went wrong, so what it says of its children cannot be relied on. */
  readonly confused: boolean;
}

/** The launcher's last line of a run: `status TAB signal TAB code TAB ended [TAB detail]`. */
function parseExit(text: string): Exit {
  const [kind = '', ...rest] = text.split('\t');
  if (kind !== 'status') {
    return { signal: 0, code: 0, over: '', problem: rest.join(' '), late: false, confused: true };
  }
  const [signal, code, ended = '', detail = ''] = rest;
  const problem = ended === 'collect' ? `the collected directory: ${detail}` : null;
  const over = ended === 'over' ? detail : '';
  const late = ended === 'late';
  return { signal: Number(signal), code: Number(code), over, problem, late, confused: false };
}

interface Findings extends Pick<Seen, 'stopped' | 'exit'> {
  readonly evidence: Evidence;
  readonly stderr: Buffer;
  readonly outOfMemory: boolean;
}

function concludeEnding({ stopped, exit, evidence, stderr, outOfMemory }: Findings): Ending {
  if (evidence.error !== null) return { kind: 'failed', detail: evidence.error };
  const missing = evidence.ready ? missingWall(evidence) : null;
  if (missing !== null) return { kind: 'failed', detail: missing };
  // from the group's own count: the kernel may have killed bwrap or the launcher instead
  if (outOfMemory) return { kind: 'out-of-memory' };
  if (stopped !== null) return stopped;
  if (exit === null) return { kind: 'failed', detail: 'the sandbox launcher ended early' };
  if (exit.problem !== null) return { kind: 'failed', detail: exit.problem };
  if (!evidence.ready) {
    const words = stderr.toString('utf8').trim().slice(0, 500);
    return { kind: 'failed', detail: `the sandbox did not come up: ${words}` };
  }
  if (exit.late) return { kind: 'timed-out' };
  if (exit.over !== '') return { kind: 'output-limit' };
  if (exit.signal !== 0) {
    return { kind: 'failed', detail: `bwrap was killed by signal ${exit.signal}` };
  }
  return endingOf(exit.code);
}
