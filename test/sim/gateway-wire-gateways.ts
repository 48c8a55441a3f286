import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { Life } from './gateway-wire-seen.ts';

const program = path.resolve(import.meta.dirname, '../../apps/server/src/gateway.ts');
const before = ['gateway-wire-clock.ts', 'gateway-wire-mutant.ts'].flatMap((name) => [
  '--import',
  path.join(import.meta.dirname, name),
]);
/** Between two starts of one that ended at its start, as whatever supervises it would wait. */
const againMs = 200;

export interface GatewayOptions {
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  /** A fault that is put into its code, for gateway-wire-mutant.ts. */
  readonly mutant?: string | undefined;
}

/** A process of the gateway, beside others, as an operator starts it; and again once it is gone. */
export class GatewayProcess {
  readonly place: number;
  readonly port: number;
  readonly lives: Life[] = [];
  /** What it last said of faults. */
  errors = '';
  readonly #options: GatewayOptions;
  #child: ChildProcess | null = null;

  private constructor(place: number, port: number, options: GatewayOptions) {
    this.place = place;
    this.port = port;
    this.#options = options;
  }

  static async open(place: number, options: GatewayOptions): Promise<GatewayProcess> {
    const made = new GatewayProcess(place, await freePort(), options);
    await made.start();
    return made;
  }

  get isUp(): boolean {
    return this.#child !== null;
  }

  /** Starts it until it listens: without a database it ends by itself. */
  async start(): Promise<void> {
    for (;;) {
      const child = this.#spawn();
      const life = { ...this.#life(child), until: Infinity };
      this.lives.push(life);
      const ended = once(child, 'exit');
      const said = child.stdout === null ? ended : once(child.stdout, 'data');
      await Promise.race([said, ended]);
      if (child.exitCode === null && child.signalCode === null) {
        this.#child = child;
        return;
      }
      life.until = Date.now();
      life.failedToStart = true;
      await delay(againMs);
    }
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const ended = once(child, 'exit');
    const life = this.#current();
    life.wasKilled = true;
    child.kill('SIGKILL');
    await ended;
    life.until = Date.now();
  }

  /** Ends it in order; the code that it ended with. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    this.#child = null;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    this.#current().until = Date.now();
    return child.exitCode;
  }

  /** Sets its clock so much off; resolves once it goes by that. */
  async setClock(offsetMs: number): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const life = this.#current();
    const from = Date.now();
    const obeyed = once(child, 'message');
    child.send({ offsetMs }, () => {});
    await Promise.race([obeyed, once(child, 'exit')]);
    const last = life.shifts.at(-1);
    if (last !== undefined) last.until = Date.now();
    life.shifts.push({ offsetMs, from, until: Infinity });
  }

  #current(): Life {
    const life = this.lives.at(-1);
    if (life === undefined) throw new Error('expected a gateway that was started');
    return life;
  }

  #life(child: ChildProcess): Omit<Life, 'until'> {
    const from = Date.now();
    const first = { offsetMs: 0, from, until: Infinity };
    const ends = { wasKilled: false, failedToStart: false };
    return { gateway: this.place, pid: child.pid ?? 0, from, ...ends, shifts: [first] };
  }

  #spawn(): ChildProcess {
    const { dataDirectory, databaseUrl, mutant } = this.#options;
    const child = spawn(process.execPath, [...before, program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        BREAKWATER_GATEWAY_LISTEN: `127.0.0.1:${this.port}`,
        BREAKWATER_DATA_DIRECTORY: dataDirectory,
        BREAKWATER_LOG_LEVEL: 'error',
        BREAKWATER_GATEWAY_UPSTREAMS: '127.0.0.1',
        DATABASE_URL: databaseUrl,
        ...(mutant === undefined ? {} : { BREAKWATER_SIM_MUTANT: mutant }),
      },
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.errors = `${this.errors}${chunk.toString()}`.slice(-4_000);
    });
    return child;
  }
}
