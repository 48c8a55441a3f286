import { digestOf } from '@breakwater/kernel';
import {
  checkRequestProof,
  parseRequestProof,
  parseVerifierKey,
  type RequestProof,
  requestProofBytesMax,
} from '@breakwater/log';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput, readRegular } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { keysFor } from './log-source.ts';

const Options = z.object({
  ...Json,
  key: z.string(),
  request: z.string().optional(),
  response: z.string().optional(),
});

interface Body {
  readonly side: 'request' | 'response';
  /** Whether the digest that was recorded is that of the file. */
  readonly same: boolean;
}

/** `gateway check`: good where the request is in the log as its proof says, and each body is its own. */
export async function runRequestCheck(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { terminal } = context;
  const file = await readInput(argument(given, 0), requestProofBytesMax, context.stdin);
  const proof = need(parseRequestProof(file));
  const { vkeys } = await keysFor(options.key, null);
  const checked = checkRequestProof(
    proof,
    vkeys.map((vkey) => need(parseVerifierKey(vkey))),
  );
  const bodies: Body[] = [];
  for (const side of ['request', 'response'] as const) {
    const name = options[side];
    if (name === undefined) continue;
    const digest = digestOf(await readRegular(name, fileLimits.text));
    bodies.push({ side, same: proof.request[`${side}Digest`] === digest });
  }
  if (!checked.ok) {
    const { refusal } = checked;
    if (options.json) terminal.json({ holds: false, refusal });
    terminal.say(`does not hold (${refusal.code}): expected ${refusal.expected},`);
    terminal.say(`got ${refusal.got}; ${refusal.todo}`);
    return exitCodes.bad;
  }
  const holds = bodies.every(({ same }) => same);
  const { origin, size } = checked.value;
  const { request, inside, group } = proof;
  if (options.json) {
    const told = inside === undefined ? {} : { inside: inside.content };
    const log = { origin, size, entry: proof.entry.index };
    terminal.json({ holds, bodies, request, ...told, among: group.size, log });
  } else print(proof, { holds, bodies, log: `${origin}, ${size} signed` }, terminal);
  return holds ? exitCodes.good : exitCodes.bad;
}

function print(
  { request, inside, group, entry }: RequestProof,
  said: { readonly holds: boolean; readonly bodies: readonly Body[]; readonly log: string },
  terminal: Terminal,
): void {
  terminal.line(`${said.holds ? 'holds       ' : 'DOES NOT HOLD'} request`);
  terminal.line(`log          ${said.log}; its interval is entry ${entry.index}`);
  terminal.line(`among        ${group.size} of this party at this developer in that interval`);
  for (const { side, same } of said.bodies) {
    terminal.line(`${side.padEnd(12)} ${same ? 'the body that was recorded' : 'ANOTHER BODY'}`);
  }
  terminal.line('recorded     as follows:');
  terminal.quote(JSON.stringify(request, null, 2));
  if (inside !== undefined) terminal.quote(JSON.stringify(inside.content, null, 2));
}
