import type { RunRecord } from '../../../apps/runner/src/sandbox/sandbox.ts';
import type { Attack } from '../arena.ts';
import type { ControlKind } from './control.ts';
import type { Ring } from './ring.ts';

/** What came of an attempt: whether it got what it wanted, and in which words. */
export interface Outcome {
  readonly succeeded: boolean;
  readonly said: string;
}

/**
 * One way to do harm. It must fail against us; its control is the same with the wall taken away,
 * and must succeed, or the attempt proves nothing.
 */
export interface Attempt {
  /** Of the table: `what it wants`, unique. */
  readonly name: string;
  readonly attack: (ring: Ring) => Promise<Outcome>;
  /** A text says why nobody should or can take the wall away. Null: this host lacks what it needs. */
  readonly control: string | ((ring: Ring) => Promise<Outcome | null>);
}

/** Attempts of one kind, as the table groups them. */
export interface AttemptClass {
  readonly title: string;
  readonly attempts: readonly Attempt[];
}

export const held = (said: string): Outcome => ({ succeeded: false, said: `held ${said}` });
export const got = (said: string): Outcome => ({ succeeded: true, said: `SUCCEEDED ${said}` });

/** What a script printed as its last word, whether `held …` or `SUCCEEDED …`. */
export function told(printed: string, otherwise: string): Outcome {
  const line = /^SUCCEEDED.*$/m.exec(printed)?.[0];
  if (line !== undefined) return { succeeded: true, said: line };
  const held = /^held.*$/m.exec(printed)?.[0];
  return { succeeded: false, said: held ?? `no answer: ${otherwise}` };
}

/** What a run in the sandbox came to: by its word, or by `ends`, the wall it should run into. */
export function judged({ stdout, stderr, ending }: RunRecord, ends?: string): Outcome {
  const words = `${JSON.stringify(ending)} ${Buffer.from(stderr).toString().slice(0, 300)}`;
  const outcome = told(Buffer.from(stdout).toString(), words);
  if (outcome.succeeded) return outcome;
  if (ends === undefined) {
    return ending.kind === 'exited' && ending.code === 0
      ? outcome
      : { succeeded: false, said: `no answer: ${words}` };
  }
  const code = 'signal' in ending ? ending.signal : ending.kind;
  return ends.split('|').includes(code) ? held(`by ${code}`) : { succeeded: false, said: words };
}

export interface Scripted extends Attack {
  /** The ends that show that it was stopped, parted by bars; default: it says so itself. */
  readonly ends?: string;
}

/** A script in perl that is tried inside, and as a control in another place. */
export function scripted(
  name: string,
  script: string,
  control: ControlKind | { readonly none: string },
  { ends, ...attack }: Scripted = {},
): Attempt {
  return {
    name,
    attack: async (ring) => judged(await ring.inside(script, attack), ends),
    control: typeof control === 'string' ? (ring) => ring.control(control, script) : control.none,
  };
}

/** A script that wants more than it may have, and as a control the same with more allowed. */
export function greedy(
  name: string,
  script: string,
  { ends, limits, more }: Scripted & { readonly more: Attack['limits'] },
): Attempt {
  const tight = { limits: { wallMs: 20_000, ...limits } };
  const loose = { limits: { wallMs: 20_000, ...limits, ...more } };
  return {
    name,
    attack: async (ring) => judged(await ring.inside(script, tight), ends),
    control: async (ring) => judged(await ring.inside(script, loose)),
  };
}
