import { release } from 'node:os';
import { type Base, bwrapArguments, resourceLimits } from './arguments.ts';
import { Collector } from './collect.ts';
import { pack } from './frames.ts';
import { endingOf, missingWall, networkEvidence, parseEvidence } from './record.ts';
import type { Capabilities, Ending, RunRecord, RunSpec } from './sandbox.ts';
import { assembleFilter } from './seccomp.ts';
import type { Programs, Slot } from './slot.ts';

export interface Ground {
  readonly slot: Slot;
  readonly base: Base;
  readonly programs: Programs;
  readonly capabilities: Capabilities;
}

/** Runs one command in a slot that is free; the whole tree is gone when it resolves. */
export async function performRun(
  ground: Ground,
  spec: RunSpec,
  signal?: AbortSignal,
): Promise<RunRecord> {
  const { slot } = ground;
  const output = { o: new Output(), e: new Output(), v: new Output(), s: new Output() };
  const collector =
    spec.collect === undefined ? null : new Collector(spec.collect.into, spec.collect);
  let stopped: Ending | null = null;
  const stop = (ending: Ending) => {
    stopped ??= ending;
    slot.send('K', new Uint8Array());
  };
  const started = performance.now();
  const clock = setTimeout(() => stop({ kind: 'timed-out' }), spec.limits.wallMs);
  const rescue = setTimeout(() => slot.stop(), spec.limits.wallMs + RESCUE_AFTER_MS);
  const abort = () => stop({ kind: 'aborted' });
  signal?.addEventListener('abort', abort, { once: true });
  slot.send('R', request(ground, spec));
  let exit: Exit | null = null;
  try {
    for (let frame = await slot.next(); frame !== null; frame = await slot.next()) {
      const { kind, body } = frame;
      if (kind === 'x') {
        exit = parseExit(body.toString('utf8'));
        break;
      }
      if (kind === 'o' || kind === 'e' || kind === 'v' || kind === 's') output[kind].add(body);
      if (kind === 'f') await collector?.begin(body);
      if (kind === 'd') await collector?.data(body);
      if (kind === 'k') {
        const [path = '', reason = ''] = body.toString('utf8').split('\0');
        collector?.skip(path, reason);
      }
    }
    await collector?.end();
  } finally {
    clearTimeout(clock);
    clearTimeout(rescue);
    signal?.removeEventListener('abort', abort);
  }
  const wallMs = performance.now() - started;
  const evidence = parseEvidence(output.v.bytes().toString('utf8'));
  return {
    ending: concludeEnding({ stopped, exit, evidence, stderr: output.e.bytes() }),
    stdout: output.o.bytes(),
    stderr: output.e.bytes(),
    stdoutTruncated: exit?.over === 'o',
    stderrTruncated: exit?.over === 'e',
    wallMs,
    peakMemoryBytes: null,
    collected: collector?.files ?? [],
    skipped: collector?.skipped ?? [],
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

const RESCUE_AFTER_MS = 3000;

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

function request(ground: Ground, spec: RunSpec): Buffer {
  const { collect } = spec;
  const flags = [spec.fixedAddresses ? '1' : '0', collect === undefined ? '0' : '1'];
  const environment = Object.entries(spec.env).map(([name, value]) => `${name}=${value}`);
  const instructions = pack([
    pack([ground.programs.machine]),
    pack(resourceLimits(spec)),
    pack(flags),
    pack(environment),
    pack(spec.argv),
  ]);
  return pack([
    bwrapArguments(spec, ground.base)
      .map((argument) => `${argument}\0`)
      .join(''),
    instructions,
    spec.stdin ?? new Uint8Array(),
    spec.profile,
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
}

function parseExit(text: string): Exit {
  const [kind = '', ...rest] = text.split('\t');
  if (kind !== 'status') return { signal: 0, code: 0, over: '', problem: rest.join(' ') };
  const [signal, code, ended = '', over = ''] = rest;
  const problem = ended === 'collect' ? `the collected directory: ${over}` : null;
  return {
    signal: Number(signal),
    code: Number(code),
    over: ended === 'over' ? over : '',
    problem,
  };
}

interface Findings {
  readonly stopped: Ending | null;
  readonly exit: Exit | null;
  readonly evidence: ReturnType<typeof parseEvidence>;
  readonly stderr: Buffer;
}

function concludeEnding({ stopped, exit, evidence, stderr }: Findings): Ending {
  if (stopped !== null) return stopped;
  if (exit === null) return { kind: 'failed', detail: 'the sandbox launcher ended early' };
  if (exit.problem !== null) return { kind: 'failed', detail: exit.problem };
  if (evidence.error !== null) return { kind: 'failed', detail: evidence.error };
  if (!evidence.ready) {
    const words = stderr.toString('utf8').trim().slice(0, 500);
    return { kind: 'failed', detail: `the sandbox did not come up: ${words}` };
  }
  const missing = missingWall(evidence);
  if (missing !== null) return { kind: 'failed', detail: missing };
  if (exit.over !== '') return { kind: 'output-limit' };
  if (exit.signal !== 0) {
    return { kind: 'failed', detail: `bwrap was killed by signal ${exit.signal}` };
  }
  return endingOf(exit.code);
}
