import type { Match } from '@breakwater/exposure';
import { baseEcosystem } from '@breakwater/versions';
import { fixedBy, installedName, plainVersion, wanted } from './match-words.ts';
import { oddStep, type Step } from './step.ts';

/** How a package of an ecosystem is brought to its fix, and how one sees that it is. */
interface Way {
  /** Names a command may carry: no space, sign of a shell or option. */
  readonly names: RegExp;
  readonly where: string;
  readonly update: (name: string, fixed: string | null) => string;
  readonly look: (name: string) => string;
  readonly after: string;
}

const project = 'Open a terminal in the folder of the project that this list describes.';
const deploy =
  'Test the project as you always do, and deploy it again: until then the old one runs.';
const machine = 'On the machine that this list describes, open a terminal as an administrator.';
const restart =
  'Restart the machine at a quiet hour, or the programs that use it: until then they go on with the old one.';
const word = /^[A-Za-z0-9_][\w.-]*$/;
const dnf: Way = {
  names: /^[A-Za-z0-9][\w.+-]*$/,
  where: machine,
  update: (name) => `sudo dnf upgrade --refresh ${name}`,
  look: (name) => `rpm -q ${name}`,
  after: restart,
};

const ways: ReadonlyMap<string, Way> = new Map([
  [
    'PyPI',
    {
      names: word,
      where: project,
      update: (name, fixed) =>
        fixed === null ? `pip install --upgrade ${name}` : `pip install "${name}>=${fixed}"`,
      look: (name) => `pip show ${name}`,
      after: `Write the new version into the file that this list came from. ${deploy}`,
    },
  ],
  [
    'Go',
    {
      names: /^[A-Za-z0-9][\w./~-]*$/,
      where: project,
      update: (name, fixed) =>
        `go get ${name}@${fixed === null ? 'latest' : `v${fixed.replace(/^v/, '')}`} && go mod tidy`,
      look: (name) => `go list -m ${name}`,
      after: `Build the program again. ${deploy}`,
    },
  ],
  [
    'crates.io',
    {
      names: word,
      where: project,
      update: (name) => `cargo update --package ${name}`,
      look: (name) => `cargo tree --invert ${name}`,
      after: `Build the program again. ${deploy}`,
    },
  ],
  [
    'RubyGems',
    {
      names: word,
      where: project,
      update: (name) => `bundle update --conservative ${name}`,
      look: (name) => `bundle info ${name}`,
      after: deploy,
    },
  ],
  [
    'NuGet',
    {
      names: word,
      where: project,
      update: (name, fixed) =>
        `dotnet add package ${name}${fixed === null ? '' : ` --version ${fixed}`}`,
      look: () => 'dotnet list package --include-transitive',
      after: deploy,
    },
  ],
  [
    'Packagist',
    {
      names: /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/,
      where: project,
      update: (name) => `composer update ${name} --with-dependencies`,
      look: (name) => `composer show ${name}`,
      after: deploy,
    },
  ],
  [
    'Alpine',
    {
      names: /^[A-Za-z0-9][\w.+-]*$/,
      where: machine,
      update: (name) => `apk add --update-cache --upgrade ${name}`,
      look: (name) => `apk list --installed ${name}`,
      after: restart,
    },
  ],
  ['Red Hat', dnf],
  ['Rocky Linux', dnf],
  ['AlmaLinux', dnf],
]);

/** The steps for what is of neither Debian nor npm; without a known way, what must come about. */
export function stepsElsewhere(matches: readonly Match[]): Step[] {
  const groups = Map.groupBy(matches, (match) => baseEcosystem(match.component.ecosystem));
  return [...groups].flatMap(([ecosystem, all]) => {
    const way = ways.get(ecosystem);
    if (way === undefined) return [{ text: goal(all), command: null }];
    const named = all.filter((match) => way.names.test(installedName(match)));
    const odd = all.filter((match) => !named.includes(match));
    return [...(named.length === 0 ? [] : stepsBy(way, named)), ...odd.map(oddStep)];
  });
}

function stepsBy(way: Way, matches: readonly Match[]): Step[] {
  const packages = Map.groupBy(matches, installedName);
  return [
    { text: way.where, command: null },
    ...[...packages].flatMap(([name, each]) => [
      { text: `Update ${name}.`, command: way.update(name, onlyFix(each)) },
      { text: `Check what is there now. ${goal(each)}`, command: way.look(name) },
    ]),
    { text: way.after, command: null },
  ];
}

/** The one version that fixes all of these, where there is one that a command may carry. */
function onlyFix(matches: readonly Match[]): string | null {
  const [fixed = null, ...more] = new Set(matches.map(fixedBy));
  return fixed !== null && more.length === 0 && plainVersion.test(fixed) ? fixed : null;
}

function goal(matches: readonly Match[]): string {
  return `It must be ${wanted(matches).join('; ')}.`;
}
