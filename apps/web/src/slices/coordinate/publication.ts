import type { Body, Case, distribute } from '@breakwater/contract';
import { Publication } from '@breakwater/contract';
import type { z } from 'zod';

/** What the form holds: text as it was typed, rows as they stand. */
export interface Draft {
  readonly summary: string;
  readonly details: string;
  readonly affected: readonly AffectedRow[];
  /** One per line. */
  readonly aliases: string;
  /** CVSS vectors, one per line. */
  readonly severity: string;
  /** Such as CWE-787, one per line. */
  readonly weaknesses: string;
  /** One address per line. */
  readonly references: string;
  /** Id of a verified patch, or empty. */
  readonly patch: string;
  readonly creditFinders: boolean;
}

export interface AffectedRow {
  readonly key: number;
  readonly ecosystem: string;
  readonly package: string;
  readonly introduced: string;
  readonly fixed: string;
  readonly binaries: string;
}

/** The ecosystems whose version orders the server knows. */
export const ecosystems: readonly string[] =
  Publication.shape.affected.element.shape.ecosystem.options;

/** A first draft: what the case itself says. */
export function draftOf(shown: Pick<Case, 'title' | 'package'>): Draft {
  const [, kind = '', name = ''] = /^pkg:([a-z]+)\/(?:debian\/)?(.+)$/.exec(shown.package) ?? [];
  const ecosystem = kind === 'deb' ? 'Debian' : 'npm';
  return {
    summary: shown.title,
    details: '',
    affected: [
      {
        key: 1,
        ecosystem,
        package: decodeURIComponent(name),
        introduced: '0',
        fixed: '',
        binaries: '',
      },
    ],
    aliases: '',
    severity: '',
    weaknesses: '',
    references: '',
    patch: '',
    creditFinders: true,
  };
}

/** What the draft asks to publish; whether it may is for the contract and the server to say. */
export function publicationOf(
  draft: Draft,
): z.input<typeof Publication> & Body<typeof distribute.publish> {
  const severity = wordsOf(draft.severity);
  const weaknesses = wordsOf(draft.weaknesses);
  const made = {
    summary: draft.summary,
    details: draft.details,
    affected: draft.affected.map(({ key: _key, binaries, ...row }) => ({
      ...row,
      binaries: wordsOf(binaries),
    })),
    aliases: wordsOf(draft.aliases),
    ...(severity.length === 0 ? {} : { severity }),
    ...(weaknesses.length === 0 ? {} : { weaknesses }),
    references: wordsOf(draft.references).map((url) => ({ type: 'WEB', url })),
    creditFinders: draft.creditFinders,
    ...(draft.patch === '' ? {} : { patch: draft.patch }),
  };
  // Unparsed input: it is parsed by the page before it is shown, and by the server before it counts.
  return made as unknown as z.input<typeof Publication> & Body<typeof distribute.publish>;
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
