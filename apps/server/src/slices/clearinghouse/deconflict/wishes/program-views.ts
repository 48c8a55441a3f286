import type { Output, Program, ProgramScope, wishes } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import { z } from 'zod';
import type { ContentStore } from '../../../../platform/content/content.ts';
import type { Services } from '../../../../services.ts';
import { type ProgramRow, programsAt } from './program-store.ts';

/** What a directory says of one program: one content item. */
export const SaidOfProgram = z.object({
  name: z.string(),
  policy: z.string().nullable(),
  contacts: z.array(z.string()),
  safeHarbor: z.enum(['full', 'partial', 'none']).nullable(),
  scopes: z.array(
    z.object({
      written: z.string(),
      target: z.string().nullable(),
      /** Where it lies, to be compared. */
      lineage: z.string().nullable(),
      says: z.enum(['in', 'out', 'unsaid']),
      kind: z.string().nullable(),
    }),
  ),
});
export type SaidOfProgram = z.infer<typeof SaidOfProgram>;

/** What is known of a directory: one content item. */
export const SaidOfSource = z.object({
  name: z.string(),
  from: z.string().nullable(),
  license: z.string(),
});

/** Programs published for a target, with those lines of their scopes that meet it. */
export async function programsAbout(
  services: Services,
  { lineage }: Target,
): Promise<Output<typeof wishes.wishes>['programs']> {
  const rows = await services.database.read((r) => programsAt(r, lineage));
  const found = await Promise.all(
    rows.map(async (row) => {
      const said = await readItem(services.content, row.said_content, SaidOfProgram);
      const program = await programView(services, row);
      if (said === null || program === null) return null;
      const scopes = said.scopes.filter((scope) => meets(scope.lineage, lineage)).map(scopeView);
      return { program, scopes: scopes.slice(0, 100) };
    }),
  );
  return found.filter((each) => each !== null);
}

/** A program; null where what was said of it is erased. */
export async function programView(services: Services, row: ProgramRow): Promise<Program | null> {
  const said = await readItem(services.content, row.said_content, SaidOfProgram);
  const source = await readItem(services.content, row.source_content, SaidOfSource);
  if (said === null || source === null) return null;
  const { name, policy, contacts, safeHarbor } = said;
  return {
    id: row.id,
    name,
    policy,
    contacts,
    safeHarbor,
    source: { ...source, at: row.source_at },
  };
}

function scopeView({ written, target, says, kind }: SaidOfProgram['scopes'][number]): ProgramScope {
  return { written, target, says, kind };
}

function meets(a: string | null, b: string): boolean {
  return a !== null && (a.startsWith(b) || b.startsWith(a));
}

async function readItem<T extends z.ZodType>(
  content: ContentStore,
  id: Id<'content'>,
  form: T,
): Promise<z.infer<T> | null> {
  const text = await content.getText(id);
  return text === null ? null : form.parse(JSON.parse(text));
}
