import type { Match } from '@breakwater/exposure';
import { eachWanted, fixedBy, installedName, listOf, plainVersion, wanted } from './match-words.ts';
import { oddStep, type Step } from './step.ts';
import { stepsElsewhere } from './steps-elsewhere.ts';

/**
 * Names a command may carry: Debian Policy 5.6.1, and npm's names. A bill of materials may come from
 * a third party, and its names are copied into a terminal: no space, sign of a shell or option.
 */
const commandNames = {
  debian: /^[a-z0-9][a-z0-9+.-]+$/,
  npm: /^(?:@[A-Za-z0-9_][\w.-]*\/)?[A-Za-z0-9_][\w.-]*$/,
} as const;

/** What to do about what is affected, ecosystem by ecosystem, in order. */
export function stepsFor(matches: readonly Match[]): Step[] {
  const npm = matches.filter((m) => m.component.ecosystem === 'npm');
  const isApt = (m: Match) => /^(?:Debian|Ubuntu)(?::|$)/.test(m.component.ecosystem);
  const debian = matches.filter(isApt);
  const others = matches.filter((m) => m.component.ecosystem !== 'npm' && !isApt(m));
  const [npmNamed, npmOdd] = partition(npm, (m) => commandNames.npm.test(m.component.name));
  const [debianNamed, debianOdd] = partition(debian, (m) =>
    commandNames.debian.test(installedName(m)),
  );
  return [
    ...(debianNamed.length === 0 ? [] : debianSteps(debianNamed)),
    ...(npmNamed.length === 0 ? [] : npmSteps(npmNamed)),
    ...stepsElsewhere(others),
    ...[...debianOdd, ...npmOdd].map(oddStep),
  ];
}

function partition<T>(items: readonly T[], fits: (item: T) => boolean): [T[], T[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

function debianSteps(matches: readonly Match[]): Step[] {
  const packages = [...new Set(matches.map(installedName))].sort();
  return [
    {
      text: 'On the machine that this list describes, open a terminal as an administrator.',
      command: null,
    },
    { text: 'Fetch the list of updates.', command: 'sudo apt-get update' },
    {
      text: `Install the update of ${listOf(packages)}. Answer Y if it asks.`,
      command: `sudo apt-get install --only-upgrade ${packages.join(' ')}`,
    },
    {
      text: `Check what is installed now. It must be ${listOf(wanted(matches))}.`,
      command: `dpkg-query -W ${packages.join(' ')}`,
    },
    {
      text: 'Restart the machine at a quiet hour, or the programs that use it: until then they go on with the old one.',
      command: null,
    },
    {
      text: 'If the version is still older, this machine gets no security updates: ask whoever looks after it to switch them on, and report here that somebody else does it.',
      command: null,
    },
  ];
}

function npmSteps(matches: readonly Match[]): Step[] {
  const names = [...new Set(matches.map((match) => match.component.name))];
  return [
    {
      text: 'Open a terminal in the folder of the project that this list describes.',
      command: null,
    },
    ...names.flatMap((name) => npmUpdate(matches.filter((match) => match.component.name === name))),
    {
      text: 'Test the project as you always do, and deploy it again: until then the old one runs.',
      command: null,
    },
  ];
}

/** Of one package. */
function npmUpdate(matches: readonly Match[]): Step[] {
  const name = matches[0]?.component.name ?? '';
  const fixed = new Set(matches.map(fixedBy));
  const [only = null] = fixed.size === 1 ? fixed : [];
  return [
    {
      text: `Update ${name} wherever the project uses it.`,
      command: `npm update ${name}`,
    },
    {
      text: `Check every line. ${only === null ? eachWanted(matches) : `It must be ${name} ${only} or later.`}`,
      command: `npm ls ${name}`,
    },
    {
      text: `If an older one remains, what is named above it holds it back: ask for a newer version of that, or force ${name} to the fixed one, which can break the project.`,
      command:
        only === null || !plainVersion.test(only)
          ? null
          : `npm pkg set "overrides[${name}]=>=${only}" && npm install`,
    },
  ];
}
