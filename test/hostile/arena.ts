import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openSandbox } from '../../apps/runner/src/sandbox/bubblewrap.ts';
import type {
  RunLimits,
  RunRecord,
  RunSpec,
  Sandbox,
} from '../../apps/runner/src/sandbox/sandbox.ts';

/** Set to run each attack longer and harder. */
export const long = process.env['BREAKWATER_LONG'] === '1';

const arenaLimits: RunLimits = {
  wallMs: long ? 10_000 : 1500,
  cpuSeconds: 60,
  memoryBytes: 64 << 20,
  processesMax: 32,
  fileBytesMax: 256 << 20,
  scratchBytes: 8 << 20,
  outputBytesMax: 64 << 10,
};

export interface Attack {
  readonly stdin?: string;
  readonly collect?: NonNullable<RunSpec['collect']>;
  readonly mounts?: RunSpec['mounts'];
  readonly profile?: RunSpec['profile'];
  readonly limits?: Partial<RunLimits>;
}

/** One sandbox for a test file, in which perl attacks run; after each, nothing of them may live. */
export class Arena {
  readonly mark = randomBytes(12).toString('hex');
  readonly #limitsBy: 'best' | 'rlimits';
  #sandbox: Sandbox | undefined;
  #scratch = '';

  constructor(limitsBy: 'best' | 'rlimits' = 'best') {
    this.#limitsBy = limitsBy;
    beforeAll(async () => {
      this.#scratch = await mkdtemp(join(tmpdir(), 'breakwater-arena-'));
      this.#sandbox = await openSandbox({ slots: 1, limitsBy: this.#limitsBy });
    });
    afterEach(() => expect(this.survivors()).toEqual([]));
    afterAll(async () => {
      await this.#sandbox?.close();
      await rm(this.#scratch, { recursive: true, force: true });
    });
  }

  get sandbox(): Sandbox {
    if (this.#sandbox === undefined) throw new Error('the arena is not open yet');
    return this.#sandbox;
  }

  fresh(): Promise<string> {
    return mkdtemp(join(this.#scratch, 'into-'));
  }

  perl(script: string, { limits, stdin, ...rest }: Attack = {}): Promise<RunRecord> {
    return this.sandbox.run({
      argv: ['/usr/bin/perl', '-e', script],
      env: { BREAKWATER_ARENA: this.mark },
      cwd: '/tmp',
      mounts: [],
      profile: 'target',
      fixedAddresses: true,
      ...rest,
      ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin) }),
      limits: { ...arenaLimits, ...limits },
    });
  }

  /** What a perl attack printed, its lines in order; the run itself must have ended well. */
  async lines(script: string, attack?: Attack): Promise<string[]> {
    const record = await this.perl(script, attack);
    const printed = Buffer.from(record.stdout).toString('utf8');
    const wrong = Buffer.from(record.stderr).toString('utf8');
    expect([wrong, record.ending]).toEqual(['', { kind: 'exited', code: 0 }]);
    return printed.split('\n').filter((line) => line !== '');
  }

  /** Processes on this host that carry the arena's mark in their first environment. */
  survivors(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(this.mark);
        } catch {
          return false;
        }
      });
  }
}
