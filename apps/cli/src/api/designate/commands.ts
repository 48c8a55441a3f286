import type { CommandSpec } from '../../command.ts';
import { writeOptions } from '../server-options.ts';

/** What is comfortable to type under `designate`; every other operation stands beside. */
export const designateCommand: CommandSpec = {
  name: 'designate',
  summary: 'put runs before the official by a rule said beforehand, and carry an outcome out',
  children: [
    {
      name: 'register-rule',
      summary: 'register a threshold rule; its digest goes into the log before any run',
      args: { '<file>': 'the rule as JSON, or -' },
      options: { '--see <party>+': 'who else may see it', ...writeOptions },
      load: async () => (await import('./bundle.ts')).registerRule,
    },
    {
      name: 'bundle',
      summary: 'write the signed bundle of a determination, to be carried out by hand',
      args: { '<determination>': 'its id' },
      options: { '--out <path>!': 'where to write it', ...writeOptions },
      load: async () => (await import('./bundle.ts')).bundle,
    },
    {
      name: 'take-in',
      summary: 'take in a bundle that was carried here; its signature is checked first',
      args: { '<file>': 'the bundle, or -' },
      options: writeOptions,
      load: async () => (await import('./bundle.ts')).takeIn,
    },
  ],
};
