import { collect, distribute, type Operation, verify } from '@breakwater/contract';
import { parseInventory } from '@breakwater/formats/inventory';
import { toBase64 } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput } from '../files.ts';
import { printNotes } from '../local/unknown-parts.ts';
import { optionsOf } from '../options.ts';
import { renderAnswer } from './render.ts';
import { jsonOf, parse } from './request.ts';
import { answered, sessionFor } from './session.ts';

const CrashOptions = z.object({
  report: z.string(),
  input: z.string(),
  package: z.string(),
  version: z.string(),
  title: z.string(),
  recipe: z.string().optional(),
  tool: z.string().optional(),
  marking: z.string().optional(),
});

/** `submit crash`. */
export async function submitCrash(given: Given, context: Context): Promise<ExitCode> {
  const { report, input, ...rest } = optionsOf(CrashOptions, given);
  const text = await readInput(report, fileLimits.request, context.stdin);
  const bytes = await readInput(input, fileLimits.upload, context.stdin);
  const finding = {
    kind: 'crash',
    ...rest,
    report: new TextDecoder().decode(text),
    input: toBase64(bytes),
  };
  return await write(collect.submit, { body: finding }, { given, context });
}

/** `submit finding`. */
export async function submitFinding(given: Given, context: Context): Promise<ExitCode> {
  const body = await jsonFile(argument(given, 0), context);
  return await write(collect.submit, { body }, { given, context });
}

/** `patch propose`. */
export async function proposePatch(given: Given, context: Context): Promise<ExitCode> {
  const { title } = optionsOf(z.object({ title: z.string() }), given);
  const diff = await readInput(argument(given, 1), fileLimits.upload, context.stdin);
  const params = { case: argument(given, 0) };
  const body = { title, diff: toBase64(diff) };
  return await write(verify.propose, { params, body }, { given, context });
}

/** `publish`. */
export async function publish(given: Given, context: Context): Promise<ExitCode> {
  const params = { case: argument(given, 0) };
  const body = await jsonFile(argument(given, 1), context);
  return await write(distribute.publish, { params, body }, { given, context });
}

const InventoryOptions = z.object({
  name: z.string(),
  debianRelease: z.string().optional(),
  distribution: distribute.addInventory.body.shape.distribution,
});

/** `inventory add`; what of the file nobody can hold against an advisory is said beside. */
export async function addInventory(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(InventoryOptions, given);
  const file = await readInput(argument(given, 0), fileLimits.upload, context.stdin);
  const body = { ...options, file: toBase64(file) };
  const code = await write(distribute.addInventory, { body }, { given, context });
  const { debianRelease, distribution } = options;
  const told = debianRelease === undefined ? distribution : `Debian:${debianRelease}`;
  const read = parseInventory(file, told === undefined ? {} : { distribution: told });
  if (read.ok) printNotes(read.value, context.terminal);
  return code;
}

/** `receipt`. */
export async function giveReceipt(given: Given, context: Context): Promise<ExitCode> {
  const { note } = optionsOf(z.object({ note: z.string().optional() }), given);
  const params = { notice: argument(given, 0) };
  const outcome = argument(given, 1);
  const body = note === undefined ? { outcome } : { outcome, note };
  return await write(distribute.receipt, { params, body }, { given, context });
}

/** Holds a request against the contract, sends it and prints the answer. */
export async function write(
  operation: Operation,
  request: { readonly params?: unknown; readonly body: unknown },
  { given, context }: { readonly given: Given; readonly context: Context },
): Promise<ExitCode> {
  const params = parse(operation.params, request.params ?? {}, 'an argument');
  parse(operation.body, request.body, 'the request');
  const { body } = request;
  const output = await answered(sessionFor(given, context).call(operation, { params, body }));
  if (given.options['json'] === true) context.terminal.json(output);
  else renderAnswer(output, context.terminal);
  return exitCodes.good;
}

async function jsonFile(path: string, { stdin }: Context): Promise<unknown> {
  return jsonOf(await readInput(path, fileLimits.request, stdin));
}
