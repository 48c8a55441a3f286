import type { EngagementWant, LevelName, Owed, Side, TermsKind } from '@breakwater/contract';

/** What each kind of terms is about, in a word and in a line. */
export const kindWords: Readonly<Record<TermsKind, readonly [word: string, more: string]>> = {
  confidentiality: ['Confidentiality', 'Who may know what, and for how long.'],
  cybersecurity: ['Cybersecurity', 'How the model and what comes of it are kept safe.'],
  'insider-risk': ['Insider risk', 'How the people inside are chosen and watched.'],
  'intellectual-property': ['Intellectual property', 'What stays yours, and what comes of it.'],
  use: ['Use', 'What the model may be used for, and for nothing else.'],
  nondisclosure: ['Nondisclosure', 'What is told to nobody.'],
  agreement: ['The agreement', 'All the rest, as a whole.'],
};

/** What a developer wants, in a word and in a line. */
export const wantWords: Readonly<Record<EngagementWant, readonly [word: string, more: string]>> = {
  inquiry: ['An answer', 'Whether the model is covered.'],
  'early-access': ['Early access', 'The Government sees the model before your partners do.'],
  both: ['Both', 'An answer, and early access.'],
};

/** How much somebody sees of an engagement, in a word and in a line. */
export const levelWords: Readonly<Record<LevelName, readonly [word: string, more: string]>> = {
  summary: ['That it is there', 'Codename, dates, and what stands of the terms.'],
  detail: ['All but where the model answers', 'Terms, places, contacts and every act.'],
  all: ['Everything', 'Where the model answers, too.'],
};

const owedTexts: Readonly<Record<Owed['what'], string>> = {
  'state-dates': 'State the planned dates',
  'propose-terms': 'Propose terms',
  'sign-terms': 'Sign the terms',
  'end-windows': 'End every window',
  'cut-keys': 'Cut every key',
  'return-or-destroy': 'Return or destroy every copy',
  'attest-return': 'Attest that every copy was returned or destroyed',
};

/** What is owed, with the kind of terms it is about. */
export function owedWords({ what, kind }: Pick<Owed, 'what' | 'kind'>): string {
  return kind === null
    ? owedTexts[what]
    : `${owedTexts[what]}: ${kindWords[kind][0].toLowerCase()}`;
}

/** Who owes, as the reader of one side or of neither calls it. */
export function owerWords(ower: Side, reader: Side | null): string {
  if (ower === reader) return 'You owe';
  return ower === 'developer' ? 'The developer owes' : 'The Government owes';
}

/** The side as others name it. */
export const sideWords: Readonly<Record<Side, string>> = {
  developer: 'The developer',
  government: 'The Government',
};
