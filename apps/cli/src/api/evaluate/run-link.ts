import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { idOf } from '@breakwater/contract';
import { readOwnText } from '@breakwater/evaluator/files';
import { type Id, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import { replaceFile } from '../../files.ts';
import { need, Stop } from '../../stop.ts';
import { addressOf } from '../session.ts';

const bytesMax = 64 * 1024;

/** Which run of a server a folder's run is: `server.json`. No key stands in it. */
export const RunLink = z.strictObject({
  format: z.literal('breakwater-run-link/1'),
  server: z.string(),
  /** Makes beginning it happen once, however often it is tried. */
  once: z.uuid(),
  /** null: it stands alone. */
  suite: idOf('suite').nullable(),
  /** null: it was not begun there yet. */
  run: idOf('run').nullable(),
});
export type RunLink = z.infer<typeof RunLink>;

/** What a command line says of a server. */
export const LinkOptions = z.object({
  server: z.string().optional(),
  suiteId: z.string().optional(),
  runId: z.string().optional(),
});

/** A link for a run that no server knows from this folder yet. */
export function newLink(
  { suiteId, runId }: z.infer<typeof LinkOptions>,
  server: string | undefined,
): RunLink {
  return {
    format: 'breakwater-run-link/1',
    server: addressOf(server),
    once: randomUUID(),
    suite: given(idOf('suite'), suiteId, '--suite-id'),
    run: given(idOf('run'), runId, '--run-id'),
  };
}

function given<T extends 'suite' | 'run'>(
  schema: z.ZodType<Id<T>>,
  text: string | undefined,
  option: string,
): Id<T> | null {
  if (text === undefined) return null;
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Stop({
    code: 'input-malformed',
    expected: `an id of the server behind ${option}`,
    got: text,
    todo: 'take it from the page of the suite or the run, or from benchmark suites',
  });
}

/**
 * The link in the folder of a run; null: there is none. Your key goes to the server that it names,
 * so it has to be your own file.
 */
export async function readLink(folder: string): Promise<RunLink | null> {
  const place = path.join(folder, 'server.json');
  const text = await readOwnText(place, bytesMax);
  if (!text.ok && text.refusal.code === 'file-missing') return null;
  const parsed = RunLink.safeParse(jsonOf(need(text)));
  if (parsed.success) return { ...parsed.data, server: addressOf(parsed.data.server) };
  throw new Stop({
    code: 'link-malformed',
    expected: 'a server.json as it was written',
    got: z.prettifyError(parsed.error).split('\n')[0] ?? 'another form',
    todo: 'move it away, and hand the log in with benchmark send and --server',
  });
}

export async function writeLink(folder: string, link: RunLink): Promise<void> {
  const text = `${JSON.stringify(link, null, 2)}\n`;
  await replaceFile(path.join(folder, 'server.json'), utf8(text));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
