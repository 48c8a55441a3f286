import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Base } from './arguments.ts';
import { makeBase } from './base.ts';
import { findGroupHome } from './cgroup.ts';
import { performHold } from './hold.ts';
import { type Ground, performRun } from './perform.ts';
import { Pool } from './pool.ts';
import { conformRequest } from './request.ts';
import type {
  Capabilities,
  Held,
  HoldSpec,
  RunRecord,
  RunSpec,
  Sandbox,
  Staged,
} from './sandbox.ts';
import type { Machine } from './seccomp.ts';
import { attackSpec, breach, earnedTier } from './self-test.ts';
import { type Identity, type Programs, Slot } from './slot.ts';
import type { GroupHome, SlotGroup } from './slot-group.ts';
import { makeStage, stageCopy, unreadablePart } from './stage.ts';
import { SandboxUnavailable } from './unavailable.ts';

export interface SandboxOptions {
  /** How many runs may go on at once; each keeps one launcher waiting. */
  readonly slots: number;
  /** Where staged files live; default the system's temporary directory. Must be world-enterable. */
  readonly stageDir?: string;
  /** `rlimits`: make no control groups even where the host offers them; default `best`. */
  readonly limitsBy?: 'best' | 'rlimits';
  /** Where bwrap is looked for, as PATH; default this process's own. */
  readonly searchPath?: string;
}

/** Far above any distribution's ranges, so that nothing else on the host owns it. */
const SANDBOX_ID = 1_803_026_432;

