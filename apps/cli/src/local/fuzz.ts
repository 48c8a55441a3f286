import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { toBase64 } from '@breakwater/kernel';
import { type CampaignRecord, runCampaign } from '@breakwater/runner';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { writeNew } from '../files.ts';
import { Json, optionsOf, wholeNumber } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { inSandbox, sandboxLine } from './sandbox.ts';

const Options = z.object({
  ...Json,
  seconds: wholeNumber(1, 3_600),
  save: z.string().optional(),
  cache: z.string().optional(),
});

/** `fuzz`: one campaign. Good when it ran its time, whether it found something or not. */
export async function runFuzz(given: Given, context: Context): Promise<ExitCode> {
  const { seconds, save, cache, json } = optionsOf(Options, given);
  const { terminal } = context;
  const record = await inSandbox(argument(given, 0), { cache, context }, async (job) =>
    need(await runCampaign({ ...job, seconds })),
  );
  const found = record.found.map(({ bytes, ...each }) => ({ ...each, base64: toBase64(bytes) }));
  if (json) terminal.json({ ...record, found });
  else print(record, terminal);
  if (save !== undefined) await saveInputs(record, save, terminal);
  return record.outcome === 'errored' ? exitCodes.bad : exitCodes.good;
}

function print(record: CampaignRecord, terminal: Terminal): void {
  terminal.line(`outcome      ${record.outcome}: ${record.reason}`);
  terminal.line(`time         ${(record.wallMs / 1000).toFixed(1)} s`);
  terminal.line(`inputs       ${record.executions ?? 'not counted'}`);
  if (record.signature !== null) terminal.line(`signature    ${record.signature}`);
  for (const { name, digest, bytes } of record.found) {
    terminal.line(`found        ${name}, ${bytes.length} bytes, ${digest}`);
  }
  terminal.line(`target       ${record.recipe.package} ${record.version}: ${record.recipe.title}`);
  terminal.line(`sandbox      ${sandboxLine(record)}`);
  if (record.report !== null) terminal.quote(record.report, 40);
  if (record.failure !== null) terminal.quote(record.failure.log, 40);
}

async function saveInputs(record: CampaignRecord, folder: string, terminal: Terminal) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [index, { name, bytes }] of record.found.entries()) {
    // The name comes out of the sandbox: only libFuzzer's own form becomes a path.
    const safe = /^(crash|leak|oom|timeout|slow-unit)-[0-9a-f]{1,64}$/.test(name);
    const file = path.join(folder, safe ? name : `input-${index + 1}`);
    await writeNew(file, bytes, 0o600);
    terminal.say(`saved ${file}`);
  }
}
