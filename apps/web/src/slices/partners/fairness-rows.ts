import type { Fairness, FairnessLine } from '@breakwater/contract';
import { regionName, sectorNames, sizeNames } from './words.ts';

export interface FairnessPart {
  readonly key: 'sectors' | 'sizes' | 'regions';
  readonly title: string;
  readonly rows: readonly FairnessRow[];
}

export interface FairnessRow extends Omit<FairnessLine, 'group' | 'groups'> {
  readonly key: string;
  readonly name: string;
}

/** The figures by each way to divide them; what is told of in no line of its own comes last. */
export function fairnessParts(found: Fairness): readonly FairnessPart[] {
  return [
    { key: 'sectors', title: 'By sector', rows: found.sectors.map(rowOf(nameIn(sectorNames))) },
    { key: 'sizes', title: 'By people at work', rows: found.sizes.map(rowOf(nameIn(sizeNames))) },
    { key: 'regions', title: 'By place', rows: found.regions.map(rowOf(regionName)) },
  ];
}

function rowOf(name: (group: string) => string) {
  return ({ group, groups, ...figures }: FairnessLine): FairnessRow => ({
    ...figures,
    key: group ?? '',
    name: group === null ? restName(groups) : name(group),
  });
}

/** What all those are called that are too few to be told of by themselves. */
function restName(groups: number): string {
  return groups === 1 ? 'One other, with too few' : `${groups} others together, each with too few`;
}

function nameIn(names: Readonly<Record<string, string>>): (key: string) => string {
  return (key) => names[key] ?? key;
}

/** A figure, or that there is none to be told. */
export function figureWords(figure: number | null): string {
  return figure === null ? 'too few' : figure.toLocaleString('en-US');
}
