import type { Operation } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { z } from 'zod';
import type { Context, Given, Run } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput, writeNew } from '../files.ts';
import { optionsOf } from '../options.ts';
import { type Field, hasBody } from './fields.ts';
import { renderAnswer } from './render.ts';
import { jsonOf, parse } from './request.ts';
import { answered, sessionFor } from './session.ts';

const Options = z.looseObject({
  json: z.boolean().default(false),
  body: z.string().optional(),
  out: z.string().optional(),
});

interface Fields {
  readonly body: readonly Field[];
  readonly query: readonly Field[];
}

/** The command of one operation. */
export function runOperation(operation: Operation, fields: Fields): Run {
  return async (given, context) => {
    const options = optionsOf(Options, given);
    const client = sessionFor(given, context);
    const input = {
      params: parse(operation.params, paramsOf(operation, given), 'an argument'),
      query: parse(operation.query, await valuesOf(fields.query, given, context), 'a query option'),
      ...(hasBody(operation) ? { body: await bodyOf(operation, { fields, given, context }) } : {}),
    };
    if (operation.file !== undefined) {
      const bytes = await answered(client.download(operation, input));
      await giveFile(bytes, { type: operation.file, ...options }, context);
      return exitCodes.good;
    }
    const output = await answered(client.call(operation, input));
    if (options.json) context.terminal.json(output);
    else renderAnswer(output, context.terminal);
    const next = z.object({ next: z.string() }).safeParse(output);
    if (next.success) context.terminal.say(`there is more: add --after ${next.data.next}`);
    return exitCodes.good;
  };
}

function paramsOf(operation: Operation, given: Given) {
  const names = Object.keys(operation.params.shape);
  return Object.fromEntries(names.map((name, index) => [name, given.args[index]]));
}

async function bodyOf(
  operation: Operation,
  { fields, given, context }: { fields: Fields; given: Given; context: Context },
): Promise<unknown> {
  const { body } = optionsOf(Options, given);
  const fileIsField = fields.body.some(({ name }) => name === 'file');
  const file = fileIsField ? undefined : given.options['file'];
  const path = body?.startsWith('@') === true ? body.slice(1) : file;
  const base =
    typeof path === 'string'
      ? jsonOf(await readInput(path, fileLimits.request, context.stdin))
      : body === undefined
        ? {}
        : jsonOf(new TextEncoder().encode(body));
  const more = await valuesOf(fields.body, given, context);
  const whole = typeof base === 'object' && base !== null ? { ...base, ...more } : base;
  parse(operation.body, whole, 'the request');
  // As written: the server, not this program, fills in what is left out.
  return whole;
}

async function valuesOf(
  fields: readonly Field[],
  given: Given,
  context: Context,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = given.options[name];
    if (value === undefined) continue;
    // commander gives `true` for a --no- switch that was not written.
    if (kind === 'on' && value === true) continue;
    if (kind === 'base64' && typeof value === 'string') {
      const bytes = await readInput(value, fileLimits.upload, context.stdin);
      values[name] = toBase64(bytes);
    } else values[name] = plainOf(kind, value);
  }
  return values;
}

/** What an option says; another word than yes and no stays, and is refused as what it is. */
function plainOf(kind: Field['kind'], value: unknown): unknown {
  if (kind === 'number') return Number(value);
  if (kind !== 'choice') return value;
  return value === 'yes' ? true : value === 'no' ? false : value;
}

async function giveFile(
  bytes: Uint8Array,
  how: { readonly type: string; readonly json: boolean; readonly out?: string | undefined },
  { terminal }: Context,
): Promise<void> {
  if (how.out !== undefined) {
    await writeNew(how.out, bytes);
    terminal.say(`${bytes.length} bytes written to ${how.out}`);
    if (how.json) terminal.json({ file: how.out, bytes: bytes.length, mediaType: how.type });
  } else if (!how.json) terminal.bytes(bytes);
  else if (how.type.endsWith('json')) terminal.json(jsonOf(bytes));
  else terminal.json({ mediaType: how.type, base64: toBase64(bytes) });
}
