import { accessSync, constants } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Base } from './arguments.ts';
import { makeBase } from './base.ts';
import { performRun } from './perform.ts';
import type { Capabilities, RunRecord, RunSpec, Sandbox } from './sandbox.ts';
import type { Machine } from './seccomp.ts';
import { type Identity, type Programs, Slot } from './slot.ts';

export interface SandboxOptions {
  /** How many runs may go on at once; each keeps one launcher waiting. */
  readonly slots: number;
  /** Where staged files live; default a fresh directory under the system's temporary one. */
  readonly stageDir?: string;
}

/** The host cannot offer a sandbox, or could not start this run in it. */
export class SandboxUnavailable extends Error {}

/** Far above any distribution's ranges, so that nothing else on the host owns it. */
const SANDBOX_ID = 1_803_026_432;

/**
 * Opens a bubblewrap sandbox with `slots` launchers waiting.
 * Rejects with SandboxUnavailable, in plain words, when this host cannot offer one.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const programs = findPrograms();
  const identity = chooseIdentity();
  const stage = await mkdtemp(join(options.stageDir ?? tmpdir(), 'breakwater-'));
  if (identity.drop) await chown(stage, identity.uid, identity.gid);
  const base = await makeBase(join(stage, 'base'), identity);
  const capabilities: Capabilities = {
    driver: 'bubblewrap',
    version: '0',
    tier: 'reduced',
    reason: 'x',
    limitsBy: 'rlimits',
  };
  const free: Slot[] = [];
  for (let i = 0; i < options.slots; i++) free.push(await Slot.start(identity, programs));
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    capabilities,
    async run(spec: RunSpec, signal?: AbortSignal): Promise<RunRecord> {
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      try {
        return await performRun({ slot, base, programs, capabilities }, spec, signal);
      } finally {
        const again = slot.alive ? slot : await Slot.start(identity, programs);
        const next = waiting.shift();
        if (next) next(again);
        else free.push(again);
      }
    },
    async close() {
      for (const slot of free) {
        slot.stop();
        await slot.gone;
      }
      await rm(stage, { recursive: true, force: true });
    },
  };
}

function findPrograms(): Programs {
  const machines: Record<string, Machine> = { x64: 'x86_64', arm64: 'aarch64' };
  const machine = machines[arch()];
  if (machine === undefined) throw new SandboxUnavailable(`no system call table for ${arch()}`);
  const bwrap = (process.env['PATH'] ?? '/usr/bin')
    .split(delimiter)
    .map((directory) => join(directory, 'bwrap'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (bwrap === undefined) {
    throw new SandboxUnavailable('bubblewrap is not installed: apt-get install bubblewrap');
  }
  return { bwrap, machine };
}

function chooseIdentity(): Identity {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  return uid === 0 ? { uid: SANDBOX_ID, gid: SANDBOX_ID, drop: true } : { uid, gid, drop: false };
}
