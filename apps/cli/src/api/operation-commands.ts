import { type Operation, operations } from '@breakwater/contract';
import type { CommandSpec } from '../command.ts';

import { bodyFields, bodyRest, type Field, hasBody, queryFields } from './fields.ts';
import { runOperation } from './run-operation.ts';
import { serverOptions } from './server-options.ts';

/** The commands of a slice: one for each of its operations, derived from the contract alone. */
export function operationCommands(slice: string): readonly CommandSpec[] {
  return (
    operations
      // A stream is for pages that stay open; a command answers and ends.
      .filter((operation) => operation.id.startsWith(`${slice}.`) && operation.stream !== true)
      .map((operation) => specOf(operation))
  );
}

function specOf(operation: Operation): CommandSpec {
  const fields = bodyFields(operation);
  return {
    name: operation.id.slice(operation.id.indexOf('.') + 1),
    summary: operation.summary,
    args: Object.fromEntries(
      Object.keys(operation.params.shape).map((name) => [`<${kebab(name)}>`, '']),
    ),
    options: {
      ...Object.fromEntries(queryFields(operation).map((f) => [flagsOf(f), textOf(f)])),
      ...Object.fromEntries(fields.map((f) => [flagsOf(f), textOf(f)])),
      ...(hasBody(operation) ? bodyOptions(fields, bodyRest(operation)) : {}),
      ...(operation.file === undefined ? {} : { '--out <path>': 'write the file there' }),
      ...serverOptions,
      ...(operation.method === 'POST' ? idempotency : {}),
    },
    load: async () => runOperation(operation, { body: fields, query: queryFields(operation) }),
  };
}

function bodyOptions(fields: readonly Field[], rest: readonly string[]) {
  const there = rest.length === 0 ? '' : `; there alone can be said: ${rest.join('; ')}`;
  const body = {
    '--body <json>': `the request as JSON, or @ and the path of a file with it; options go before it${there}`,
  };
  if (fields.some(({ name }) => name === 'file')) return body;
  return { ...body, '--file <path>': 'a file with the request as JSON, or -' };
}

const idempotency = {
  '--idempotency-key <key>': 'the key of an earlier try, so that it is carried out once',
};

function flagsOf({ name, kind }: Field): string {
  const value = {
    text: ' <text>',
    number: ' <n>',
    on: '',
    off: '',
    choice: ' <yes or no>',
    list: ' <text...>',
    base64: ' <path>',
  };
  return kind === 'on' ? `--no-${kebab(name)}` : `--${kebab(name)}${value[kind]}`;
}

function textOf({ name, kind, oneOf }: Field): string {
  if (kind === 'base64') return 'a file, or -';
  if (kind === 'on') return `${kebab(name)}: not`;
  return oneOf.length > 0 ? `one of ${oneOf.join(', ')}` : '';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
