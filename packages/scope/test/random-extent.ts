import { type ExtentInput, type Method, methods, type PlaceInput } from '@breakwater/scope';
import { classes, commits, dayText, sites } from './model.ts';

type Random = () => number;

/**
 * An extent of the model's universe; small numbers of everything, so that many nearly touch. `focus`
 * from 0 up to 1 tells of what sort most of its places are.
 */
export function randomExtent(random: Random, focus: number): ExtentInput {
  const from = Math.floor(random() * 6);
  const length = 1 + Math.floor(random() * 4);
  const isNarrow = random() < 0.5;
  return {
    places: Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      randomPlace(random, random() < 0.7 ? focus : random()),
    ),
    except: Array.from({ length: Math.floor(random() * 5) }, () => pick(random, everySite).text),
    methods: randomMethods(random),
    weaknesses: isNarrow ? some(random, classes, 2) : [],
    exceptWeaknesses: random() < 0.3 ? some(random, classes, 2) : [],
    from: dayText(from),
    until: random() < 0.05 ? null : dayText(from + length),
  };
}

const { networks, addressUrls, hosts, packages, repositories, owner } = sites;
const groups = [networks, networks, addressUrls, hosts, packages, packages, repositories, [owner]];
const everySite = [
  ...networks,
  ...networks,
  ...addressUrls,
  ...hosts,
  ...packages,
  ...repositories,
];

function randomPlace(random: Random, focus: number): PlaceInput {
  const group = pick(() => focus, groups);
  const target = pick(random, group).text;
  if (random() < 0.4) return { target };
  if (group === packages) return { target, versions: randomVersions(random) };
  return group === repositories ? { target, commits: randomCommits(random) } : { target };
}

function randomVersions(random: Random): string {
  const [low, high] = [2, 4].map((base) => base + 2 * Math.floor(random() * 2)) as [number, number];
  const bounds = [`>=${low}.0.0`, `>${low}.0.0`];
  const ends = [`<${high + 2}.0.0`, `<=${high + 2}.0.0`];
  const hole = `!=${high}.0.0`;
  switch (Math.floor(random() * 6)) {
    case 0:
      return `vers:npm/${pick(random, bounds)}`;
    case 1:
      return `vers:npm/${pick(random, ends)}`;
    case 2:
      return `vers:npm/${low}.0.0`;
    case 3:
      return `vers:npm/${hole}`;
    case 4:
      return `vers:npm/<${low}.0.0|>=${high + 2}.0.0`;
    default:
      return `vers:npm/${pick(random, bounds)}|${pick(random, ends)}`;
  }
}

function randomCommits(random: Random): PlaceInput['commits'] {
  if (random() < 0.5) return { ids: some(random, commits.slice(1), 3) };
  const after = Math.floor(random() * 5);
  const until = after + 1 + Math.floor(random() * 3);
  const [first, last] = [commits[after], commits[until]];
  const open = random();
  if (open < 0.15) return { until: last };
  return open < 0.3 ? { after: first } : { after: first, until: last };
}

function randomMethods(random: Random): readonly Method[] {
  return random() < 0.3 ? methods : some(random, methods, 2);
}

/** At least one, at most `most`, each once. */
function some<T>(random: Random, list: readonly T[], most: number): readonly T[] {
  const count = 1 + Math.floor(random() * most);
  return [...new Set(Array.from({ length: count }, () => pick(random, list)))];
}

function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
