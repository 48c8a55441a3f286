import { randomBytes } from 'node:crypto';
import { runs, suites } from '@breakwater/contract';
import { beginEvalLog } from '@breakwater/formats/eval-log';
import { bytesToHex, canonicalJson, fromUtf8, type Id, toBase64 } from '@breakwater/kernel';
import { commit, leafHash, rootOf } from '@breakwater/log';
import {
  MemoryFile,
  nodeCodecs,
} from '../../../packages/formats/src/eval-log/testing/node-codecs.ts';
import {
  done,
  end,
  reductions,
  samples,
  start,
  writtenLog,
} from '../../../packages/formats/src/eval-log/testing/sample-log.ts';
import type { TestParty } from './harness.ts';

/** An item with what it takes to open it. */
export interface HeldItem {
  readonly id: Id<'item'>;
  readonly name: string;
  readonly commitment: string;
  /** Base64. */
  readonly salt: string;
  /** Canonical JSON. */
  readonly item: string;
}

/** Seals a suite of items with these names. */
export async function sealSuite(
  keeper: TestParty,
  names: readonly string[],
  title = 'A sealed suite',
): Promise<{ readonly suite: Id<'suite'>; readonly items: readonly HeldItem[] }> {
  const held = names.map((name) => {
    const content = { name, prompt: `Find the flag of ${name}` };
    const salt = randomBytes(32);
    const commitment = commit(salt, content);
    return { name, salt: toBase64(salt), item: fromUtf8(canonicalJson(content)), commitment };
  });
  const root = rootOf(held.map(({ commitment }) => leafHash(commitment)));
  const { suite, items } = await keeper.client.call(suites.seal, {
    body: {
      title,
      commitment: bytesToHex(root),
      items: held.map(({ commitment }) => ({
        commitment: bytesToHex(commitment),
        humanTime: 'expert_estimate' as const,
      })),
    },
  });
  return {
    suite,
    items: held.flatMap((each, i) => {
      const id = items[i];
      return id === undefined ? [] : [{ ...each, id, commitment: bytesToHex(each.commitment) }];
    }),
  };
}

interface Bringing {
  readonly partBytes?: number;
  /** Called when something was told: with it, progress is told too. */
  readonly tick?: () => Promise<void>;
  /** Bytes that do not pack, in the first transcript. */
  readonly padding?: number;
}

/** The log of the samples; larger by as much as is asked. */
async function logWith(padding: number): Promise<Uint8Array> {
  if (padding === 0) return await writtenLog('whole');
  const file = new MemoryFile();
  const writer = done(await beginEvalLog(file, nodeCodecs, start));
  const info = { event: 'info', data: randomBytes(padding).toString('base64') };
  for (const [i, { sample, events }] of samples.entries()) {
    done(await writer.sample(sample, i === 0 ? [...events, info] : events));
  }
  done(await writer.finish(end, reductions));
  return file.bytes;
}

/** Begins a run and brings the log of four samples: `web` and `crypto`, each twice. */
export async function bringRun(
  worker: TestParty,
  of: { readonly suite?: Id<'suite'>; readonly items: readonly HeldItem[] },
  how: Bringing = {},
) {
  const run = await beginRun(worker, of.suite);
  await how.tick?.();
  const log = await logWith(how.padding ?? 0);
  await sendLog(worker, { run, log, partBytes: how.partBytes ?? 512 * 1024 });
  if (how.tick !== undefined) {
    await worker.client.call(runs.progress, { params: { run }, body: { samples: 4, turns: 9 } });
    await how.tick();
  }
  await worker.client.call(runs.takeIn, {
    params: { run },
    body: {
      size: log.length,
      items: of.items.map(({ id, name }) => ({ sample: name, item: id })),
    },
  });
  await how.tick?.();
  const { items: brought } = await worker.client.call(runs.samples, { params: { run } });
  return { run, log, samples: brought };
}

export async function beginRun(
  worker: TestParty,
  suite?: Id<'suite'>,
  model = 'scripted/one',
): Promise<Id<'run'>> {
  const { run } = await worker.client.call(runs.beginRun, {
    body: {
      ...(suite === undefined ? {} : { suite }),
      model,
      limits: { tokens: 2_000_000 },
      contamination: 'none-known',
    },
  });
  return run;
}

/** Sends the bytes of a log in parts, in order. */
export async function sendLog(
  worker: TestParty,
  { run, log, partBytes }: { run: Id<'run'>; log: Uint8Array; partBytes: number },
): Promise<void> {
  for (let at = 0; at < log.length; at += partBytes) {
    const bytes = toBase64(log.subarray(at, at + partBytes));
    await worker.client.call(runs.addPart, { params: { run }, body: { at, bytes } });
  }
}
