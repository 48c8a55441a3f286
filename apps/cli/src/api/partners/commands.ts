import type { CommandSpec } from '../../command.ts';
import { serverOptions, writeOptions } from '../server-options.ts';

const application = { '<application>': 'its id' };

/** `partners`: what is comfortable to type beside the plain operations. */
export const partnersCommand: CommandSpec = {
  name: 'partners',
  summary: 'trusted partners: criteria, tiers, applications, the two keys, fairness',
  children: [
    {
      name: 'criteria',
      summary: 'by what partners are chosen; needs no key',
      options: { '--version-number <n>': 'an earlier version; 0 is the draft', ...serverOptions },
      load: async () => (await import('./look.ts')).showCriteria,
    },
    {
      name: 'apply',
      summary: 'apply for a tier; needs no key, and prints the link to come back by',
      args: { '<tier>': 'its id, of partners tiers' },
      options: {
        '--asks <what>!': 'raw-access, or outputs: what the model finds, without staff for it',
        '--organization <name>!': 'who applies',
        '--sector <sector>!': 'such as healthcare, energy, water; other',
        '--size <size>!': 'people who work there: 1-9, 10-49, 50-249, 250-999, 1000-and-more',
        '--region <code>!': 'postal code of the state or territory; elsewhere',
        '--purpose <text>!': 'what you want to do with it',
        '--contact <text>+':
          'whom to call about security, one at least, such as "Night desk: +1 555 0100" or "Ada: ada@example.org" (needed)',
        '--meets <text>+': 'how you meet a criterion, such as "contact: the desk answers at night"',
        '--mail <address>': 'where to send the link, and that an answer is there',
        '--helped-by <name>': 'who helps you with it',
        '--helper <party>': 'a party here that helps: it reads the application and may add',
        '--nomination <token>': 'what follows # in the link that you were handed',
        ...writeOptions,
      },
      load: async () => (await import('./apply.ts')).applyFor,
    },
    {
      name: 'decide',
      summary: 'turn the key of your side: accept or decline, by the criteria',
      args: { ...application, '<verdict>': 'accept or decline' },
      options: {
        '--reason <text>!': 'why, in a sentence',
        '--unmet <text>+': 'a criterion that is not met, and why: "contact: nobody answered"',
        '--no-interest': 'state first that you have no interest in this application',
        ...writeOptions,
      },
      load: async () => (await import('./decide.ts')).decide,
    },
    {
      name: 'fairness',
      summary: 'how the applications of a quarter fared; needs no key',
      options: { '--quarter <quarter>': 'such as 2026-Q4; default: the last', ...serverOptions },
      load: async () => (await import('./look.ts')).showFairness,
    },
  ],
};
