import { ok, type Result, refuse } from '@breakwater/kernel';
import { listOf, type Members, membersOf, wordsOf } from '../json/members.ts';
import { asObject, type JsonRefusal, readJson } from '../json/read-json.ts';
import { uriPattern } from '../uri/uri.ts';
import {
  type DisclosureProgram,
  type NotUnderstood,
  type ProgramList,
  programLimits,
  type WrittenScope,
} from './program.ts';

/** `disclose-io`: program-list.json of disclose/diodb; the others: arkadiyt/bounty-targets-data. */
export const programFormats = [
  'disclose-io',
  'hackerone',
  'bugcrowd',
  'intigriti',
  'yeswehack',
] as const;
export type ProgramFormat = (typeof programFormats)[number];

export type ProgramCode = JsonRefusal | 'not-a-list' | 'too-many-programs';

/**
 * Reads a directory of disclosure programs from UTF-8 JSON: a list with one object for each program.
 * A row that cannot be read is told and passed over; the others stand.
 */
export function readPrograms(
  bytes: Uint8Array,
  format: ProgramFormat,
): Result<ProgramList, ProgramCode> {
  const json = readJson(bytes, programLimits);
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) {
    return no('not-a-list', 'a list of programs', 'another kind of JSON');
  }
  const rows: readonly unknown[] = json.value;
  const { programsMax } = programLimits;
  if (rows.length > programsMax) {
    return no('too-many-programs', `at most ${programsMax} programs`, `${rows.length}`);
  }
  const programs = new Map<string, DisclosureProgram>();
  const notUnderstood: NotUnderstood[] = [];
  for (const [at, row] of rows.entries()) {
    const fault = (code: NotUnderstood['code'], text: string, below = '') =>
      void notUnderstood.push({ where: `/${at}${below}`, code, text });
    const of = { at, fault };
    const members = asObject(row);
    if (members === null) {
      fault('no-object', 'not an object, so no program');
      continue;
    }
    const program =
      format === 'disclose-io' ? ofDiscloseIo(members, fault) : ofPlatform(members, format, of);
    if (program === null) continue;
    if (programs.has(program.key)) fault('twice', `the program ${program.key} stands there twice`);
    else programs.set(program.key, program);
  }
  return ok({ programs: [...programs.values()], notUnderstood });
}

type Fault = (code: NotUnderstood['code'], text: string, below?: string) => void;

function ofDiscloseIo(row: Members, fault: Fault): DisclosureProgram | null {
  const name = nameOf(row['program_name'], fault);
  if (name === null) return null;
  const web = (member: string) => webOf(row[member], fault, `/${member}`);
  const mail = mailOf(row['contact_email'], fault);
  const contact = contactOf(row['contact_url'], fault);
  const harbor = row['safe_harbor'];
  return {
    key: name,
    name,
    policy: web('policy_url'),
    contacts: [...new Set([contact, mail])].filter((each) => each !== null),
    safeHarbor: harbor === 'full' || harbor === 'partial' || harbor === 'none' ? harbor : null,
    securityTxt: web('securitytxt_url'),
    scopes: [],
  };
}

/** Which member of a scope bears the target, and which its kind. */
const scopeMembers = {
  hackerone: ['asset_identifier', 'asset_type'],
  bugcrowd: ['target', 'type'],
  intigriti: ['endpoint', 'type'],
  yeswehack: ['target', 'type'],
} as const;

function ofPlatform(
  row: Members,
  format: Exclude<ProgramFormat, 'disclose-io'>,
  { at, fault }: { readonly at: number; readonly fault: Fault },
): DisclosureProgram | null {
  const name = nameOf(row['name'], fault);
  if (name === null) return null;
  if (row['public'] === false || row['disabled'] === true) {
    fault('not-public', `${name} is closed, or not for everybody`);
    return null;
  }
  const slug = wordsOf(row['id'], 200);
  const policy =
    format === 'yeswehack' && slug !== null && row['url'] === undefined
      ? `https://yeswehack.com/programs/${encodeURIComponent(slug)}`
      : webOf(row['url'], fault, '/url');
  const targets = membersOf(row['targets']);
  const scopes = [
    ...scopesOf(targets['in_scope'], { format, says: 'in', at, fault }),
    ...scopesOf(targets['out_of_scope'], { format, says: 'out', at, fault }),
  ];
  const key = policy ?? name;
  return { key, name, policy, contacts: [], safeHarbor: null, securityTxt: null, scopes };
}

function scopesOf(
  list: unknown,
  given: {
    readonly format: keyof typeof scopeMembers;
    readonly says: WrittenScope['says'];
    readonly at: number;
    readonly fault: Fault;
  },
): readonly WrittenScope[] {
  const { format, says, fault } = given;
  const { scopesMax } = programLimits;
  const [target, kind] = scopeMembers[format];
  const below = `/targets/${says === 'in' ? 'in_scope' : 'out_of_scope'}`;
  if (Array.isArray(list) && list.length > scopesMax) {
    fault('too-many', `more than ${scopesMax} lines; the rest is left out`, below);
  }
  return listOf(list, scopesMax).flatMap((each, line) => {
    const members = membersOf(each);
    const written = wordsOf(members[target], 2_048);
    if (written === null) {
      fault('no-object', `a line without ${target}`, `${below}/${line}`);
      return [];
    }
    return [
      { where: `/${given.at}${below}/${line}`, written, says, kind: wordsOf(members[kind], 60) },
    ];
  });
}

function nameOf(value: unknown, fault: Fault): string | null {
  const name = wordsOf(value, 300);
  if (name === null) fault('name-missing', 'a program without a name');
  return name;
}

function webOf(value: unknown, fault: Fault, below: string): string | null {
  const text = wordsOf(value, 2_000);
  if (text === null) return null;
  if (isWeb(text)) return text;
  fault('not-an-address', `${text.slice(0, 200)} is no address of the web`, below);
  return null;
}

/** A directory kept by hand puts mail addresses where addresses of the web belong. */
function contactOf(value: unknown, fault: Fault): string | null {
  const text = wordsOf(value, 2_000);
  return text !== null && isMail(text) ? text : webOf(value, fault, '/contact_url');
}

function mailOf(value: unknown, fault: Fault): string | null {
  const text = wordsOf(value, 2_000);
  if (text === null) return null;
  if (isMail(text)) return text;
  fault('not-an-address', `${text.slice(0, 200)} is no mail address`, '/contact_email');
  return null;
}

function isWeb(text: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(text) && uriPattern.test(text);
}

function isMail(text: string): boolean {
  return /^[^\s@<>()",;:\\[\]\p{C}]{1,64}@[^\s@<>()",;:\\[\]\p{C}]{1,189}$/u.test(text);
}

function no<C extends ProgramCode>(code: C, expected: string, got: string) {
  return refuse({ code, expected, got, todo: 'send the file as its directory publishes it' });
}
