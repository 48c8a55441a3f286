import {
  type Assessment,
  type CompiledAdvisory,
  createExposureIndex,
  describeReason,
  type Explanation,
} from '@breakwater/exposure';
import { type Component, type Inventory, parseInventory } from '@breakwater/formats/inventory';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { type LoadedAdvisories, loadAdvisories } from './advisories.ts';

const Options = z.object({
  ...Json,
  advisories: z.string(),
  debianRelease: z
    .string()
    .regex(/^\d{1,3}$/, 'a number such as 12')
    .optional(),
  explain: z.boolean().default(false),
});

interface NearMiss extends Explanation {
  readonly advisoryId: string;
}

interface Answer {
  readonly inventory: Inventory;
  readonly loaded: LoadedAdvisories;
  readonly assessment: Assessment;
  readonly nearMisses: readonly NearMiss[];
}

/**
 * `affected`: holds an inventory against advisories. Bad (1) where a component is affected;
 * refused (2) where none is but an advisory could not be read, because then nobody knows.
 */
export async function runAffected(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { terminal } = context;
  const bytes = await readInput(argument(given, 0), fileLimits.text, context.stdin);
  const release = options.debianRelease;
  const dpkg = release === undefined ? {} : { distribution: 'Debian' as const, release };
  const inventory = need(parseInventory(bytes, { dpkg }));
  const loaded = await loadAdvisories(options.advisories, context);
  const { assessment, nearMisses } = assess(inventory, loaded.advisories, options.explain);
  const answer = { inventory, loaded, assessment, nearMisses };
  if (options.json) terminal.json(documentOf(answer, options.explain));
  else print(answer, terminal);
  if (assessment.matches.length > 0) return exitCodes.bad;
  return loaded.unread.length > 0 ? exitCodes.refused : exitCodes.good;
}

function assess(
  inventory: Inventory,
  advisories: readonly CompiledAdvisory[],
  explain: boolean,
): Pick<Answer, 'assessment' | 'nearMisses'> {
  const index = createExposureIndex();
  index.put('', inventory.components);
  const each = advisories.map((advisory) => index.assess(advisory));
  const nearMisses = !explain
    ? []
    : advisories.flatMap((advisory) =>
        (index.explain(advisory, '') ?? [])
          .filter(({ kind }) => !['affected', 'undecided', 'not-present'].includes(kind))
          .map((explanation) => ({ advisoryId: advisory.id, ...explanation })),
      );
  return {
    assessment: {
      matches: each.flatMap(({ matches }) => matches),
      undecided: each.flatMap(({ undecided }) => undecided),
    },
    nearMisses,
  };
}

function documentOf({ inventory, loaded, assessment, nearMisses }: Answer, explain: boolean) {
  return {
    format: inventory.format,
    components: inventory.components.length,
    notes: inventory.notes,
    advisories: loaded.advisories.length,
    affected: assessment.matches.map(({ advisoryId, component, reason }) => ({
      advisory: advisoryId,
      component,
      reason,
      text: describeReason(component, reason),
    })),
    undecided: assessment.undecided.map(({ advisoryId, component, doubt, text }) => ({
      advisory: advisoryId,
      component,
      doubt,
      text,
    })),
    ...(explain
      ? {
          nearMisses: nearMisses.map(({ advisoryId, ...rest }) => ({
            advisory: advisoryId,
            ...rest,
          })),
        }
      : {}),
    unread: loaded.unread,
  };
}

function print({ inventory, loaded, assessment, nearMisses }: Answer, terminal: Terminal): void {
  const { matches, undecided } = assessment;
  for (const { advisoryId, component, reason } of matches) {
    terminal.line(`affected     ${advisoryId}  ${describeReason(component, reason)}`);
    terminal.line(`             ${whereIs(component)}`);
  }
  for (const { advisoryId, component, text } of undecided) {
    terminal.line(`undecided    ${advisoryId}  ${component.name} ${component.version}: ${text}`);
    terminal.line(`             ${whereIs(component)}`);
  }
  for (const { advisoryId, kind, text } of nearMisses) {
    terminal.line(`not affected ${advisoryId}  ${text} (${kind})`);
  }
  const { format, components, notes } = inventory;
  terminal.line(
    `${matches.length} affected, ${undecided.length} undecided; ` +
      `${components.length} components (${format}), ${loaded.advisories.length} advisories`,
  );
  for (const { where, refusal } of loaded.unread.slice(0, 20)) {
    terminal.say(`not read     ${where}: expected ${refusal.expected}, got ${refusal.got}`);
  }
  if (loaded.unread.length > 0) {
    terminal.say(`${loaded.unread.length} advisories could not be read: of these nobody knows`);
  }
  if (notes.length > 0) {
    const entries = notes.length === 1 ? '1 entry' : `${notes.length} entries`;
    terminal.say(`to look at: ${entries} of the inventory; --json lists them`);
  }
}

function whereIs({ installedAs, path: place }: Component): string {
  return `${place}${installedAs === undefined ? '' : `, installed as ${installedAs}`}`;
}
