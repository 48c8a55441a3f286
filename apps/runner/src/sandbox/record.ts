import { constants } from 'node:os';
import type { Ending, RunEvidence } from './sandbox.ts';

export interface Evidence {
  readonly interfaces: string[];
  readonly attempts: { what: string; result: string }[];
  readonly status: Record<string, string>;
  /** Why the init step refused to start the target. */
  readonly error: string | null;
  /** The init step came to its end, so the target was started. */
  readonly ready: boolean;
}

/** Parses the init step's lines: `kind TAB name TAB value`. Unknown kinds are passed over. */
export function parseEvidence(text: string): Evidence {
  const found: Evidence = { interfaces: [], attempts: [], status: {}, error: null, ready: false };
  let error: string | null = null;
  let ready = false;
  for (const line of text.split('\n')) {
    const [kind, name = '', value = ''] = line.split('\t');
    if (kind === 'interface') found.interfaces.push(name);
    if (kind === 'attempt') found.attempts.push({ what: name, result: value });
    if (kind === 'status') found.status[name] = value;
    if (kind === 'error') error ??= `${name}: ${value}`;
    if (kind === 'ready') ready = true;
  }
  return { ...found, error, ready };
}

const ATTEMPTS_EXPECTED = 8;

/** Whether the evidence shows every wall standing; null when it does, else what is missing. */
export function missingWall(evidence: Evidence): string | null {
  if (evidence.attempts.length !== ATTEMPTS_EXPECTED)
    return 'the network was not tried from inside';
  const reached = evidence.attempts.find(({ result }) => !/^(connect|socket): ./.test(result));
  if (reached !== undefined) return `${reached.what} was ${reached.result}`;
  if (evidence.interfaces.some((name) => name !== 'lo')) {
    return `network interfaces are visible inside: ${evidence.interfaces.join(', ')}`;
  }
  if (evidence.status['Seccomp'] !== '2') return 'the system call filter is not active';
  if (evidence.status['NoNewPrivs'] !== '1') return 'new privileges could be gained';
  if (!/^0+$/.test(evidence.status['CapEff'] ?? '')) return 'capabilities are left';
  return null;
}

export function networkEvidence(evidence: Evidence): RunEvidence['network'] {
  const { interfaces, attempts } = evidence;
  return {
    interfaces,
    attempts,
    denied:
      attempts.length === ATTEMPTS_EXPECTED &&
      attempts.every(({ result }) => /^(connect|socket): ./.test(result)) &&
      interfaces.every((name) => name === 'lo'),
  };
}

/** bwrap tells a signal as 128+n, so the name is an inference and `code` is kept beside it. */
export function endingOf(code: number): Ending {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined
    ? { kind: 'exited', code }
    : { kind: 'signaled', code, signal: signal[0] };
}
