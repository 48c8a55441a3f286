import { Channel } from '@breakwater/contract';
import { canonicalJson, fromUtf8, type Id } from '@breakwater/kernel';
import { z } from 'zod';
import type { ContentStore } from '../../../../platform/content/content.ts';

/** Everything of a statement that is text or a person's: one content item, never a row. */
export const Said = z.object({
  target: z.string(),
  /** The address of a file, or the name of a feed; null: our own form. */
  from: z.string().nullable(),
  optOut: z.string().nullable(),
  channels: z.array(Channel),
  policies: z.array(z.string()),
  threatModel: z.string().nullable(),
  notVulnerabilities: z.array(
    z.object({
      weakness: z.string().nullable(),
      path: z.string().nullable(),
      words: z.string(),
    }),
  ),
  quoted: z.string().nullable(),
  notes: z.array(z.object({ field: z.string(), value: z.string() })),
});
export type Said = z.infer<typeof Said>;

/** Nothing said but where. */
export function sayNothing(target: string, from: string | null): Said {
  return {
    target,
    from,
    optOut: null,
    channels: [],
    policies: [],
    threatModel: null,
    notVulnerabilities: [],
    quoted: null,
    notes: [],
  };
}

/** The text a statement is kept as; the same for the same. */
export function textOf(said: Said): string {
  return fromUtf8(canonicalJson(said));
}

/** What was said; null where it was erased. */
export async function saidIn(content: ContentStore, id: Id<'content'>): Promise<Said | null> {
  const text = await content.getText(id);
  return text === null ? null : Said.parse(JSON.parse(text));
}
