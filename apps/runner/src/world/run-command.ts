import { constants } from 'node:os';
import { pack } from '../sandbox/frames.ts';
import type { Line } from './line.ts';
import { insideCode, no } from './refusals.ts';
import type { Command, CommandOutcome, WorldLimits, WorldResult } from './world.ts';

export interface Order extends Command {
  /** The agent's commands are shut out of `/service`; the house's scripts are not. */
  readonly who: 'agent' | 'house';
  /** Takes what it says on descriptor 3; without it that is closed. */
  readonly report?: (bytes: Uint8Array) => void;
}

const STRINGS_BYTES_MAX = 1 << 20;
const STDIN_BYTES_MAX = 4 << 20;
const OUTPUT_BYTES_MAX = 16 << 20;
const WALL_MS_MAX = 24 * 3_600_000;

export const agentHome = '/home/agent';
const usual = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  HOME: agentHome,
  LANG: 'C.UTF-8',
  USER: 'nobody',
  TMPDIR: '/tmp',
  TERM: 'dumb',
};

/** Runs one command in its turn; the caller holds the line. */
export async function runCommand(
  line: Line,
  limits: WorldLimits,
  order: Order,
): Promise<WorldResult<CommandOutcome>> {
  const wrong = malformed(order);
  if (wrong !== null) return no('request-malformed', wrong);
  const environment = Object.entries({ ...usual, ...order.env });
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const started = performance.now();
  const answer = await line.ask(
    'c',
    [
      order.who === 'agent' ? '1' : '0',
      order.cwd ?? '/work',
      String(order.outputBytes),
      String(limits.cpuSeconds),
      String(limits.processesMax),
      order.report === undefined ? '' : '1',
      order.stdin ?? new Uint8Array(),
      pack(environment.map(([name, value]) => `${name}=${value}`)),
      pack(order.argv),
    ],
    {
      killAfterMs: order.wallMs,
      take: ({ kind, body }) => {
        // a frame is a view into a larger chunk, which must not be kept alive
        const bytes = Uint8Array.from(body);
        if (kind === 'o') out.push(bytes);
        if (kind === 'e') err.push(bytes);
        if (kind === 's') order.report?.(bytes);
      },
    },
  );
  if (!answer.ok) return answer;
  const wallMs = performance.now() - started;
  const { verdict, fields } = answer.value;
  if (verdict === 'refused') return no(insideCode(fields[0] ?? ''), fields[1] ?? '');
  const lost = verdict === 'lost';
  const [code, signal, outOver, errOver] = lost ? [0, constants.signals.SIGKILL] : fields;
  const name = signalName(Number(signal));
  return {
    ok: true,
    value: {
      exitCode: name === null ? Number(code) : null,
      signal: name,
      stdout: Buffer.concat(out),
      stderr: Buffer.concat(err),
      stdoutTruncated: outOver === '1',
      stderrTruncated: errOver === '1',
      timedOut: wallMs >= order.wallMs && name === 'SIGKILL',
      wallMs,
    },
  };
}

function signalName(signal: number): string | null {
  if (signal === 0) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? `signal ${signal}`;
}

function malformed({ argv, env = {}, cwd = '/work', stdin, wallMs, outputBytes }: Order) {
  const strings = [...argv, ...Object.entries(env).flat(), cwd];
  const bytes = strings.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (strings.some((text) => text.includes('\0'))) return 'a string with a NUL in it';
  if (bytes > STRINGS_BYTES_MAX) return `${bytes} bytes of strings, over ${STRINGS_BYTES_MAX}`;
  if (argv[0] === '') return 'an empty name of a program';
  if (Object.keys(env).some((name) => !/^[^=]+$/.test(name))) return 'a variable without a name';
  if (!cwd.startsWith('/')) return `the working directory ${cwd}, which is not absolute`;
  if ((stdin?.length ?? 0) > STDIN_BYTES_MAX) return `standard input over ${STDIN_BYTES_MAX} bytes`;
  if (!isCount(wallMs, WALL_MS_MAX)) return `wallMs ${wallMs}, not from 1 to ${WALL_MS_MAX}`;
  if (!isCount(outputBytes, OUTPUT_BYTES_MAX)) {
    return `outputBytes ${outputBytes}, not from 1 to ${OUTPUT_BYTES_MAX}`;
  }
  return null;
}

function isCount(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= max;
}
