import type { Held, Sandbox } from '../sandbox/sandbox.ts';
import { SandboxUnavailable } from '../sandbox/unavailable.ts';
import { type BlobStore, memoryBlobs } from './blobs.ts';
import { proveSealed } from './egress.ts';
import { misplaced, putFiles, putKept, readPlain } from './files.ts';
import { Keeper } from './keep.ts';
import { Line } from './line.ts';
import { parseManifest } from './manifest.ts';
import { no } from './refusals.ts';
import { type Order, runCommand } from './run-command.ts';
import type {
  Command,
  CommandOutcome,
  Script,
  SeedFile,
  World,
  WorldEvidence,
  WorldLimits,
  WorldOptions,
  WorldResult,
} from './world.ts';

const agentPlaces = ['/work', '/home/agent', '/tmp'] as const;
const MIB = 1 << 20;
export const usualLimits: WorldLimits = {
  memoryBytes: 512 * MIB,
  diskBytes: 128 * MIB,
  processesMax: 128,
  cpuSeconds: 3600,
  entriesMax: 20_000,
};
const SCRIPT_WALL_MS = 120_000;
const SCRIPT_OUTPUT_BYTES = 64 << 10;
const ENTRIES_MAX = 1_000_000;

/**
 * Opens a sealed world in a sandbox: runs `setup`, puts the files, starts the services. Refuses,
 * and leaves nothing behind, when any of it fails. Each world is a launcher of its own beside the
 * sandbox's slots, and counts against no pool: how many there may be is the caller's to bound.
 */
export async function openWorld(
  sandbox: Sandbox,
  options: WorldOptions,
): Promise<WorldResult<World>> {
  const { name, setup, restore } = options;
  const limits = { ...usualLimits, ...options.limits };
  if (restore !== undefined || setup === undefined) return openFrom(sandbox, options);
  const workshop = await openBare(sandbox, { name, limits, private: '/setup' });
  if (!workshop.ok) return workshop;
  const store = memoryBlobs();
  try {
    const prepared = await workshop.value.prepare(options.files ?? [], setup);
    if (!prepared.ok) return prepared;
    const kept = await workshop.value.keep(store);
    if (!kept.ok) return kept;
    // what setup left running ends with its world, and nobody counts on it
    const manifest = { ...kept.value, background: [] };
    return await openFrom(sandbox, { ...options, files: [], restore: { manifest, store } });
  } finally {
    await workshop.value.close();
  }
}

async function openFrom(sandbox: Sandbox, options: WorldOptions): Promise<WorldResult<World>> {
  const { name, restore, services, files = [] } = options;
  const limits = { ...usualLimits, ...options.limits };
  const opened = await openBare(sandbox, { name, limits });
  if (!opened.ok) return opened;
  const world = opened.value;
  const filled = await world.fill({ files, services, restore });
  if (filled.ok) return opened;
  await world.close();
  return filled;
}

export interface BareOptions {
  readonly name: string;
  readonly limits: WorldLimits;
  /** One more place, for a script's private files. */
  readonly private?: '/setup' | '/score';
}

/** A world with nothing in it yet. */
export async function openBare(
  sandbox: Sandbox,
  options: BareOptions,
): Promise<WorldResult<HeldWorld>> {
  const wrong = malformedLimits(options.limits);
  if (wrong !== null) return no('request-malformed', wrong);
  const { diskBytes, memoryBytes, processesMax } = options.limits;
  const quarter = Math.ceil(diskBytes / 4);
  const others = ['/home/agent', '/service', '/tmp'];
  if (options.private !== undefined) others.push(options.private);
  try {
    const held = await sandbox.hold({
      places: [
        { target: '/work', bytes: diskBytes },
        ...others.map((target) => ({ target, bytes: quarter })),
      ],
      cwd: '/',
      limits: { memoryBytes, processesMax, fileBytesMax: diskBytes },
    });
    const hello = await held.next();
    if (hello?.kind !== 'h') {
      await held.end();
      return no('sandbox-unavailable', `the first process: ${held.ending().detail}`);
    }
    const landlock = Number(hello.body.toString());
    return { ok: true, value: new HeldWorld(held, options, landlock >= LANDLOCK_MIN) };
  } catch (error) {
    if (error instanceof SandboxUnavailable) return no('sandbox-unavailable', error.message);
    throw error;
  }
}

/** The first version that lets files move between directories. */
const LANDLOCK_MIN = 2;

/** What goes into a world before its first turn. */
interface Filling {
  readonly files: readonly SeedFile[];
  readonly services?: Script | undefined;
  readonly restore?: WorldOptions['restore'];
}

export class HeldWorld implements World {
  readonly name: string;
  readonly evidence: WorldEvidence;
  readonly #line: Line;
  readonly #limits: WorldLimits;
  readonly #keeper: Keeper;
  lost: World['lost'] = [];

  constructor(held: Held, { name, limits }: BareOptions, servicesHidden: boolean) {
    this.name = name;
    this.#line = new Line(held);
    this.#limits = limits;
    this.#keeper = new Keeper(this.#line, limits);
    const { network, ...known } = held.evidence;
    const { interfaces, attempts } = network;
    this.evidence = { name, ...known, limits, network: { interfaces, attempts }, servicesHidden };
  }

