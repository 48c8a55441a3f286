import {
  type Client,
  CrashFinding,
  collect,
  coordinate,
  NativeFinding,
  type Operation,
  validate,
} from '@breakwater/contract';
import { sha256, toBase64 } from '@breakwater/kernel';
import { z } from 'zod';
import type { GivenFiles } from './given-files.ts';

/** What an agent may do here: one operation of the contract, in the form an agent fills in. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly operation: Operation;
  readonly input: z.ZodObject;
  /** `args` have passed `input`. */
  readonly call: (args: Readonly<Record<string, unknown>>, given: Given) => Promise<unknown>;
}

export interface Given {
  readonly client: Client;
  readonly files: GivenFiles;
}

const fileName = z
  .string()
  .min(1)
  .max(1_000)
  .describe('path inside the folder that was opened with --files');
const page = {
  after: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.number().int().min(1).max(50).default(20),
};

const submitCrash = {
  input: CrashFinding.omit({ kind: true, report: true, input: true }).extend({
    report: CrashFinding.shape.report.optional().describe('what the sanitizer or fuzzer printed'),
    reportFile: fileName.optional(),
    input: CrashFinding.shape.input.optional().describe('what triggers it, as base64'),
    inputFile: fileName.optional(),
  }),
};

const submitFinding = {
  input: NativeFinding.omit({ kind: true }).extend({ proofFile: fileName.optional() }),
};

/** All tools, least first: what reads, then what hands in. Nothing here changes or shows what is another's. */
export const tools: readonly Tool[] = [
  tool(
    {
      name: 'list_my_findings',
      title: 'What became of my findings',
      description: 'What you handed in, newest first: verdict, case, stage, embargo, advisory.',
      operation: collect.listMine,
      input: z.strictObject(page),
    },
    ({ after, limit }, { client }) =>
      client.call(collect.listMine, { query: pageOf(after, limit) }),
  ),
  tool(
    {
      name: 'get_finding',
      title: 'One finding',
      description: 'One finding, as far as you may see it.',
      operation: collect.get,
      input: z.strictObject(collect.get.params.shape),
    },
    (params, { client }) => client.call(collect.get, { params }),
  ),
  tool(
    {
      name: 'list_my_cases',
      title: 'Cases I take part in',
      description: 'Cases that you may see, newest first.',
      operation: coordinate.list,
      input: z.strictObject(page),
    },
    ({ after, limit }, { client }) => client.call(coordinate.list, { query: pageOf(after, limit) }),
  ),
  tool(
    {
      name: 'get_case',
      title: 'One case',
      description: 'Stage, embargo, for whom it waits and until when, as far as you may see it.',
      operation: coordinate.get,
      input: z.strictObject(coordinate.get.params.shape),
    },
    (params, { client }) => client.call(coordinate.get, { params }),
  ),
  tool(
    {
      name: 'list_messages',
      title: 'Messages of a case',
      description: 'What the people of a case wrote to each other, newest first.',
      operation: coordinate.messages,
      input: z.strictObject({ ...coordinate.messages.params.shape, ...page }),
    },
    ({ case: id, after, limit }, { client }) =>
      client.call(coordinate.messages, { params: { case: id }, query: pageOf(after, limit) }),
  ),
  tool(
    {
      name: 'list_validations',
      title: 'Runs of the proofs of a case',
      description: 'Whether each proof was reproduced in the sandbox: attempts, control, verdict.',
      operation: validate.list,
      input: z.strictObject(validate.list.params.shape),
    },
    (params, { client }) => client.call(validate.list, { params }),
  ),
  tool(
    {
      name: 'list_recipes',
      title: 'What can be built and run here',
      description: 'Recipes by name. A finding that names one is tried in the sandbox by itself.',
      operation: validate.listRecipes,
      input: z.strictObject(page),
    },
    ({ after, limit }, { client }) =>
      client.call(validate.listRecipes, { query: pageOf(after, limit) }),
  ),
  tool(
    {
      name: 'preview_report',
      title: 'What is understood of a report',
      description:
        'Reads a report and says what would be handed in and what is missing. Keeps nothing.',
      operation: collect.preview,
      input: z.strictObject({
        report: z.string().min(1).max(4_000_000).optional(),
        reportFile: fileName.optional(),
      }),
    },
    async ({ report, reportFile }, { client, files }) =>
      await client.call(collect.preview, {
        body: { file: toBase64(await files.one('report', { text: report, file: reportFile })) },
      }),
  ),
  tool(
    {
      name: 'submit_crash',
      title: 'Hand in a crash',
      description:
        'Hands in the report of a tool and the input that triggers it. Tells whether it is new, known or fixed. The same call twice is one finding.',
      operation: collect.submit,
      ...submitCrash,
    },
    async ({ report, reportFile, input, inputFile, ...rest }, { client, files }) => {
      const text = await files.one('report', { text: report, file: reportFile });
      const bytes = await files.one('input', { base64: input, file: inputFile });
      return await submit(client, {
        kind: 'crash',
        ...rest,
        report: new TextDecoder().decode(text),
        input: toBase64(bytes),
      });
    },
  ),
  tool(
    {
      name: 'submit_finding',
      title: 'Hand in a finding',
      description:
        'Hands in a finding in words, with a proof of concept if there is one. Tells whether it is new, known or fixed. The same call twice is one finding.',
      operation: collect.submit,
      ...submitFinding,
    },
    async ({ proof, proofFile, ...rest }, { client, files }) => {
      const given = proof !== undefined || proofFile !== undefined;
      const bytes = given ? await files.one('proof', { base64: proof, file: proofFile }) : null;
      const shown = bytes === null ? {} : { proof: toBase64(bytes) };
      return await submit(client, { kind: 'native', ...rest, ...shown });
    },
  ),
];

/** Ids of all operations that some tool calls, and the one asked at the start. */
export const operationsNeeded: readonly string[] = [
  'directory.who-am-i',
  ...new Set(tools.map(({ operation }) => operation.id)),
].toSorted();

function tool<T extends z.ZodObject>(
  head: Omit<Tool, 'input' | 'call'> & { readonly input: T },
  call: (args: z.infer<T>, given: Given) => Promise<unknown>,
): Tool {
  return { ...head, call: (args, given) => call(head.input.parse(args) as z.infer<T>, given) }; // by the line before
}

function pageOf(after: string | undefined, limit: number) {
  return { ...(after === undefined ? {} : { after }), limit };
}

/** The key follows from what is handed in: an agent that repeats itself hands in once. */
async function submit(client: Client, finding: unknown) {
  const body = collect.submit.body.parse(finding);
  const digest = sha256(new TextEncoder().encode(JSON.stringify(body)));
  const idempotencyKey = `mcp-${Buffer.from(digest).toString('hex')}`;
  return await client.call(collect.submit, { body, idempotencyKey });
}
