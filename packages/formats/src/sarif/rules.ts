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
  /** Tags and other texts of its properties, its name and former ids. */
  readonly texts: readonly string[];
  readonly securitySeverity: number | null;
}

/** The driver of a tool or one of its extensions, §3.19. */
export interface ToolPart {
  readonly name: string | null;
  readonly guid: string | null;
  readonly rules: readonly RuleFacts[];
  readonly byId: ReadonlyMap<string, RuleFacts>;
  readonly messages: Members;
}

export interface Tool {
  readonly line: string | null;
  /** The driver first, then the extensions in their order. */
  readonly parts: readonly ToolPart[];
}

/** The `tool` of a run, §3.18. */
export function toolOf(value: unknown, taxonomies: readonly Taxonomy[]): Tool {
  const tool = membersOf(value);
  const driver = membersOf(tool['driver']);
  const version = wordsOf(driver['semanticVersion'], 100) ?? wordsOf(driver['version'], 100);
  const name = wordsOf(driver['name'], 200);
  const components = [driver, ...listOf(tool['extensions'], 1_000).map(membersOf)];
  return {
    line: name === null ? null : version === null ? name : `${name} ${version}`,
    parts: components.map((component) => partOf(component, taxonomies)),
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

/** The rule that is meant and the part of the tool it belongs to; null: the file has none. */
export function findRule(reference: RuleReference, { parts }: Tool) {
  const { id, index, guid } = reference;
  const part = componentOf(reference.component, parts);
  if (part === undefined) return null;
  const at = index === null ? undefined : part.rules[index];
  const named = at ?? part.rules.find((each) => guid !== null && each.guid === guid);
  if (named !== undefined) return { facts: named, part };
  // §3.27.5: an id may go on below that of its rule, as in CA1000/1.
  for (let name = id ?? ''; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('/'), 0))) {
    for (const each of [part, ...parts]) {
      const facts = each.byId.get(name);
      if (facts !== undefined) return { facts, part: each };
    }
  }
  return null;
}

function componentOf(reference: Members, parts: readonly ToolPart[]): ToolPart | undefined {
  const index = wholeOf(reference['index'], 0);
  if (index !== null) return parts[index + 1];
  const name = wordsOf(reference['name'], 200);
  const guid = wordsOf(reference['guid'], 100);
  if (name === null && guid === null) return parts[0];
  const named = parts.find((part) => (guid === null ? part.name === name : part.guid === guid));
  return named ?? parts[0];
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
    messages: membersOf(component['globalMessageStrings']),
  };
}

function factsOf(rule: Members, taxonomies: readonly Taxonomy[]): RuleFacts {
  const bag = membersOf(rule['properties']);
  const texts = textsOf(bag);
  const targets = listOf(rule['relationships'], 200).map((each) => membersOf(each)['target']);
  const name = wordsOf(rule['name'], 300);
  const former = listOf(rule['deprecatedIds'], 50).flatMap((id) => wordsOf(id, 300) ?? []);
  return {
    rule: {
      id: wordsOf(rule['id'], 1_000) ?? '',
      name,
      summary: textOf(rule['shortDescription']),
      description: textOf(rule['fullDescription']),
      help: textOf(rule['help']),
      helpUri: wordsOf(rule['helpUri']),
    },
    guid: wordsOf(rule['guid'], 100),
    level: levelOf(membersOf(rule['defaultConfiguration'])['level']),
    messages: membersOf(rule['messageStrings']),
    weaknesses: distinct([...weaknessesIn(targets, taxonomies), ...weaknessesInBag(bag, texts)]),
    texts: [...(name === null ? [] : [name]), ...former, ...texts],
    securitySeverity: severityOf(bag['security-severity']),
  };
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
