import { ok, type Result, refuse } from '@breakwater/kernel';
import { identifiersIn, lineOf, proseOf, toldLimits, versionOf } from '../finding/finding.ts';
import { listOf, type Members, membersOf, textsOf, wholeOf, wordsOf } from '../json/members.ts';
import { asObject } from '../json/read-json.ts';
import { buildPurl, parsePurl } from '../purl/purl.ts';
import {
  type SarifClosed,
  type SarifFinding,
  type SarifFingerprint,
  type SarifLevel,
  type SarifPlace,
  type SarifRule,
  sarifLimits,
} from './finding.ts';
import { messageOf, textOf } from './message.ts';
import { placeOf } from './place.ts';
import { findRule, isPurl, isVector, levelOf, type RuleFacts, referenceOf } from './rules.ts';
import { overrideOf, type RunFacts } from './run.ts';
import { distinct, weaknessesIn, weaknessesInBag } from './weakness.ts';

/**
 * Reads one result, §3.27, with the run it is of.
 *
 * What the standard requires is a message; a result without one and without a rule says nothing
 * and is refused. Everything else is read as far as it has the form, and left out where it has not.
 */
export function readResult(
  value: unknown,
  run: RunFacts,
  pointer: string,
): Result<SarifFinding, 'row-malformed'> {
  const result = asObject(value);
  if (result === null) return malformed('an object', 'another value', pointer);
  const reference = referenceOf(result);
  const found = findRule(reference, run.tool);
  const facts = found?.facts ?? null;
  const described = [facts?.messages, found?.part.messages].filter((each) => each !== undefined);
  const message = messageOf(result['message'], described);
  const rule = ruleOf(reference.id, facts);
  const title = titleOf(message, rule);
  if (title === '') return malformed('a message or a rule (§3.27.5, §3.27.11)', 'neither', pointer);
  const places = placesOf(result['locations'], run);
  const [place] = places;
  const bag = membersOf(result['properties']);
  const texts = textsOf(bag);
  const weaknesses = distinct([
    ...weaknessesIn(listOf(result['taxa'], 200), run.taxonomies),
    ...weaknessesInBag(bag, texts),
    ...(facts?.weaknesses ?? []),
  ]);
  const told = { message, rule, steps: stepsOf(result, run), result };
  const related = placesOf(result['relatedLocations'], run);
  return ok({
    ...packageIn(texts.filter(isPurl), facts?.purls ?? []),
    title,
    description: descriptionOf({ ...told, places, related }) || title,
    weakness: weaknesses[0] ?? null,
    location: locationOf(place),
    identifiers: identifiersOf([reference.id ?? '', ...texts], facts),
    cvss: [...texts.filter(isVector), ...(facts?.vectors ?? [])].toSorted().at(-1) ?? null,
    tool: run.tool.line === null ? null : lineOf(run.tool.line, toldLimits.toolMax),
    rule,
    level: levelFor(result, facts, run),
    securitySeverity: facts?.securitySeverity ?? null,
    weaknesses,
    fingerprints: fingerprintsOf(result['fingerprints']),
    partialFingerprints: fingerprintsOf(result['partialFingerprints']),
    guid: wordsOf(result['guid'], 100),
    places,
    related,
    steps: told.steps,
    closedAs: closedAs(result),
    baselineState: baselineOf(result['baselineState']),
  });
}

function ruleOf(id: string | null, facts: RuleFacts | null): SarifRule | null {
  if (facts !== null) return { ...facts.rule, id: id ?? facts.rule.id };
  if (id === null) return null;
  return { id, name: null, summary: null, description: null, help: null, helpUri: null };
}

/** A message of one line says it best; a longer one is a list of facts, and the rule names it. */
function titleOf(message: string | null, rule: SarifRule | null): string {
  const isLine = message !== null && message.length <= 200 && !/\n/.test(message);
  const words = [
    ...(isLine ? [message] : []),
    rule?.summary,
    message,
    rule?.name,
    rule?.description,
    rule?.id,
  ];
  return lineOf(words.find((each) => each !== null && each !== undefined && each !== '') ?? '');
}

function placesOf(locations: unknown, run: RunFacts): readonly SarifPlace[] {
  return listOf(locations, sarifLimits.placesMax).map((each) => placeOf(each, run.where));
}

function locationOf(place: SarifPlace | undefined): SarifFinding['location'] {
  if (place === undefined || (place.path === null && place.function === null)) return null;
  return {
    path: place.path ?? 'not given',
    ...(place.line === null ? {} : { line: place.line }),
    ...(place.function === null ? {} : { function: place.function }),
  };
}

/** Steps of the first thread of the first code flow (§3.36), or frames of the first stack (§3.44). */
function stepsOf(result: Members, run: RunFacts): readonly SarifPlace[] {
  const [flow] = listOf(result['codeFlows'], 1);
  const [thread] = listOf(membersOf(flow)['threadFlows'], 1);
  const steps = listOf(membersOf(thread)['locations'], sarifLimits.stepsMax);
  if (steps.length > 0) {
    return steps.map((step) => {
      const own = membersOf(step);
      const index = wholeOf(own['index'], 0);
      const shared = membersOf(index === null ? null : run.threadFlowLocations[index]);
      return placeOf(own['location'] ?? shared['location'], run.where);
    });
  }
  const [stack] = listOf(result['stacks'], 1);
  const frames = listOf(membersOf(stack)['frames'], sarifLimits.stepsMax);
  return frames.map((frame) => placeOf(membersOf(frame)['location'], run.where));
}

