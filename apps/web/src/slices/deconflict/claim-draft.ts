import type { Method, Scope } from '@breakwater/contract';
import { methods } from '@breakwater/contract';
import type { Search } from '../../app/paths.ts';
import { sentOf } from './target-field.tsx';

/** What somebody is writing down to claim: text as typed. */
export interface ClaimDraft {
  /** One place a line. */
  readonly targets: string;
  readonly except: string;
  readonly versions: string;
  readonly methods: readonly Method[];
  /** Ids of the CWE, with anything between them. */
  readonly weaknesses: string;
  readonly exceptWeaknesses: string;
  readonly sharing: 'alone' | 'beside';
  readonly listed: boolean;
}

/** What an empty form begins with: the mildest that is useful, and room for others. */
export const blankDraft: ClaimDraft = {
  targets: '',
  except: '',
  versions: '',
  methods: ['static', 'fuzz'],
  weaknesses: '',
  exceptWeaknesses: '',
  sharing: 'beside',
  listed: true,
};

/** Lines that say something. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `cwe 125, 416` are CWE-125 and CWE-416. */
export function weaknessesOf(text: string): readonly string[] {
  const numbers = text.match(/\d{1,5}/g) ?? [];
  return [...new Set(numbers.map((number) => `CWE-${Number(number)}`))];
}

/** The scope a draft says. Versions stand beside every place that has some. */
export function scopeOf(draft: ClaimDraft): Scope {
  return {
    targets: linesOf(draft.targets).map(sentOf),
    places: [],
    except: linesOf(draft.except).map(sentOf),
    ...(draft.versions.trim() === '' ? {} : { versions: draft.versions.trim() }),
    methods: methods.filter((method) => draft.methods.includes(method)),
    weaknesses: [...weaknessesOf(draft.weaknesses)],
    exceptWeaknesses: [...weaknessesOf(draft.exceptWeaknesses)],
  };
}

/** A draft from an address, as the map of coverage links to it. */
export function draftOf(search: Readonly<Record<string, string>>): ClaimDraft {
  const asked = (search['methods'] ?? '').split(',');
  const given = methods.filter((method) => asked.includes(method));
  return {
    ...blankDraft,
    targets: search['targets'] ?? '',
    except: search['except'] ?? '',
    versions: search['versions'] ?? '',
    methods: given.length === 0 ? blankDraft.methods : given,
    weaknesses: search['weaknesses'] ?? '',
    exceptWeaknesses: search['exceptWeaknesses'] ?? '',
  };
}

/** The other way: what to put behind the question mark. */
export function searchOf(draft: Partial<ClaimDraft>): Search {
  const { targets, except, versions, weaknesses, exceptWeaknesses } = draft;
  const asked = draft.methods?.join(',');
  return { targets, except, versions, methods: asked, weaknesses, exceptWeaknesses };
}
