import type { Json } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { z } from 'zod';
import { pathTo } from '../../app/paths.ts';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { actWords } from './acts.ts';

/** What every entry says; `data` depends on the act (docs/log-format.md). */
const Content = z.object({
  at: z.iso.datetime(),
  actor: z.string(),
  act: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.json()),
});

interface EntryWordsProps {
  readonly content: Json;
  /** Who acted, by name, where the reader may know; the entry itself holds no name. */
  readonly actor?: string | null;
  /** Whether the reader can open the case that it is about. */
  readonly linked?: boolean;
}

/** A disclosed entry in words: who, what, when and about what. */
export function EntryWords({ content, actor = null, linked = false }: EntryWordsProps) {
  const parsed = Content.safeParse(content);
  if (!parsed.success) return null;
  const { at, act, subject, data, actor: id } = parsed.data;
  const about = parseId('case', subject);
  const more = Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([label, value]) => [label, <code key={label}>{shown(value)}</code>] as const);
  return (
    <Facts
      items={[
        ['Act', actWords(act)],
        ['When', <Time key="at" at={at} />],
        ['By', actor ?? <code key="by">{id}</code>],
        [
          'About',
          about !== null && linked ? (
            <a key="about" href={pathTo('case', { case: about })}>
              the case <code>{subject}</code>
            </a>
          ) : (
            <code key="about">{subject}</code>
          ),
        ],
        ...more,
      ]}
    />
  );
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
