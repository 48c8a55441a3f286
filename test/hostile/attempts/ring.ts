import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { chmodSync, chownSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { RunRecord } from '../../../apps/runner/src/sandbox/sandbox.ts';
import { Arena, type Attack } from '../arena.ts';
import { type Outcome, told } from './attempt.ts';
import { type ControlKind, isRoot, ordinaryUser, runControl } from './control.ts';
import { type Aims, prelude } from './prelude.ts';

/** What must end by itself is given time on a busy host. */
const PATIENT_MS = 20_000;

const PASSWORD = 'BREAKWATER_RING_PASSWORD';

/** A kernel without the thing itself shows nothing, nor does a host whose root is no real one. */
const notInKernel = /not implemented|not supported/;
const notForRoot = /not implemented|not supported|not permitted|Permission denied|No such file/;

/** A sandbox, and a host beside it with secrets and open doors for an attacker to aim at. */
export class Ring {
  readonly arena: Arena;
  readonly secret = `embargoed-${randomBytes(8).toString('hex')}`;
  readonly #servers: Server[] = [];
  readonly #udp: Socket = createSocket('udp4');
  #folder = '';
  #aims: Aims = {};
  /** Connections and packets that came to the host's doors. */
  contacts = 0;

  constructor() {
    this.arena = new Arena();
    // in our own environment, as keys and tokens are in a server's
    process.env[PASSWORD] = this.secret;
    beforeAll(() => this.#open());
    afterAll(() => this.#close());
  }

  /** A folder of the host that its ordinary user may use. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(this.#folder, 'f-'));
    give(folder, 0o755);
    return folder;
  }

  get secretFile(): string {
    return String(this.#aims['secret']);
  }

  /** A script in perl in the sandbox, with what it may aim at. */
  inside(script: string, attack: Attack = {}): Promise<RunRecord> {
    const limits = { wallMs: PATIENT_MS, ...attack.limits };
    return this.arena.perl(prelude(this.#aims) + script, { ...attack, limits });
  }

  /** The same script without the sandbox. */
  async control(kind: ControlKind, script: string): Promise<Outcome | null> {
    const folder = await this.folder();
    const env = { PATH: process.env['PATH'] ?? '', [PASSWORD]: this.secret };
    const printed = await runControl(kind, prelude(this.#aims) + script, { folder, env });
    if (printed === null) return null;
    const outcome = told(printed, 'the control said nothing');
    const lacks = kind === 'root' ? notForRoot : notInKernel;
    return !outcome.succeeded && lacks.test(outcome.said) ? null : outcome;
  }

  async #open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'breakwater-ring-'));
    chmodSync(this.#folder, 0o755);
    const secret = join(this.#folder, 'secret');
    const input = join(this.#folder, 'input');
    await writeFile(secret, this.secret);
    give(secret, 0o666);
    await mkdir(input);
    give(input, 0o777);
    await writeFile(join(input, 'file'), 'kept');
    give(join(input, 'file'), 0o666);
    const unix = join(this.#folder, 'admin.sock');
    const abstract = `breakwater-ring-${randomBytes(6).toString('hex')}`;
    const four = await this.#listen({ host: '127.0.0.1', port: 0 });
    const six = await this.#listen({ host: '::1', port: 0 });
    await this.#listen({ path: unix });
    chmodSync(unix, 0o777);
    await this.#listen({ path: `\0${abstract}` });
    this.#udp.on('message', () => {
      this.contacts += 1;
    });
    await new Promise<void>((bound) => this.#udp.bind(0, '127.0.0.1', () => bound()));
    const mark = randomBytes(8).toString('hex');
    const udp = this.#udp.address().port;
    this.#aims = { secret, input, unix, abstract, four, six, udp, mark, pid: process.pid };
  }

  async #listen(where: { host: string; port: number } | { path: string }): Promise<number> {
    const server = createServer((socket) => {
      this.contacts += 1;
      socket.destroy();
    });
    this.#servers.push(server);
    await new Promise<void>((listening) => server.listen(where, listening));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async #close(): Promise<void> {
    for (const server of this.#servers) server.close();
    this.#udp.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function give(path: string, mode: number): void {
  chmodSync(path, mode);
  if (isRoot) chownSync(path, ordinaryUser, ordinaryUser);
}
