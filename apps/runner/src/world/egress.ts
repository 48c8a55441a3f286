import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { no } from './refusals.ts';
import type { Order } from './run-command.ts';
import type { CommandOutcome, EgressAttempt, EgressEvidence, WorldResult } from './world.ts';

const probe = readFileSync(new URL('./probe.pl', import.meta.url));
const PROBE_WALL_MS = 30_000;
const PROBE_OUTPUT_BYTES = 64 << 10;

/** Tries every way out from inside, and listens outside while it does. */
export async function proveSealed(
  run: (order: Order) => Promise<WorldResult<CommandOutcome>>,
): Promise<WorldResult<EgressEvidence>> {
  const listeners = await Listeners.open();
  try {
    const outcome = await run({
      // the same walls stand around both, and here the agent cannot put words into its mouth
      who: 'house',
      argv: ['/usr/bin/perl', '-', ...listeners.names],
      stdin: probe,
      cwd: '/tmp',
      wallMs: PROBE_WALL_MS,
      outputBytes: PROBE_OUTPUT_BYTES,
    });
    if (!outcome.ok) return outcome;
    return judge(outcome.value, await listeners.heard());
  } finally {
    await listeners.close();
  }
}

function judge(outcome: CommandOutcome, heardOutside: number): WorldResult<EgressEvidence> {
  const lines = Buffer.from(outcome.stdout)
    .toString('utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  if (!lines.some(([kind]) => kind === 'end')) {
    const how = Buffer.from(outcome.stderr).toString('utf8').slice(-200);
    return no('cannot-start', `a probe that did not come to its end: ${how}`);
  }
  const named = (wanted: string) =>
    lines.filter(([kind]) => kind === wanted).map(([, name = '', result = '']) => [name, result]);
  const attempts = named('attempt').map(([what = '', result = '']): EgressAttempt => {
    // on its own loopback the world may have a service at the very port of ours
    const own = / our listener on the host/.test(what) && result.startsWith('reached');
    return own && heardOutside === 0
      ? { what, result: 'answered on its own loopback, and not heard outside' }
      : { what, result };
  });
  const interfaces = named('interface').map(([name = '']) => name);
  const routes = named('route').map(([name = '']) => name);
  const held = attempts.every(({ result }) => !result.startsWith('reached'));
  const alone = interfaces.every((name) => name === 'lo') && routes.length === 0;
  const sealed = held && alone && heardOutside === 0 && attempts.length > 0;
  return { ok: true, value: { interfaces, routes, attempts, heardOutside, sealed } };
}

/** What listens on the host: were a wall missing, it would hear the probe. */
class Listeners {
  readonly #tcp: Server;
  readonly #local: Server[];
  readonly #udp: Socket;
  readonly #scratch: string;
  readonly names: readonly string[];
  #heard = 0;

  private constructor(scratch: string, names: Names, servers: Server[], udp: Socket) {
    const [tcp, ...local] = servers;
    if (tcp === undefined) throw new Error('no listener');
    this.#tcp = tcp;
    this.#local = local;
    this.#udp = udp;
    this.#scratch = scratch;
    this.names = [names.tcp, names.udp, names.abstract, names.path];
    for (const server of servers)
      server.on('connection', (socket) => this.#hear(() => socket.destroy()));
    udp.on('message', () => this.#hear(() => {}));
  }

  #hear(then: () => void): void {
    this.#heard++;
    then();
  }

  static async open(): Promise<Listeners> {
    const scratch = await mkdtemp(join(tmpdir(), 'breakwater-egress-'));
    const abstract = `breakwater-${randomBytes(8).toString('hex')}`;
    const path = join(scratch, 'listener');
    const servers = await Promise.all(
      [{ port: 0, host: '127.0.0.1' }, { path: `\0${abstract}` }, { path }].map(async (where) => {
        const server = createServer();
        server.listen(where);
        await once(server, 'listening');
        return server;
      }),
    );
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const at = servers[0]?.address();
    const tcp = typeof at === 'object' && at !== null ? at.port : 0;
    const names = { tcp: String(tcp), udp: String(udp.address().port), abstract, path };
    return new Listeners(scratch, names, servers, udp);
  }

  /** How much was heard; one call of our own, made last, proves that they listened all the while. */
  async heard(): Promise<number> {
    const [port] = this.names;
    const own = connect(Number(port), '127.0.0.1');
    own.on('error', () => {});
    await once(own, 'close');
    return this.#heard - 1;
  }

  async close(): Promise<void> {
    for (const server of [this.#tcp, ...this.#local]) server.close();
    this.#udp.close();
    await rm(this.#scratch, { recursive: true, force: true });
  }
}

interface Names {
  readonly tcp: string;
  readonly udp: string;
  readonly abstract: string;
  readonly path: string;
}
