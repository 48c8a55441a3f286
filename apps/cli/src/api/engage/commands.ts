import type { CommandSpec } from '../../command.ts';
import { serverOptions, writeOptions } from '../server-options.ts';

const engagement = { '<engagement>': 'its id' };

/** `engage` and what is comfortable to type under it; every other operation stands beside. */
export const engageCommand: CommandSpec = {
  name: 'engage',
  summary: 'engage the Government about a model under development, and leave at any time',
  children: [
    {
      name: 'open',
      summary: 'open an engagement; a codename suffices',
      args: { '<codename>': 'by which the model goes here' },
      options: {
        '--wants <what>': 'inquiry, early-access or both; default both',
        '--zone <zone>': 'in which calendar days are counted; default: that of this machine',
        '--model <model>': 'the same model as in an earlier engagement of yours',
        '--open-weight': 'its weights are given out',
        '--partners <moment>': 'when you plan to release it to other trusted partners',
        '--general <moment>': 'when you plan to release it to everybody',
        '--hosting <text>': 'where it runs',
        '--contacts <text>': 'whom to reach',
        '--endpoint <url name>+': 'where it answers, and its name there, with a space between',
        '--see <party level>+': 'who else may see it: summary, detail or all',
        '--government <party>': 'whom you engage; default: the only liaisons there are',
        ...writeOptions,
      },
      load: async () => (await import('./open.ts')).openEngagement,
    },
    {
      name: 'show',
      summary: 'where an engagement stands, and what each side owes',
      args: engagement,
      options: serverOptions,
      load: async () => (await import('./show.ts')).showEngagement,
    },
    {
      name: 'dates',
      summary: 'every statement of planned dates; with a date, state them anew',
      args: engagement,
      options: {
        '--partners <moment>': 'to other trusted partners; "none" where none is planned',
        '--general <moment>': 'to everybody; "none" where none is planned',
        ...writeOptions,
      },
      load: async () => (await import('./dates.ts')).dates,
    },
    {
      name: 'terms',
      summary: 'every version of the terms; with an id, its text, or what changed in it',
      args: { ...engagement, '[terms]': 'the id of one version' },
      options: {
        '--redline': 'what changed since the version before',
        '--from <terms>': 'what changed since that version',
        ...serverOptions,
      },
      load: async () => (await import('./terms.ts')).showTerms,
    },
    {
      name: 'propose',
      summary: 'propose a version of the terms of one protection, or of the agreement',
      args: {
        ...engagement,
        '<kind>':
          'confidentiality, cybersecurity, insider-risk, intellectual-property, use, nondisclosure or agreement',
        '<file>': 'its text in UTF-8, or -',
      },
      options: writeOptions,
      load: async () => (await import('./terms.ts')).proposeTerms,
    },
    {
      name: 'sign',
      summary: 'show a version and sign it for your side, by the digest of what was shown',
      args: { ...engagement, '<terms>': 'the id of the version' },
      options: {
        '--name <text>!': 'the person who signs',
        '--title <text>!': 'and as what',
        '--digest <digest>': 'of the text as you read it; another one is not signed',
        ...writeOptions,
      },
      load: async () => (await import('./terms.ts')).signTerms,
    },
    {
      name: 'before',
      summary: 'what to know before joining; with --out, a page for counsel to print',
      options: { '--out <path>': 'write the page there', ...serverOptions },
      load: async () => (await import('./before.ts')).before,
    },
  ],
};
