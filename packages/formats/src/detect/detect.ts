import { type JsonPath, JsonSplitter } from '../json/split-json.ts';

/** What a file is, as far as its content tells; the name it has decides nothing. */
export type FileFormat =
  | 'sarif'
  | 'csaf'
  | 'cve'
  | 'osv'
  | 'openvex'
  | 'cyclonedx'
  | 'spdx'
  | 'package-lock'
  | 'github'
  | 'defectdojo'
  | 'native'
  | 'kev'
  | 'dsse'
  | 'json'
  | 'xml'
  | 'text'
  | 'binary';

export interface Detected {
  readonly format: FileFormat;
  /** The file is a list of such. */
  readonly isList: boolean;
  /** In words, with an article: `a SARIF log`. */
  readonly words: string;
}

/** Names at the beginning of a file's outermost object, and the short texts some of them have. */
type Members = ReadonlyMap<string, string | null>;

const headBytes = 262_144;
const sliceBytes = 8_192;

/**
 * Tells what a file is from its first bytes; more than 256 KiB are not looked at.
 *
 * JSON is told by the names of its outermost object, or of the first element of a list, so that a
 * word in somebody's text decides nothing.
 */
export function detectFormat(bytes: Uint8Array): Detected {
  const head = bytes.subarray(0, headBytes);
  const start = startOf(head);
  const first = head[start];
  if (first !== 0x7b && first !== 0x5b) return detected(ofText(head), false);
  const members = new Map<string, string | null>();
  const splitter = new JsonSplitter({
    choose: (path, opening) => look(path, opening, members),
    limits: { depthMax: 512, pieceBytesMax: 1_000, membersMax: 10_000 },
  });
  let format: FileFormat | null = null;
  for (let at = 0; at < head.length && format === null; at += sliceBytes) {
    const pieces = splitter.push(head.subarray(at, at + sliceBytes));
    if (!pieces.ok) break;
    for (const { path, bytes: text } of pieces.value) {
      if (text !== null) members.set(nameIn(path), new TextDecoder().decode(text));
    }
    format = sure(members);
  }
  return detected(format ?? likely(members), first === 0x5b);
}

function look(path: JsonPath, opening: '{' | '[' | 'other', members: Map<string, string | null>) {
  const depth = path[0] === 0 || typeof path[0] === 'number' ? path.length - 1 : path.length;
  if (path.length === 0) return 'enter';
  if (typeof path[0] === 'number' && path[0] > 0) return 'skip';
  if (depth === 0) return 'enter';
  const name = nameIn(path);
  if (!members.has(name)) members.set(name, null);
  if (name === 'document' && opening === '{') return 'enter';
  return opening === 'other' ? 'keep' : 'skip';
}

/** `document.csaf_version`, without the index of a list's element. */
function nameIn(path: JsonPath): string {
  return path.filter((part) => typeof part === 'string').join('.');
}

/** What only one format has. */
function sure(members: Members): FileFormat | null {
  const is = (name: string, pattern: RegExp) => pattern.test(members.get(name) ?? '');
  if (members.has('document.csaf_version')) return 'csaf';
  if (is('dataType', /^"CVE_RECORD"$/) || members.has('cveMetadata')) return 'cve';
  if (is('bomFormat', /^"CycloneDX"$/)) return 'cyclonedx';
  if (is('@context', /openvex/i)) return 'openvex';
  if (members.has('spdxVersion') || is('@context', /spdx/i)) return 'spdx';
  if (members.has('lockfileVersion')) return 'package-lock';
  if (members.has('ghsa_id')) return 'github';
  if (members.has('payloadType') && members.has('payload')) return 'dsse';
  if (is('kind', /^"(native|crash)"$/)) return 'native';
  if (members.has('catalogVersion') && members.has('vulnerabilities')) return 'kev';
  if (is('$schema', /sarif/i) || (members.has('version') && members.has('runs'))) return 'sarif';
  return null;
}

/** What is asked when all names are known, because others may have these too. */
function likely(members: Members): FileFormat {
  const has = (...names: readonly string[]) => names.every((name) => members.has(name));
  if (has('id', 'modified') || has('id', 'affected') || has('schema_version', 'id')) return 'osv';
  if (has('runs')) return 'sarif';
  if (has('results') || has('findings') || has('title')) return 'defectdojo';
  return 'json';
}

const inWords: Readonly<Record<FileFormat, readonly [one: string, list: string]>> = {
  sarif: ['a SARIF log', 'SARIF logs'],
  csaf: ['a CSAF document', 'CSAF documents'],
  cve: ['a CVE record', 'CVE records'],
  osv: ['an OSV record', 'OSV records'],
  openvex: ['an OpenVEX document', 'OpenVEX documents'],
  cyclonedx: ['a CycloneDX document', 'CycloneDX documents'],
  spdx: ['an SPDX document', 'SPDX documents'],
  'package-lock': ['a package-lock.json', 'lock files'],
  github: ['a GitHub advisory', 'GitHub advisories'],
  defectdojo: ['a DefectDojo export', 'DefectDojo findings'],
  native: ['a finding in our own form', 'findings in our own form'],
  kev: ['the KEV catalog', 'KEV catalogs'],
  dsse: ['a signed DSSE envelope', 'signed DSSE envelopes'],
  json: ['JSON of none of these forms', 'a JSON list of none of these forms'],
  xml: ['XML', 'XML'],
  text: ['text', 'text'],
  binary: ['bytes that are no text', 'bytes that are no text'],
};

function detected(format: FileFormat, isList: boolean): Detected {
  return { format, isList, words: inWords[format][isList ? 1 : 0] };
}

/** Behind a byte order mark and white space. */
function startOf(head: Uint8Array): number {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && (head[at] ?? 0) <= 0x20 && head[at] !== 0) at += 1;
  return at;
}

function ofText(head: Uint8Array): FileFormat {
  const text = new TextDecoder().decode(head.subarray(0, 4_096));
  if (text.includes('\0')) return 'binary';
  // One character may be cut in two by the end of what is looked at.
  if (text.slice(0, -1).includes('\uFFFD')) return 'binary';
  return /^\s*<(?:\?xml|[a-z])/i.test(text) ? 'xml' : 'text';
}
