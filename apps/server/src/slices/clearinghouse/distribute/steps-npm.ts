import type { Match } from '@breakwater/exposure';
import { eachWanted, fixedBy, plainVersion } from './match-words.ts';
import type { Step } from './step.ts';

/** How a tool that installs packages of npm brings one to its fix. */
interface Tool {
  readonly update: (name: string) => string;
  readonly look: (name: string) => string;
  /** Null: each version of the tool has a way of its own. */
  readonly force: ((name: string, fixed: string) => string) | null;
}

const npm: Tool = {
  update: (name) => `npm update ${name}`,
  look: (name) => `npm ls ${name}`,
  force: (name, fixed) => `npm pkg set "overrides[${name}]=>=${fixed}" && npm install`,
};

/** By the lock file that a package was found in; whatever else told of it, npm is at hand. */
const tools: ReadonlyMap<string, Tool> = new Map([
  [
    'yarn-lock',
    {
      // Yarn 1 says upgrade, later ones up; where the first is not known the second runs.
      update: (name) => `yarn upgrade ${name} || yarn up --recursive ${name}`,
      look: (name) => `yarn why ${name}`,
      force: (name, fixed) => `npm pkg set "resolutions[${name}]=>=${fixed}" && yarn install`,
    },
  ],
  [
    'pnpm-lock',
    {
      update: (name) => `pnpm update --recursive ${name}`,
      look: (name) => `pnpm why --recursive ${name}`,
      force: null,
    },
  ],
  [
    'bun-lock',
    { update: (name) => `bun update ${name}`, look: (name) => `bun why ${name}`, force: null },
  ],
]);

/** The steps for packages of npm, by the tool that wrote the file they were found in. */
export function npmSteps(matches: readonly Match[], format: string): Step[] {
  const tool = tools.get(format) ?? npm;
  const names = [...new Set(matches.map((match) => match.component.name))];
  return [
    {
      text: 'Open a terminal in the folder of the project that this list describes.',
      command: null,
    },
    ...names.flatMap((name) => {
      return update(
        matches.filter((match) => match.component.name === name),
        tool,
      );
    }),
    {
      text: 'Test the project as you always do, and deploy it again: until then the old one runs.',
      command: null,
    },
  ];
}

/** Of one package. */
function update(matches: readonly Match[], tool: Tool): Step[] {
  const name = matches[0]?.component.name ?? '';
  const fixed = new Set(matches.map(fixedBy));
  const [only = null] = fixed.size === 1 ? fixed : [];
  const forced = only === null || !plainVersion.test(only) ? null : only;
  return [
    {
      text: `Update ${name} wherever the project uses it.`,
      command: tool.update(name),
    },
    {
      text: `Check every line. ${only === null ? eachWanted(matches) : `It must be ${name} ${only} or later.`}`,
      command: tool.look(name),
    },
    {
      text: `If an older one remains, what is named above it holds it back: ask for a newer version of that, or force ${name} to the fixed one, which can break the project.`,
      command: forced === null ? null : (tool.force?.(name, forced) ?? null),
    },
  ];
}
