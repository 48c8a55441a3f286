/** What one sample may spend; money in millionths. */
export interface SampleLimits {
  readonly messages?: number | undefined;
  readonly tokens?: number | undefined;
  readonly turns?: number | undefined;
  readonly seconds?: number | undefined;
  readonly workingSeconds?: number | undefined;
  readonly cost?: number | undefined;
}

const units = [
  ['messages', 'messages'],
  ['tokens', 'tokens'],
  ['turns', 'turns'],
  ['seconds', 'seconds'],
  ['workingSeconds', 'seconds of work'],
] as const satisfies readonly (readonly [keyof SampleLimits, string])[];

/** What one sample may spend at most, in words; null where nothing bounds it. */
export function limitsWords(limits: SampleLimits): string | null {
  const words = units.flatMap(([name, unit]) => {
    const value = limits[name];
    return value === undefined ? [] : [`${value.toLocaleString('en-US')} ${unit}`];
  });
  if (limits.cost !== undefined) words.push(`a cost of ${(limits.cost / 1e6).toFixed(2)}`);
  return words.length === 0 ? null : words.join(', ');
}
