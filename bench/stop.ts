import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { authorizations, claims, discover, validate } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { type Engine, onEachEngine } from './engines.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { type Server, startServer } from './server.ts';

/** What the switch promises, from the press to the last who is told. */
const toldMsMax = 2_000;
const holdersCount = 50;
const campaignsCount = 3;
const dayMs = 24 * 60 * 60 * 1_000;

type Party = Awaited<ReturnType<Server['party']>>;

interface Ground {
  /** One process runs one campaign at a time; three of one PostgreSQL run three. */
  readonly servers: readonly Server[];
  readonly engine: Engine;
  readonly coordinator: Party;
  readonly owner: Party;
  readonly holders: readonly Party[];
}

/**
 * From a press of the stop switch until the last of those is told who hold a claim there and have a
 * page open, until the last of them is refused at its next call, and until the last campaign there has
 * died in its sandbox. Each campaign spins one processor, as fuzzers do.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const rows = await onEachEngine((engine) => measure(engine, short ? 1 : 10));
  return {
    rows: rows.flat(),
    notes: [
      'Mail to the holders is put into the queue by the same transaction; when it arrives is not ours.',
    ],
  };
}

async function measure(engine: Engine, rounds: number): Promise<Row[]> {
  const servers: Server[] = [];
  try {
    for (let n = 0; n < (engine.databaseUrl === null ? 1 : campaignsCount); n++) {
      servers.push(await startServer(engine));
    }
    const [server] = servers;
    if (server === undefined) throw new Error('expected a server');
    const holders: Party[] = [];
    for (let n = 0; n < holdersCount; n++) holders.push(await server.party('finder'));
    const [coordinator, owner] = [await server.party('coordinator'), await server.party('owner')];
    const ground = { servers, engine, coordinator, owner, holders };
    const worst: Record<string, number> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, ms] of Object.entries(await press(ground, round))) {
        worst[name] = Math.max(worst[name] ?? 0, ms);
      }
    }
    return Object.entries(worst).map(([name, value]) => ({
      name: `${engine.name}, ${rounds} presses: ${name}, the slowest`,
      value,
      unit: 'ms',
      limit: { name: 'told', value: toldMsMax, met: value < toldMsMax },
    }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** One target with all that runs on it, stopped once. */
async function press(ground: Ground, round: number): Promise<Record<string, number>> {
  const { coordinator, holders, owner, servers } = ground;
  const target = `pkg:generic/stopped-${round}`;
  await giveControl(owner, coordinator, target);
  const held = await Promise.all(holders.map(async (holder) => await hold(holder, target)));
  const streams = await Promise.all(
    holders.map(({ key }, i) => listen(servers[i % servers.length]?.address ?? '', key)),
  );
  const name = `stopped-${round}`;
  const campaigns = await startCampaigns(ground, { target, name });
  const began = performance.now();
  const since = () => performance.now() - began;
  const told = Promise.all(streams.map((stream, i) => stream.until(held[i] ?? ''))).then(since);
  const died = dead(name).then(since);
  await owner.client.call(authorizations.stop, { body: { target } });
  const answered = since();
  const refused = Promise.all(holders.map((holder, i) => lost(holder, held[i] ?? ''))).then(since);
  const times = {
    'answered to who pressed': answered,
    [`told to ${holdersCount} open pages`]: await told,
    [`refused to ${holdersCount} at their next call`]: await refused,
    [`${servers.length} campaigns dead, ${campaignsCount - servers.length} not begun`]: await died,
  };
  await Promise.all(campaigns.map((id) => ended(coordinator, id)));
  await Promise.all(streams.map((stream) => stream.close()));
  return times;
}

async function giveControl(owner: Party, coordinator: Party, target: string): Promise<void> {
  const { id: control } = await owner.client.call(authorizations.openControl, {
    body: { target, way: 'statement', statement: 'We wrote it' },
  });
  await coordinator.client.call(authorizations.ruleControl, {
    params: { control },
    body: { stands: true, reason: 'They did' },
  });
}

async function hold(holder: Party, target: string): Promise<string> {
  const until = claims.claim.body.shape.until.parse(new Date(Date.now() + dayMs).toISOString());
  const { claim } = await holder.client.call(claims.claim, {
    body: {
      scope: {
        targets: [target],
        places: [],
        except: [],
        methods: ['static'],
        weaknesses: [],
        exceptWeaknesses: [],
      },
      sharing: 'beside',
      listed: true,
      until,
    },
  });
  if (claim === null) throw new Error('expected a claim beside the others');
  return claim;
}

