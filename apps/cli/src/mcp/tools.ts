import {
  type Client,
  CrashFinding,
  claims,
  collect,
  coordinate,
  idOf,
  NativeFinding,
  type Operation,
  validate,
} from '@breakwater/contract';
import { type Id, sha256, toBase64 } from '@breakwater/kernel';
import { z } from 'zod';
import { fileName, page, pageOf } from './arguments.ts';
import { askingTools, claimTools } from './claim-tools.ts';
import { type Given, type Tool, tool } from './tool.ts';

/** Under which claim it was found; the claim is noted as used, and handing in never depends on it. */
const underClaim = idOf('claim').optional().describe('the claim you worked under');

const submitCrash = {
  input: CrashFinding.omit({ kind: true, report: true, input: true }).extend({
    report: CrashFinding.shape.report.optional().describe('what the sanitizer or fuzzer printed'),
    reportFile: fileName.optional(),
    claim: underClaim,
    input: CrashFinding.shape.input.optional().describe('what triggers it, as base64'),
    inputFile: fileName.optional(),
  }),
};

const submitFinding = {
  input: NativeFinding.omit({ kind: true }).extend({
    proofFile: fileName.optional(),
    claim: underClaim,
  }),
};

/** All tools, least first: what reads, what claims, what hands in. Nothing here changes or shows what is another's. */
export const tools: readonly Tool[] = [
  ...askingTools,
  ...claimTools,
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
      reads: true,
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
    async ({ report, reportFile, input, inputFile, claim, ...rest }, given) => {
      const { client, files } = given;
      await workedUnder(claim, given);
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
    async ({ proof, proofFile, claim, ...rest }, given) => {
      const { client, files } = given;
      await workedUnder(claim, given);
      const isProven = proof !== undefined || proofFile !== undefined;
      const bytes = isProven ? await files.one('proof', { base64: proof, file: proofFile }) : null;
      const shown = bytes === null ? {} : { proof: toBase64(bytes) };
      return await submit(client, { kind: 'native', ...rest, ...shown });
    },
  ),
];

/** The operations a key has to allow for a tool to be offered. */
export function operationsOf({ operation, also = [] }: Tool): readonly Operation[] {
  return [operation, ...also];
}

/** Ids of all operations that some tool calls, and the one asked at the start. */
export const operationsNeeded: readonly string[] = [
  'directory.who-am-i',
  ...new Set(tools.flatMap(operationsOf).map(({ id }) => id)),
].toSorted();

/** A claim that ended is told beside the answer; a finding is taken whatever became of it. */
async function workedUnder(claim: Id<'claim'> | undefined, { client, held }: Given): Promise<void> {
  if (claim === undefined) return;
  held.took(claim);
  await client.call(claims.use, { params: { claim }, body: {} }).catch(() => null);
}

/** The key follows from what is handed in: an agent that repeats itself hands in once. */
async function submit(client: Client, finding: unknown) {
  const body = collect.submit.body.parse(finding);
  const digest = sha256(new TextEncoder().encode(JSON.stringify(body)));
  const idempotencyKey = `mcp-${Buffer.from(digest).toString('hex')}`;
  return await client.call(collect.submit, { body, idempotencyKey });
}
