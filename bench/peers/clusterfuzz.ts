import path from 'node:path';
import { z } from 'zod';
import { type Peer, pythonPackage } from './packages.ts';
import { runWhole } from './run-whole.ts';

/** The last that PyPI has. */
const pinned = '2.6.0';
const script = path.join(import.meta.dirname, 'ask-clusterfuzz.py');

export async function findClusterFuzz(): Promise<Peer> {
  return await pythonPackage('clusterfuzz', pinned);
}

const Answer = z.object({
  crashes: z.array(z.object({ type: z.string(), state: z.string(), security: z.boolean() })),
  joined: z.array(z.boolean()),
  seconds: z.number(),
});

export interface Asked {
  readonly logs: readonly string[];
  /** Two logs, by their place in the list. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly repeats: number;
}

/** What ClusterFuzz's own parser and comparer say of logs and pairs of them; ask-clusterfuzz.py. */
export async function askClusterFuzz(
  command: string,
  asked: Asked,
): Promise<z.infer<typeof Answer>> {
  const { out } = await runWhole(command, [script], { input: JSON.stringify(asked) });
  return Answer.parse(JSON.parse(out));
}