async function lost(holder: Party, claim: string): Promise<void> {
  const params = claims.use.params.parse({ claim });
  const code = await holder.client
    .call(claims.use, { params, body: {} })
    .then(() => 'held', codeOf);
  if (code !== 'stopped-by-owner')
    throw new Error(`expected a claim that was stopped, got ${String(code)}`);
}

function codeOf(error: unknown): unknown {
  const problem: unknown = error instanceof Error ? Reflect.get(error, 'problem') : null;
  return typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'code') : error;
}

/** An open page, as far as the server knows one. */
async function listen(address: string, key: string) {
  const answer = await fetch(`${address}/v1/events`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const reader = answer.body?.getReader();
  if (reader === undefined || answer.status !== 200) throw new Error('no stream');
  const decoder = new TextDecoder();
  return {
    async until(text: string): Promise<void> {
      for (let told = ''; !told.includes(text); ) {
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream ended before it told');
        told += decoder.decode(value, { stream: true });
      }
    },
    close: () => reader.cancel(),
  };
}

/** Until nothing of it runs in any sandbox of this machine. */
async function dead(name: string): Promise<void> {
  while (spinning(name) > 0) await delay(50);
}

function spinning(name: string): number {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`/build/${name}`) && !line.includes('bwrap')).length;
}

async function ended(coordinator: Party, id: string): Promise<void> {
  const params = discover.get.params.parse({ campaign: id });
  for (;;) {
    const { status } = await coordinator.client.call(discover.get, { params });
    if (status === 'stopped') return;
    if (status !== 'running' && status !== 'queued') throw new Error(`the campaign is ${status}`);
    await delay(20);
  }
}

/** Starts the campaigns, and waits until as many spin as there are processes to run them. */
async function startCampaigns(
  { coordinator, engine, servers }: Ground,
  about: { readonly target: string; readonly name: string },
): Promise<readonly string[]> {
  await coordinator.client.call(validate.addRecipe, {
    body: { name: about.name, files: await recipeOf(engine, about.target) },
  });
  const ids: string[] = [];
  for (let n = 0; n < campaignsCount; n++) {
    const { campaign } = await coordinator.client.call(discover.start, {
      body: { recipe: about.name, seconds: 600 },
    });
    ids.push(campaign);
  }
  for (let tries = 0; spinning(about.name) < servers.length; tries++) {
    if (tries > 600)
      throw new Error(`the campaigns did not begin: ${await told(coordinator, ids)}`);
    await delay(100);
  }
  return ids;
}

async function told(coordinator: Party, ids: readonly string[]): Promise<string> {
  const views = await Promise.all(
    ids.map(async (id) => {
      const params = discover.get.params.parse({ campaign: id });
      return await coordinator.client.call(discover.get, { params });
    }),
  );
  return views.map(({ status, detail }) => `${status} ${detail ?? ''}`).join('; ');
}

/** A target whose fuzzer finds nothing for ever. Its source lies in the cache as if it was fetched. */
async function recipeOf(engine: Engine, target: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-'));
  try {
    const program = target.split('/').at(-1) ?? '';
    const source = path.join(folder, 'spin-1.0');
    await mkdir(source);
    await writeFile(path.join(source, program), '#!/bin/sh\nwhile :; do :; done\n');
    await chmod(path.join(source, program), 0o755);
    const archive = path.join(folder, 'spin.tar');
    execFileSync('tar', ['-cf', archive, '-C', folder, 'spin-1.0']);
    const bytes = await readFile(archive);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const sources = path.join(engine.dataDirectory, 'cache/sources');
    await mkdir(sources, { recursive: true });
    await writeFile(path.join(sources, `sha256-${sha256}`), bytes);
    const unpack = [{ source: 'spin' }];
    const recipe = {
      recipe: 1,
      title: 'a fuzzer that goes on',
      package: target,
      sources: { spin: { kind: 'tarball', url: 'https://spin.invalid/spin.tar', sha256 } },
      builds: { vulnerable: { version: '1.0', unpack }, control: { version: '1.1', unpack } },
      script: [`cp ${program} "$OUT/${program}"`],
      programs: [program],
      run: { argv: [`/build/${program}`, '@@'] },
      success: [{ kind: 'sanitizer' }],
      benign: { file: 'benign', exit: 0 },
      campaign: { script: [`cp ${program} "$OUT/${program}"`], program, secondsMax: 600 },
    };
    return {
      'recipe.json': toBase64(utf8(JSON.stringify(recipe))),
      benign: toBase64(utf8('benign')),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
