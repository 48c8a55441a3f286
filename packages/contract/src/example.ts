import { z } from 'zod';
import { operation } from './operation.ts';
import { At } from './words.ts';

/** The example: real reports, recipes and inventories, run through the ordinary commands. */
export const Example = z.object({
  state: z.enum(['absent', 'loading', 'loaded', 'failed', 'removed']),
  /** What stands in the way of loading it; null: nothing. */
  hindrance: z.string().nullable(),
  since: At.nullable(),
  /** What was done so far, in plain words. */
  steps: z.array(z.string()),
  parties: z.number(),
  findings: z.number(),
  cases: z.number(),
  advisories: z.number(),
  inventories: z.number(),
});
export type Example = z.infer<typeof Example>;

export const example = {
  get: operation({
    id: 'example.get',
    method: 'GET',
    path: '/v1/example',
    summary: 'Whether the example is here, and what it consists of',
    callers: ['coordinator', 'administrator'],
    output: Example,
  }),
  load: operation({
    id: 'example.load',
    method: 'POST',
    path: '/v1/example',
    summary: 'Load the example into an empty installation',
    callers: ['coordinator', 'administrator'],
    output: z.object({ state: Example.shape.state }),
    refusals: { 'not-empty': 409, 'example-missing': 409 },
  }),
  remove: operation({
    id: 'example.remove',
    method: 'POST',
    path: '/v1/example/remove',
    summary: 'Remove the example: its content is erased, its entries in the log remain',
    callers: ['coordinator', 'administrator'],
    output: z.object({ state: Example.shape.state }),
    refusals: { 'no-example': 409, 'example-joined': 409 },
  }),
};
