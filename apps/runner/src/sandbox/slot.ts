import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Frame, pack, readFrames, writeFrame } from './frames.ts';
import { assembleFilter, type Machine } from './seccomp.ts';

const launcherText = readFileSync(new URL('./launcher.pl', import.meta.url), 'utf8');

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Whether we hold the right to become someone else, and must. */
  readonly drop: boolean;
}

export interface Programs {
  readonly bwrap: string;
  readonly machine: Machine;
}

/** One launcher: a process under the sandbox's user that starts bwrap, one run at a time. */
export class Slot {
  readonly #child: ChildProcess;
  readonly #frames: AsyncGenerator<Frame>;
  alive = true;
  readonly gone: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('launcher started without pipes');
    this.#frames = readFrames(child.stdout);
    child.stdin?.on('error', () => {});
    this.gone = new Promise((resolve) => {
      const end = () => {
        this.alive = false;
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
  }

  /** Starts a launcher and waits until it answers; throws when it does not. */
  static async start(identity: Identity, programs: Programs): Promise<Slot> {
    const launch = ['/usr/bin/perl', '-e', launcherText, programs.bwrap, programs.machine];
    const drop = [
      '/usr/bin/setpriv',
      ...['--reuid', String(identity.uid), '--regid', String(identity.gid), '--clear-groups'],
      ...['--no-new-privs', '--bounding-set', '-all', '--inh-caps', '-all', '--'],
    ];
    const [program = '', ...rest] = identity.drop ? [...drop, ...launch] : launch;
    const child = spawn(program, rest, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
    const slot = new Slot(child);
    const hello = await slot.next();
    if (hello?.kind !== 'h') throw new Error('the sandbox launcher did not start');
    for (const profile of ['target', 'build'] as const) {
      slot.send('F', pack([profile, assembleFilter(profile, programs.machine).program]));
    }
    return slot;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  send(kind: string, body: Uint8Array): void {
    if (this.#child.stdin !== null) writeFrame(this.#child.stdin, kind, body);
  }

  /** The launcher's next frame, or null when it is gone. */
  async next(): Promise<Frame | null> {
    const step = await this.#frames.next();
    return step.done === true ? null : step.value;
  }

  /** Closing its input ends the launcher and whatever it runs; SIGKILL ends it at once. */
  stop(): void {
    this.#child.stdin?.end();
    this.#child.kill('SIGKILL');
  }
}