  get ended() {
    return this.#line.ended;
  }

  exec(command: Command) {
    return this.run({ ...command, who: 'agent' });
  }

  /** Runs a command as the agent, or a script of the house. */
  run(order: Order): Promise<WorldResult<CommandOutcome>> {
    return this.#line.inTurn(() => runCommand(this.#line, this.#limits, order));
  }

  readFile(path: string, maxBytes: number) {
    const wrong = misplaced(path, agentPlaces);
    if (wrong !== null) return Promise.resolve(no('request-malformed', wrong));
    return this.#line.inTurn(() => readPlain(this.#line, path, maxBytes));
  }

  writeFile(path: string, bytes: Uint8Array, mode?: number) {
    const file = { path, bytes, ...(mode === undefined ? {} : { mode }) };
    return this.put([file], agentPlaces);
  }

  /** Puts files below `places`. */
  put(files: readonly SeedFile[], places: readonly string[]): Promise<WorldResult<void>> {
    for (const { path } of files) {
      const wrong = misplaced(path, places);
      if (wrong !== null) return Promise.resolve(no('request-malformed', wrong));
    }
    return this.#line.inTurn(() => putFiles(this.#line, files));
  }

  keep(store: BlobStore) {
    return this.#line.inTurn(() => this.#keeper.keep(store));
  }

  proveSealed() {
    return proveSealed((order) => this.run(order));
  }

  close(): Promise<void> {
    return this.#line.end({ reason: 'closed', detail: '' });
  }

  /** Files first, then the services, so that they find what they serve. */
  async fill({ files, services, restore }: Filling): Promise<WorldResult<void>> {
    if (services !== undefined && !this.evidence.servicesHidden) {
      return no('services-not-hidden', 'a kernel without Landlock');
    }
    if (restore !== undefined) {
      const restored = await this.#restore(restore);
      if (!restored.ok) return restored;
    }
    const put = await this.put(files, [...agentPlaces, '/service']);
    if (!put.ok || services === undefined) return put;
    const kept = new Set(restore?.manifest.entries.map(({ path }) => path));
    const missing = services.files?.filter(({ path }) => !kept.has(`/service/${path}`)) ?? [];
    const started = { ...services, files: missing };
    const outcome = await this.script(started, '/service', { BREAKWATER_SERVICE: '1' });
    return mustEndWell(outcome, 'services-failed');
  }

  async #restore({ manifest: given, store }: NonNullable<Filling['restore']>) {
    const manifest = parseManifest(given);
    if (manifest === null) return no('kept-files-damaged', 'a manifest that none was written as');
    this.lost = manifest.background.filter(({ of }) => of === 'agent');
    return this.#line.inTurn(() => putKept(this.#line, manifest, store));
  }

  /** The world that setup runs in: seed files, then the script. */
  async prepare(files: readonly SeedFile[], setup: Script): Promise<WorldResult<void>> {
    const put = await this.put(files, [...agentPlaces, '/service']);
    if (!put.ok) return put;
    return mustEndWell(await this.script(setup, '/setup', {}), 'setup-failed');
  }

  /** Puts a script and its private files into their place, and runs it there as the house. */
  async script(
    { text, files = [], wallMs = SCRIPT_WALL_MS }: Script,
    place: string,
    env: Readonly<Record<string, string>>,
    report?: Pick<Order, 'report' | 'outputBytes'>,
  ): Promise<WorldResult<CommandOutcome>> {
    const path = `${place}/.run`;
    const below = files.map((file) => ({ ...file, path: `${place}/${file.path}` }));
    const put = await this.put([...below, { path, bytes: text }], [place]);
    if (!put.ok) return put;
    return this.run({
      who: 'house',
      argv: ['/bin/sh', path],
      cwd: place,
      env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: place, ...env },
      wallMs,
      outputBytes: SCRIPT_OUTPUT_BYTES,
      ...report,
    });
  }
}

function mustEndWell(
  outcome: WorldResult<CommandOutcome>,
  code: 'setup-failed' | 'services-failed',
): WorldResult<void> {
  if (!outcome.ok) return outcome;
  const { exitCode, signal, stderr, timedOut } = outcome.value;
  if (exitCode === 0) return { ok: true, value: undefined };
  const how = timedOut ? 'its time was up' : (signal ?? `exit ${exitCode}`);
  return no(code, `${how}: ${Buffer.from(stderr).toString('utf8').slice(-500)}`);
}

function malformedLimits(limits: WorldLimits): string | null {
  const wrong = Object.entries(limits).find(
    ([, value]) => !Number.isSafeInteger(value) || value < 1 || value > 2 ** 40,
  );
  if (wrong !== undefined) return `limits.${wrong[0]} ${wrong[1]}`;
  if (limits.memoryBytes < 2 * limits.diskBytes || limits.memoryBytes < 64 * MIB) {
    return `limits.memoryBytes ${limits.memoryBytes} for ${limits.diskBytes} bytes of files`;
  }
  if (limits.entriesMax > ENTRIES_MAX) return `limits.entriesMax ${limits.entriesMax}`;
  return null;
}