interface Told {
  readonly message: string | null;
  readonly rule: SarifRule | null;
  readonly result: Members;
  readonly steps: readonly SarifPlace[];
  readonly places: readonly SarifPlace[];
  readonly related: readonly SarifPlace[];
}

function descriptionOf({ message, rule, result, steps, places, related }: Told): string {
  const fixes = listOf(result['fixes'], 10).flatMap(
    (fix) => textOf(membersOf(fix)['description']) ?? [],
  );
  const name = rule?.name === null || rule?.name === rule?.id ? '' : ` (${rule?.name})`;
  const about = [rule?.description ?? rule?.summary, rule?.help].filter(
    (each) => each !== null && each !== undefined && each !== message,
  );
  const parts = [
    message ?? '',
    rule === null ? '' : section(`Rule ${rule.id}${name}`, [...about, rule.helpUri ?? '']),
    section(
      'Steps',
      steps.map((step, i) => `${i + 1}. ${wordsAt(step)}`),
    ),
    section('Also at', places.slice(1).map(wordsAt)),
    section('Related', related.map(wordsAt)),
    section('Fix, as the tool proposes it', fixes),
  ];
  return proseOf(parts.filter((part) => part !== '').join('\n\n'));
}

function section(title: string, lines: readonly (string | null | undefined)[]): string {
  const said = lines.filter((line) => line !== null && line !== undefined && line !== '');
  return said.length === 0 ? '' : `${title}:\n${said.join('\n')}`;
}

function wordsAt({ path, line, function: name, message }: SarifPlace): string {
  const file = path === null ? '' : line === null ? path : `${path}:${line}`;
  const where = [file, name === null ? '' : `in ${name}`].filter((each) => each !== '').join(' ');
  return [where || 'somewhere', message].filter((each) => each !== null).join(': ');
}

/** §3.27.10: what the result says; else a kind other than `fail` has none; else the rule's. */
function levelFor(result: Members, facts: RuleFacts | null, run: RunFacts): SarifLevel {
  const own = levelOf(result['level']);
  if (own !== null) return own;
  if (result['kind'] !== undefined && result['kind'] !== 'fail') return 'none';
  const { id, index } = referenceOf(result);
  const rule = { id: facts?.rule.id ?? id, index };
  return overrideOf(run, result, rule) ?? facts?.level ?? 'warning';
}

const closedKinds: Readonly<Record<string, SarifClosed>> = {
  pass: 'pass',
  notApplicable: 'not-applicable',
  informational: 'informational',
};

function closedAs(result: Members): SarifClosed | null {
  const kind = wordsOf(result['kind'], 50) ?? 'fail';
  if (Object.hasOwn(closedKinds, kind)) return closedKinds[kind] ?? null;
  if (result['baselineState'] === 'absent') return 'absent-since-baseline';
  return isSuppressed(result['suppressions']) ? 'suppressed' : null;
}

/** §3.27.23, §3.35.3: by at least one, and none of them rejected or still under review. */
function isSuppressed(value: unknown): boolean {
  const states = listOf(value, 100).map((each) => membersOf(each)['status'] ?? 'accepted');
  return states.length > 0 && states.every((state) => state === 'accepted');
}

function baselineOf(value: unknown): SarifFinding['baselineState'] {
  return (['new', 'unchanged', 'updated'] as const).find((state) => state === value) ?? null;
}

/** A value with a space in it is a sentence in the place of a fingerprint, as some tools write. */
function fingerprintsOf(value: unknown): readonly SarifFingerprint[] {
  const all = Object.entries(membersOf(value)).slice(0, sarifLimits.fingerprintsMax);
  return all
    .flatMap(([name, each]) => {
      // Black Duck writes an object in the place of the text: {"csvRowSha256": {"value": "…"}}.
      const inside = Object.entries(membersOf(each)).slice(0, sarifLimits.fingerprintsMax);
      const named = inside.map(([part, text]) => [`${name}/${part}`, text] as const);
      return named.length === 0 ? [[name, each] as const] : named;
    })
    .flatMap(([name, each]) => {
      const text = typeof each === 'string' ? each.trim() : '';
      const isOne = text !== '' && text.length <= 1_000 && !/\s/.test(text);
      return isOne && name.length <= 300 ? [{ name, value: text }] : [];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The one package that properties name by its URL; of several none is the one. */
function packageIn(own: readonly string[], ofRule: readonly string[]) {
  for (const texts of [own, ofRule]) {
    const named = new Map<string, Set<string>>();
    for (const text of texts) {
      const purl = parsePurl(text);
      if (!purl.ok) continue;
      const { type, namespace, name, version } = purl.value;
      const bare = buildPurl({ type, namespace, name });
      if (!bare.ok) continue;
      const versions = named.get(bare.value.canonical) ?? new Set();
      named.set(bare.value.canonical, versions.add(version ?? ''));
    }
    const [only, ...others] = named;
    if (only === undefined || others.length > 0) continue;
    const [name, versions] = only;
    const [version, ...more] = versions;
    return { package: name, version: more.length > 0 ? null : versionOf(version) };
  }
  return { package: null, version: null };
}

function identifiersOf(texts: readonly string[], facts: RuleFacts | null): readonly string[] {
  const all = new Set([...identifiersIn(texts), ...(facts?.identifiers ?? [])]);
  return [...all].slice(0, toldLimits.identifiersMax);
}

function malformed(expected: string, got: string, pointer: string) {
  const todo = 'correct it in the tool that wrote the file, or leave the result out';
  return refuse({ code: 'row-malformed' as const, expected, got, todo, pointer });
}
