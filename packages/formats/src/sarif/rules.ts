import { parseCvss } from '../cvss/vector.ts';
import { identifiersIn, proseOf } from '../finding/finding.ts';
import { listOf, type Members, membersOf, textsOf, wholeOf, wordsOf } from '../json/members.ts';
import type { SarifLevel, SarifRule } from './finding.ts';
import { sarifLimits } from './finding.ts';
import { textOf } from './message.ts';
import { distinct, type Taxonomy, weaknessesIn, weaknessesInBag } from './weakness.ts';

/** What results take from the rule they break. */
export interface RuleFacts {
  readonly rule: SarifRule;
  readonly guid: string | null;
  readonly level: SarifLevel | null;
  readonly messages: Members;
  readonly weaknesses: readonly string[];
  /** Named in its id, name, former ids, tags and other properties. */
  readonly identifiers: readonly string[];
  /** Texts of its properties that are CVSS vectors or package URLs. */
  readonly vectors: readonly string[];
  readonly purls: readonly string[];
  readonly securitySeverity: number | null;
}

/** The driver of a tool or one of its extensions, §3.19. */
export interface ToolPart {
  readonly name: string | null;
  readonly guid: string | null;
  readonly rules: readonly RuleFacts[];
  readonly byId: ReadonlyMap<string, RuleFacts>;
  readonly byGuid: ReadonlyMap<string, RuleFacts>;
  readonly messages: Members;
}

/** A rule and the part of the tool it belongs to. */
export interface FoundRule {
  readonly facts: RuleFacts;
  readonly part: ToolPart;
}

export interface Tool {
  readonly line: string | null;
  /** The driver first, then the extensions in their order. */
  readonly parts: readonly ToolPart[];
  /** By name and by guid; of several the first. */
  readonly named: ReadonlyMap<string, ToolPart>;
  /** By the id of the rule, in all parts; of several the first. */
  readonly byId: ReadonlyMap<string, FoundRule>;
}

/** The `tool` of a run, §3.18. */
export function toolOf(value: unknown, taxonomies: readonly Taxonomy[]): Tool {
  const tool = membersOf(value);
  const driver = membersOf(tool['driver']);
  const version = wordsOf(driver['semanticVersion'], 100) ?? wordsOf(driver['version'], 100);
  const name = wordsOf(driver['name'], 200);
  const components = [driver, ...listOf(tool['extensions'], 1_000).map(membersOf)];
  const parts = components.map((component) => partOf(component, taxonomies));
  // Files have many results and few rules: whatever a result looks up costs one step.
  const found = parts.flatMap((part) =>
    part.rules.map((facts) => [facts.rule.id, { facts, part }] as const),
  );
  const named = parts.flatMap((part) =>
    [part.name, part.guid].flatMap((each) => (each === null ? [] : [[each, part] as const])),
  );
  return {
    line: name === null ? null : version === null ? name : `${name} ${version}`,
    parts,
    named: new Map(named.toReversed()),
    byId: new Map(found.toReversed()),
  };
}

/** How a result or an override names a rule, §3.52. */
export interface RuleReference {
  readonly id: string | null;
  readonly index: number | null;
  readonly guid: string | null;
  readonly component: Members;
}

/** §3.27.5 to §3.27.7: `rule`, with `ruleId` and `ruleIndex` as its shorter forms. */
export function referenceOf(result: Members): RuleReference {
  const rule = membersOf(result['rule']);
  return {
    id: wordsOf(result['ruleId'], 1_000) ?? wordsOf(rule['id'], 1_000),
    index: wholeOf(rule['index'], 0) ?? wholeOf(result['ruleIndex'], 0),
    guid: wordsOf(rule['guid'], 100),
    component: membersOf(rule['toolComponent']),
  };
}

/** Parts of an id below that of its rule. */
const idDepthMax = 8;

