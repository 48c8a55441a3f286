import type { collect, FindingDraft, Output } from '@breakwater/contract';

/** A finding as it stands in the form. */
export interface Draft {
  readonly key: string;
  readonly number: number;
  readonly package: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly recipe: string;
  readonly identifiers: readonly string[];
  readonly weakness: string | null;
  readonly location: FindingDraft['location'];
  readonly cvss: string | null;
  /** The whole report of a tool; null for words. */
  readonly crash: { readonly report: string; readonly said: FindingDraft['crash'] } | null;
}

export function emptyDraft(): Draft {
  return {
    key: 'by-hand',
    number: 1,
    package: '',
    version: '',
    title: '',
    description: '',
    recipe: '',
    identifiers: [],
    weakness: null,
    location: null,
    cvss: null,
    crash: null,
  };
}

/** What a file was understood as, one draft for each finding in it. `text` is the file. */
export function fromPreview(
  preview: Output<typeof collect.preview>,
  text: string,
): readonly Draft[] {
  return preview.drafts.map((draft, at) => ({
    key: `draft-${at + 1}`,
    number: at + 1,
    package: draft.package ?? '',
    version: draft.version ?? '',
    title: draft.title ?? '',
    description: draft.description ?? '',
    recipe: draft.recipe ?? '',
    identifiers: draft.identifiers,
    weakness: draft.weakness,
    location: draft.location,
    cvss: draft.cvss,
    crash: draft.kind === 'crash' ? { report: text, said: draft.crash } : null,
  }));
}