/**
 * Opens the bubblewrap sandbox with `slots` launchers waiting, after one attack on itself from
 * inside. A host that cannot offer one yields a sandbox of tier `refuse`, whose reason says in
 * one sentence what is missing, and whose `run` rejects with it.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const programs = findPrograms(options.searchPath ?? process.env['PATH'] ?? '/usr/bin');
  if (typeof programs === 'string') return refusing(programs);
  let driver: Bubblewrap | null = null;
  try {
    driver = new Bubblewrap(await prepare(options, programs));
    await driver.open(options.slots);
    if (driver.capabilities.tier !== 'refuse') return driver;
    await driver.close();
    return refusing(driver.capabilities.reason, driver.capabilities);
  } catch (error) {
    await driver?.close();
    const words = error instanceof Error ? error.message : String(error);
    return refusing(`the sandbox could not be set up: ${words}`);
  }
}

async function prepare(options: SandboxOptions, programs: Programs): Promise<House> {
  const identity = chooseIdentity();
  const version = bwrapVersion(programs, identity);
  const home = options.limitsBy === 'rlimits' ? null : findGroupHome();
  const stage = await makeStage(options.stageDir ?? tmpdir(), identity);
  const base = await makeBase(join(stage, 'base'), identity);
  return { programs, identity, version, stage, base, home };
}

interface House {
  readonly programs: Programs;
  readonly identity: Identity;
  readonly version: string;
  readonly stage: string;
  readonly base: Base;
  readonly home: GroupHome | null;
}

class Bubblewrap implements Sandbox {
  readonly #house: House;
  readonly #slots = new Pool<Slot>();
  readonly #groups: SlotGroup[] = [];
  readonly #running = new Set<Promise<unknown>>();
  readonly #held = new Set<Held>();
  readonly #closing = new AbortController();
  capabilities: Capabilities;

  constructor(house: House) {
    this.#house = house;
    const limitsBy: Capabilities['limitsBy'] = house.home?.kind ?? 'rlimits';
    const known = { driver: 'bubblewrap', version: house.version, limitsBy };
    this.capabilities = { ...known, ...earnedTier(limitsBy, null) };
  }

  async open(count: number): Promise<void> {
    const { programs } = this.#house;
    for (let index = 0; index < count; index++) {
      const group = this.#makeGroup(String(index));
      if (group !== null) this.#groups.push(group);
      this.#slots.put(await this.#startSlot(group));
    }
    const broken = breach(await this.run(attackSpec(programs)));
    const earned = earnedTier(this.capabilities.limitsBy, broken);
    this.capabilities = { ...this.capabilities, ...earned };
  }

  async run(spec: RunSpec, signal?: AbortSignal): Promise<RunRecord> {
    conformRequest(spec);
    const running = this.#runNext(spec, signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #runNext(spec: RunSpec, signal?: AbortSignal): Promise<RunRecord> {
    const { programs, base } = this.#house;
    let slot = await this.#slots.take(signal);
    const signals = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    try {
      if (!slot.alive) slot = await this.#startSlot(slot.group);
      const ground: Ground = { slot, base, programs, capabilities: this.capabilities };
      const record = await performRun(ground, spec, AbortSignal.any(signals));
      this.#explainMounts(record, spec);
      return record;
    } catch (error) {
      // whatever went wrong on our side leaves the launcher in the middle of a run
      if (!(error instanceof SandboxUnavailable)) await slot.destroy();
      throw error;
    } finally {
      this.#slots.put(slot);
    }
  }

  async #startSlot(group: SlotGroup | null): Promise<Slot> {
    try {
      return await Slot.start(this.#house.identity, this.#house.programs, group);
    } catch (cause) {
      throw new SandboxUnavailable('the launcher (setpriv, perl) could not be started', { cause });
    }
  }

  /** A bind that failed is the caller's to mend, so it is told which part stood in the way. */
  #explainMounts({ ending }: RunRecord, { mounts }: RunSpec): void {
    if (ending.kind !== 'failed' || !ending.detail.includes('did not come up')) return;
    for (const { source } of mounts) {
      const part = unreadablePart(source, this.#house.identity);
      if (part === null) continue;
      throw new SandboxUnavailable(
        `the sandbox's user (uid ${this.#house.identity.uid}) cannot read ${part}, which the mount ` +
          `of ${source} needs: stage() it first`,
      );
    }
  }

  async hold(spec: HoldSpec): Promise<Held> {
    if (this.#closing.signal.aborted) throw new SandboxUnavailable('the sandbox is closed');
    const { programs, base } = this.#house;
    const slot = await this.#startSlot(this.#makeGroup('held'));
    const ground: Ground = { slot, base, programs, capabilities: this.capabilities };
    const held = await performHold(ground, spec);
    const known: Held = {
      ...held,
      end: async () => {
        this.#held.delete(known);
        await held.end();
      },
    };
    this.#held.add(known);
    // closed while it came up
    if (this.#closing.signal.aborted) await known.end();
    return known;
  }

  #makeGroup(what: string): SlotGroup | null {
    const name = `breakwater-${process.pid}-${randomBytes(4).toString('hex')}-${what}`;
    return this.#house.home?.make(name) ?? null;
  }

  stage(source: string): Promise<Staged> {
    return stageCopy(this.#house.stage, this.#house.identity, source);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const free = this.#slots.close();
    await Promise.allSettled([...this.#running, ...[...this.#held].map((held) => held.end())]);
    for (const slot of [...free, ...this.#slots.close()]) await slot.destroy();
    for (const group of this.#groups.splice(0)) await group.remove();
    await rm(this.#house.stage, { recursive: true, force: true });
  }
}

function refusing(reason: string, known?: Capabilities): Sandbox {
  const none = { driver: 'bubblewrap', version: 'none', limitsBy: 'none' } as const;
  const refuse = () => Promise.reject(new SandboxUnavailable(reason));
  return {
    capabilities: { ...none, ...known, tier: 'refuse', reason },
    run: refuse,
    stage: refuse,
    hold: refuse,
    close: () => Promise.resolve(),
  };
}

/** What must be installed, or a sentence saying what is not. */
function findPrograms(searchPath: string): Programs | string {
  const machines: Partial<Record<string, Machine>> = { x64: 'x86_64', arm64: 'aarch64' };
  const machine = machines[arch()];
  if (machine === undefined) return `no system call table is made for this machine (${arch()})`;
  for (const path of ['/usr/bin/perl', '/usr/bin/setpriv']) {
    if (!existsSync(path)) return `${path} is missing, which every Debian has`;
  }
  const bwrap = searchPath
    .split(delimiter)
    .map((directory) => join(directory, 'bwrap'))
    .find(isExecutable);
  return bwrap === undefined
    ? 'bubblewrap is not installed: apt-get install bubblewrap'
    : { bwrap, machine };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function bwrapVersion({ bwrap }: Programs, { uid, gid }: Identity): string {
  const options = { env: {}, uid, gid, encoding: 'utf8', timeout: 5000 } as const;
  try {
    return execFileSync(bwrap, ['--version'], options).trim().split(' ').at(-1) ?? 'unknown';
  } catch (cause) {
    const user = `uid ${uid} (root needs the right to become another user: CAP_SETUID, CAP_SETGID)`;
    throw new SandboxUnavailable(`bwrap could not be started as ${user}`, { cause });
  }
}

/** bwrap must never run as uid 0: sysctls such as core_pattern look at the uid outside alone. */
function chooseIdentity(): Identity {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  return uid === 0 ? { uid: SANDBOX_ID, gid: SANDBOX_ID, drop: true } : { uid, gid, drop: false };
}
