import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Alternative, idOf, Scope, Sharing } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { z } from 'zod';
import type { Context } from '../../command.ts';
import { replaceFile } from '../../files.ts';
import { Stop } from '../../stop.ts';

const At = z.string().transform((text, context) => {
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  context.addIssue({ code: 'custom', message: 'expected a moment' });
  return z.NEVER;
});

/** What was asked for, as it was sent. */
export const Wish = z.object({
  scope: Scope,
  sharing: Sharing,
  from: At.optional(),
  until: At,
  listed: z.boolean(),
});
export type Wish = z.infer<typeof Wish>;

const LastAnswer = z.object({
  server: z.string(),
  at: At,
  wish: Wish,
  /** Granted beside others: what an alternative would take the place of. */
  claim: idOf('claim').nullable(),
  alternatives: z.array(Alternative),
});
export type LastAnswer = z.infer<typeof LastAnswer>;

/** Others claim and release meanwhile: what is older than this is asked for again. */
const hoursMax = 12;

function fileOf({ environment }: Context): string {
  return path.join(environment.localDirectory, 'claims', 'last-answer.json');
}

/** Keeps what `--take` chooses from: exactly what the person was shown. */
export async function keepLastAnswer(answer: LastAnswer, context: Context): Promise<void> {
  const file = fileOf(context);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, new TextEncoder().encode(JSON.stringify(answer)));
}

/** What was shown last, of this server. */
export async function lastAnswer(
  server: string,
  { now }: { readonly now: string },
  context: Context,
): Promise<LastAnswer> {
  const text = await readFile(fileOf(context), 'utf8').catch(() => '');
  const parsed = LastAnswer.safeParse(jsonOrNull(text));
  const kept = parsed.success ? parsed.data : null;
  const age = kept === null ? 0 : Date.parse(now) - Date.parse(kept.at);
  if (kept !== null && kept.server === server && age < hoursMax * 3_600_000) return kept;
  throw new Stop({
    code: 'nothing-to-take',
    expected: `alternatives that ${server} named in the last ${hoursMax} hours`,
    got: kept === null ? 'none' : kept.server === server ? 'older ones' : `those of ${kept.server}`,
    todo: 'ask again with the targets: breakwater claim preview, or breakwater claim',
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