/** The rule that is meant; null: the file has none. */
export function findRule(reference: RuleReference, tool: Tool): FoundRule | null {
  const { id, index, guid } = reference;
  const part = componentOf(reference.component, tool);
  if (part === undefined) return null;
  const facts =
    (index === null ? undefined : part.rules[index]) ??
    (guid === null ? undefined : part.byGuid.get(guid));
  if (facts !== undefined) return { facts, part };
  // §3.27.5: an id may go on below that of its rule, as in CA1000/1.
  let name = id ?? '';
  for (let depth = 0; name !== '' && depth < idDepthMax; depth += 1) {
    const own = part.byId.get(name);
    const found = own === undefined ? tool.byId.get(name) : { facts: own, part };
    if (found !== undefined) return found;
    name = name.slice(0, Math.max(name.lastIndexOf('/'), 0));
  }
  return null;
}

function componentOf(reference: Members, { parts, named }: Tool): ToolPart | undefined {
  const index = wholeOf(reference['index'], 0);
  if (index !== null) return parts[index + 1];
  const name = wordsOf(reference['guid'], 100) ?? wordsOf(reference['name'], 200);
  return (name === null ? undefined : named.get(name)) ?? parts[0];
}

function partOf(component: Members, taxonomies: readonly Taxonomy[]): ToolPart {
  const rules = listOf(component['rules'], sarifLimits.rulesMax).map((rule) =>
    factsOf(membersOf(rule), taxonomies),
  );
  return {
    name: wordsOf(component['name'], 200),
    guid: wordsOf(component['guid'], 100),
    rules,
    // The first of two rules with one id: §3.49.3 lets ids repeat and results then give an index.
    byId: new Map(rules.toReversed().map((facts) => [facts.rule.id, facts])),
    byGuid: new Map(rules.flatMap((facts) => (facts.guid === null ? [] : [[facts.guid, facts]]))),
    messages: membersOf(component['globalMessageStrings']),
  };
}

function factsOf(rule: Members, taxonomies: readonly Taxonomy[]): RuleFacts {
  const bag = membersOf(rule['properties']);
  const texts = textsOf(bag);
  const targets = listOf(rule['relationships'], 200).map((each) => membersOf(each)['target']);
  const name = wordsOf(rule['name'], 300);
  const id = wordsOf(rule['id'], 1_000) ?? '';
  const former = listOf(rule['deprecatedIds'], 50).flatMap((id) => wordsOf(id, 300) ?? []);
  return {
    rule: {
      id,
      name,
      summary: briefly(rule['shortDescription']),
      description: briefly(rule['fullDescription']),
      help: briefly(rule['help']),
      helpUri: wordsOf(rule['helpUri']),
    },
    guid: wordsOf(rule['guid'], 100),
    level: levelOf(membersOf(rule['defaultConfiguration'])['level']),
    messages: membersOf(rule['messageStrings']),
    weaknesses: distinct([...weaknessesIn(targets, taxonomies), ...weaknessesInBag(bag, texts)]),
    identifiers: identifiersIn([id, name ?? '', ...former, ...texts]),
    vectors: texts.filter(isVector),
    purls: texts.filter(isPurl),
    securitySeverity: severityOf(bag['security-severity']),
  };
}

/** Every result of the rule repeats it; what is longer is told at its `helpUri`. */
const ruleTextMax = 8_000;

function briefly(message: unknown): string | null {
  const text = textOf(message);
  return text === null ? null : proseOf(text, ruleTextMax);
}

export function isVector(text: string): boolean {
  return /^CVSS:[34]\.\d\//.test(text) && parseCvss(text).ok;
}

export function isPurl(text: string): boolean {
  return text.startsWith('pkg:');
}

/** A level by its name, or null. */
export function levelOf(value: unknown): SarifLevel | null {
  return (['none', 'note', 'warning', 'error'] as const).find((level) => level === value) ?? null;
}

/** GitHub's convention: a text or number from 0 to 10, beside no vector. */
function severityOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= 10 ? number : null;
}
