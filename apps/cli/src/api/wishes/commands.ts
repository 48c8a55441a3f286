import type { CommandSpec } from '../../command.ts';
import { pageOptions, serverOptions, writeOptions } from '../server-options.ts';

const target = { '<target>': 'a package, repository, host, network, URL or product' };

/** `wishes` and all under it. */
export const wishesCommand: CommandSpec = {
  name: 'wishes',
  summary: 'what the owner of a target wishes of those who look at it',
  children: [
    {
      name: 'show',
      summary: 'the wishes that apply to a target, and the disclosure programs published for it',
      args: target,
      options: serverOptions,
      load: async () => (await import('./wishes.ts')).showWishes,
    },
    {
      name: 'set',
      summary: 'say what you wish for a target of yours, in place of what you said before',
      args: target,
      options: {
        '--opt-out [text]': 'nobody shall look at it; why, if you like',
        '--quiet <days times>+': 'hours of a week without looking, such as "sat,sun 00:00-00:00"',
        '--quiet-once <from/until>+': 'a time without looking: two moments with / between',
        '--quiet-yearly <from/until>+': 'days of each year without looking, such as 12-20/01-06',
        '--zone <zone>': 'whose clock they are read on; default: that of this machine',
        '--channel <channel>+': 'how to reach you: here, mail:…, web:…, phone:…',
        '--policy <url>+': 'a policy page, with https',
        '--show-pace': 'show the pace you set for cases',
        '--threat-model <file>': 'a text file, or -',
        '--not-a-vulnerability <text>+':
          'what you take for none: [CWE-n] [path] and words, such as "CWE-400 tests/** it is a test"',
        ...writeOptions,
      },
      load: async () => (await import('./wishes.ts')).setWishes,
    },
    {
      name: 'import',
      summary:
        'take in a security.txt, SECURITY.md or CSAF provider metadata; without --target, show it',
      args: { '<file>': 'the file as it is, or -' },
      options: {
        '--form <form>!': 'security-txt, security-md or csaf-provider',
        '--from <url>!': 'where it was read, with https',
        '--target <target>': 'what it is about',
        ...writeOptions,
      },
      load: async () => (await import('./wishes.ts')).importWishes,
    },
    {
      name: 'list',
      summary: 'wishes you stated',
      options: pageOptions,
      load: async () => (await import('./wishes.ts')).listWishes,
    },
    {
      name: 'withdraw',
      summary: 'withdraw wishes you stated',
      args: { '<wishes>': 'their id' },
      options: { '--reason <text>!': 'why', ...writeOptions },
      load: async () => (await import('./wishes.ts')).withdrawWishes,
    },
  ],
};

/** `programs` and all under it. */
export const programsCommand: CommandSpec = {
  name: 'programs',
  summary: 'published disclosure programs',
  children: [
    {
      name: 'import',
      summary: 'take in a directory of programs and their scopes; twice changes nothing',
      args: { '<file>': 'the file as its directory publishes it, or -' },
      options: {
        '--format <format>!': 'disclose-io, hackerone, bugcrowd, intigriti or yeswehack',
        '--source <name>!': 'who keeps the directory; a later file of it replaces this one',
        '--license <name>!': 'under which the file may be used',
        '--at <moment>': 'when the directory was as in the file; default: now',
        '--from <url>': 'where it was read',
        ...writeOptions,
      },
      load: async () => (await import('./wishes.ts')).importPrograms,
    },
  ],
};
