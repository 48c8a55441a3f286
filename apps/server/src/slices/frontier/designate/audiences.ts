import type { Id } from '@breakwater/kernel';
import { type Grant, levels } from '../../../platform/commands/audience.ts';
import { setAudience, setAudiences } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { fileSeersOfRule, findRule, ruleSeers } from './rule-store.ts';
import { type FileRow, partsOf, seersOf } from './store.ts';

/** Whose model a file is about; null: nobody's here. */
type DeveloperOf = (reader: Reader, matter: string) => Promise<Id<'party'> | null>;

/**
 * DES-12: writes who sees a file, its rule, its determination and its assessments, anew from what
 * stands: keeper, official and those they named; of determinations and assessments the developer,
 * who sees nothing else of it.
 */
export async function writeAudiences(
  tx: Transaction,
  file: Omit<FileRow, 'revision'>,
  developerOf: DeveloperOf,
): Promise<void> {
  const named = await seersOf(tx, file.id);
  const inside = new Map<string, number>(named.map((party) => [party, levels.detail]));
  if (file.official !== null) inside.set(file.official, levels.all);
  inside.set(file.keeper, levels.all);
  const insiders = [...inside].map(([principal, level]): Grant => ({ principal, level }));
  const developer = await developerOf(tx, file.matter);
  const told: readonly Grant[] =
    developer === null || inside.has(developer)
      ? insiders
      : [...insiders, { principal: developer, level: levels.summary }];
  const { determinations, assessments } = await partsOf(tx, [file.id]);
  await setAudiences(
    tx,
    new Map<string, readonly Grant[]>([
      [file.id, insiders],
      ...[...determinations, ...assessments].map(({ id }) => [id, told] as const),
    ]),
  );
  if (file.rule !== null) await writeRuleAudience(tx, file.rule);
}

/** Who registered a rule, whom it named, and everybody whose file uses it. */
export async function writeRuleAudience(tx: Transaction, rule: string): Promise<void> {
  const row = await findRule(tx, rule);
  if (row === null) throw new Error(`expected ${rule} to be registered`);
  const others = [...(await ruleSeers(tx, rule)), ...(await fileSeersOfRule(tx, rule))];
  await setAudience(tx, rule, [
    ...others.map((principal) => ({ principal, level: levels.detail })),
    { principal: row.party, level: levels.all },
  ]);
}
