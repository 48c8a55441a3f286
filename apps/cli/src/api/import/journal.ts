import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '@breakwater/kernel';
import { z } from 'zod';
import { reasonOf } from '../../files.ts';
import { Stop } from '../../stop.ts';

const Sent = z.object({ key: z.string(), finding: z.string(), standing: z.string() });
export type Sent = z.infer<typeof Sent>;

/** What was handed in before, by idempotency key; kept so that a repeated import need not ask. */
export interface ImportJournal {
  readonly sent: ReadonlyMap<string, Sent>;
  note(sent: Sent): Promise<void>;
}

/**
 * The idempotency key of a finding: from its content alone, so that the same row of any file, at
 * any time, is the same request and is carried out once.
 */
export function keyOfBody(body: unknown): string {
  const bytes = canonicalJson(JSON.parse(JSON.stringify(body)));
  return `import-${createHash('sha256').update(bytes).digest('hex').slice(0, 48)}`;
}

/**
 * Opens the journal for one server and one API key; it holds ids and digests, nothing of what was
 * found. Losing it costs time only: the server knows the keys too.
 */
export async function openJournal(
  folder: string,
  { server, apiKey }: { readonly server: string; readonly apiKey: string },
): Promise<ImportJournal> {
  const whose = createHash('sha256').update(`${server}\n${apiKey}`).digest('hex').slice(0, 32);
  const file = path.join(folder, 'imports', `${whose}.ndjson`);
  const sent = new Map<string, Sent>();
  for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n')) {
    const one = parseLine(line);
    if (one !== null) sent.set(one.key, one);
  }
  return {
    sent,
    async note(one) {
      sent.set(one.key, one);
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await appendFile(file, `${JSON.stringify(one)}\n`, { mode: 0o600 });
      } catch (error) {
        throw new Stop({
          code: 'file-not-written',
          expected: `to note what was handed in, in ${file}`,
          got: reasonOf(error),
          todo: 'make room or give the right, and run the same command again: nothing is done twice',
        });
      }
    },
  };
}

/** A line that a crash cut short counts for nothing. */
function parseLine(line: string): Sent | null {
  try {
    return Sent.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
