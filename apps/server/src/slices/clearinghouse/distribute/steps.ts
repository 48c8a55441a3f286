import type { Match } from '@breakwater/exposure';
import { installedName, listOf, wanted } from './match-words.ts';
import { oddStep, type Step } from './step.ts';
import { stepsElsewhere } from './steps-elsewhere.ts';
import { npmSteps } from './steps-npm.ts';

/**
 * Names a command may carry: Debian Policy 5.6.1, and npm's names. A bill of materials may come from
 * a third party, and its names are copied into a terminal: no space, sign of a shell or option.
 */
const commandNames = {
  debian: /^[a-z0-9][a-z0-9+.-]+$/,
  npm: /^(?:@[A-Za-z0-9_][\w.-]*\/)?[A-Za-z0-9_][\w.-]*$/,
} as const;

/**
 * What to do about what is affected, ecosystem by ecosystem, in order; the kind of file it was found
 * in tells which tool a project is kept with.
 */
export function stepsFor(matches: readonly Match[], format: string): Step[] {
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
    ...(npmNamed.length === 0 ? [] : npmSteps(npmNamed, format)),
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
