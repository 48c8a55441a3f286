import { listOf, type Members, membersOf, wholeOf, wordsOf } from '../json/members.ts';
import { type SarifLevel, sarifLimits } from './finding.ts';
import { type Artifact, artifactOf, rootsOf, type Whereabouts } from './place.ts';
import { levelOf, type Tool, toolOf } from './rules.ts';
import { type Taxonomy, taxonomiesOf } from './weakness.ts';

/** All that results of a run refer to, wherever in the file it stands. */
export interface RunFacts {
  readonly tool: Tool;
  readonly where: Whereabouts;
  readonly taxonomies: readonly Taxonomy[];
  readonly threadFlowLocations: readonly unknown[];
  /** Of each invocation the levels it sets for rules, by their id or index, §3.20.5. */
  readonly overrides: readonly Overrides[];
  readonly repository: string | null;
  readonly revision: string | null;
}

type Overrides = ReadonlyMap<string | number, SarifLevel>;

/** Members of a run that are held until all results are read; each whole. */
export const heldMembers = [
  'tool',
  'taxonomies',
  'originalUriBaseIds',
  'logicalLocations',
  'threadFlowLocations',
  'versionControlProvenance',
] as const;

/** What a run holds while it is read: few bytes of much. */
export class RunParts {
  readonly #held = new Map<string, unknown>();
  readonly #artifacts: (Artifact | null)[] = [];
  readonly #overrides: Overrides[] = [];
  results = 0;
  /** Whether it has a list of results, be it empty; without, the tool did not look, §3.14.23. */
  hasResults = false;
  /** Whether an invocation says that the tool did not end well, §3.20.14. */
  failed = false;
  /** Characters of what is held of artifacts. */
  artifactLength = 0;

  hold(name: string, value: unknown): void {
    this.#held.set(name, value);
  }

  /** Returns whether there is still room. */
  addArtifact(value: unknown): boolean {
    if (this.#artifacts.length >= sarifLimits.artifactsMax) return false;
    const artifact = artifactOf(membersOf(value)['location'], []);
    this.artifactLength += (artifact?.uri.length ?? 0) + 64;
    if (this.artifactLength > sarifLimits.partBytesMax) return false;
    this.#artifacts.push(artifact);
    return true;
  }

  addInvocation(value: unknown): void {
    if (membersOf(value)['executionSuccessful'] === false) this.failed = true;
    const overrides = listOf(membersOf(value)['ruleConfigurationOverrides'], 10_000);
    const levels = overrides.flatMap((each) => {
      const descriptor = membersOf(membersOf(each)['descriptor']);
      const level = levelOf(membersOf(membersOf(each)['configuration'])['level']);
      const names = [wordsOf(descriptor['id'], 1_000), wholeOf(descriptor['index'], 0)];
      return level === null
        ? []
        : names.flatMap((name) => (name === null ? [] : [[name, level] as const]));
    });
    this.#overrides.push(new Map(levels));
  }

  facts(): RunFacts {
    const taxonomies = taxonomiesOf(this.#held.get('taxonomies'));
    const bases = membersOf(this.#held.get('originalUriBaseIds'));
    const [source] = listOf(this.#held.get('versionControlProvenance'), 1).map(membersOf);
    return {
      tool: toolOf(this.#held.get('tool'), taxonomies),
      where: {
        bases,
        roots: rootsOf(bases),
        artifacts: this.#artifacts,
        logicalLocations: listOf(this.#held.get('logicalLocations'), 1_000_000),
      },
      taxonomies,
      threadFlowLocations: listOf(this.#held.get('threadFlowLocations'), 1_000_000),
      overrides: this.#overrides,
      repository: wordsOf(source?.['repositoryUri']),
      revision: wordsOf(source?.['revisionId'], 300),
    };
  }
}

/** The level an invocation sets for a rule, §3.20.5; null: it sets none. */
export function overrideOf(
  { overrides }: RunFacts,
  result: Members,
  rule: { readonly id: string | null; readonly index: number | null },
): SarifLevel | null {
  const index = wholeOf(membersOf(result['provenance'])['invocationIndex'], 0);
  const of = index === null && overrides.length === 1 ? overrides[0] : overrides[index ?? -1];
  return of?.get(rule.id ?? '') ?? of?.get(rule.index ?? -1) ?? null;
}
