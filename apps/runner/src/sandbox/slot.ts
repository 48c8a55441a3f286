import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Frame, pack, readFrames, writeFrame } from './frames.ts';
import { assembleFilter, type Machine } from './seccomp.ts';
import type { SlotGroup } from './slot-group.ts';

const launcherText = readFileSync(new URL('./launcher.pl', import.meta.url), 'utf8');
const START_MAX_MS = 10_000;
const GONE_TRIES = 500;
const GONE_WAIT_MS = 4;

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
  readonly #gone: Promise<void>;
  readonly group: SlotGroup | null;
  alive = true;
  /** The first process of the latest run, whose end is the end of its whole namespace. */
  tree = 0;

  private constructor(child: ChildProcess, group: SlotGroup | null) {
    this.#child = child;
    this.group = group;
    if (child.stdout === null) throw new Error('launcher started without pipes');
    this.#frames = readFrames(child.stdout);
    // writing to a launcher that just died is noticed by reading from it
    child.stdin?.on('error', () => {});
    this.#gone = new Promise((resolve) => {
      const end = () => {
        this.alive = false;
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
  }

  /** Starts a launcher inside `group` and waits until it answers; throws when it does not. */
  static async start(
    identity: Identity,
    programs: Programs,
    group: SlotGroup | null,
  ): Promise<Slot> {
    const [program = '', ...rest] = launchCommand(identity, programs);
    // an empty environment: /proc/1/environ inside is bwrap's, whatever --clearenv does
    const child = spawn(program, rest, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
    const slot = new Slot(child, group);
    const late = setTimeout(() => child.kill('SIGKILL'), START_MAX_MS);
    const hello = await slot.next();
    clearTimeout(late);
    if (hello?.kind !== 'h') throw new Error('the sandbox launcher (setpriv, perl) did not start');
    group?.join(slot.pid);
    for (const profile of ['target', 'build', 'world'] as const) {
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

  /** Kills the launcher and everything it started; resolves when nothing of it is left. */
  async destroy(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
    if (this.group !== null) await this.group.kill();
    else await this.#treeGone();
  }

  /** bwrap dies with its parent and its namespace with bwrap; only the waiting is left to us. */
  async #treeGone(): Promise<void> {
    for (let tries = 0; tries < GONE_TRIES; tries++) {
      if (this.tree === 0 || !existsSync(`/proc/${this.tree}`)) return;
      await delay(GONE_WAIT_MS);
    }
    throw new Error(`process ${this.tree} of the sandbox survives its launcher`);
  }
}

/** The launcher's text is an argument, since its file may lie where the other user cannot read. */
function launchCommand(identity: Identity, programs: Programs): string[] {
  const launch = ['/usr/bin/perl', '-e', launcherText, programs.bwrap, programs.machine];
  if (!identity.drop) return ['/usr/bin/setpriv', '--no-new-privs', '--', ...launch];
  return [
    '/usr/bin/setpriv',
    ...['--reuid', String(identity.uid), '--regid', String(identity.gid), '--clear-groups'],
    ...['--no-new-privs', '--bounding-set', '-all', '--inh-caps', '-all', '--'],
    ...launch,
  ];
}
