import type { CommandSpec } from '../../command.ts';
import { pageOptions, serverOptions, writeOptions } from '../server-options.ts';

const whatOptions = {
  '--path <path>+': 'only this folder or file of a repository or package; may be repeated',
  '--except <target>+':
    'a target that is left out; *://host:443,8443/path for several schemes and ports',
  '--except-path <path>+': 'a folder or file that is left out',
  '--versions <range>': 'of packages and products, such as "vers:npm/>=1.0.0|<2.0.0"',
  '--commits <range>': 'of repositories: after..until, or whole names with commas',
  '--method <method>+':
    'read, static, fuzz, passive, active, exploit, with commas; default for code: the first three',
  '--cwe <n>+': 'weaknesses with all below them, such as 125,787; default: every one',
  '--except-cwe <n>+': 'weaknesses that are left out, with all below them',
};

const termOptions = {
  '--for <time>': 'how long, such as 90m, 36h, 3d or 2w; default 1d',
  '--until <moment>': 'until when, such as "2026-11-30 17:00" or with a zone',
};

const wishOptions = {
  ...whatOptions,
  ...termOptions,
  '--from <moment>': 'from when; default: now',
  '--alone': 'nobody else at the same time',
  '--beside': 'others may, if they ask for beside too; this is the default',
};

const takeOptions = {
  ...wishOptions,
  '--unlisted': 'keep it off the map of coverage',
  '--wait <time>':
    'where it is held, stand in line for at most so long, and stay until it is granted',
  '--take <n>': 'the n-th of the alternatives; without targets: of those shown last',
};

const claim = { '<claim>': 'its id' };
const targets = { '[target...]': 'packages, repositories, hosts, networks, URLs, products' };

/** `claim` and all under it. */
export const claimCommand: CommandSpec = {
  name: 'claim',
  summary: 'say what you look at, so that no two do the same; learn what others cover',
  args: targets,
  options: {
    ...takeOptions,
    '--watch': 'once granted, hold and renew it here and say when it is lost',
    ...writeOptions,
  },
  load: async () => (await import('./claim.ts')).runClaim,
  children: [
    {
      name: 'preview',
      summary: 'what a claim would be answered, without taking it',
      args: targets,
      options: { ...wishOptions, ...serverOptions },
      load: async () => (await import('./claim.ts')).runPreview,
    },
    {
      name: 'run',
      summary: 'hold a claim while a command runs; stop the command when the claim is lost',
      args: targets,
      rest: 'the command and its words',
      options: {
        ...takeOptions,
        '--claim <claim>': 'hold this one, which you have, instead of claiming; it is kept',
        '--clean <codes>': 'exit codes of the command that mean: all looked at, nothing found',
        '--found <codes>': 'exit codes of the command that mean findings, such as 77',
        '--grace <seconds>': 'how long the command may take to end before it is killed; default 10',
        '--pass-env <name>+':
          'hand this variable on too; of the others the command gets PATH, HOME, TERM, the language and the like, and never a key',
        '--no-renew': 'let it end when it ends',
        '--keep': 'do not give it back at the end',
        ...serverOptions,
      },
      load: async () => (await import('./run.ts')).runUnderClaim,
    },
    {
      name: 'watch',
      summary: 'hold a claim here, renew it, and say at once when it is lost',
      args: claim,
      options: { '--no-renew': 'let it end when it ends', ...serverOptions },
      load: async () => (await import('./watch.ts')).runWatch,
    },
    {
      name: 'list',
      summary: 'your claims, what ends first first',
      options: { '--ended': 'those that have ended, newest first', ...pageOptions },
      load: async () => (await import('./keep.ts')).listClaims,
    },
    {
      name: 'show',
      summary: 'one claim; the exit code is 7 where it is lost',
      args: claim,
      options: serverOptions,
      load: async () => (await import('./keep.ts')).showClaim,
    },
    {
      name: 'renew',
      summary: 'hold a claim longer',
      args: claim,
      options: { ...termOptions, ...writeOptions },
      load: async () => (await import('./keep.ts')).renewClaim,
    },
    {
      name: 'use',
      summary: 'say that you work with it, so that it does not lapse',
      args: claim,
      options: writeOptions,
      load: async () => (await import('./keep.ts')).useClaim,
    },
    {
      name: 'release',
      summary: 'give a claim back and say what it covered',
      args: claim,
      options: {
        '--covered <outcome>+':
          'nothing-found, findings or unfinished; of a part: nothing-found=<target>',
        ...writeOptions,
      },
      load: async () => (await import('./keep.ts')).releaseClaim,
    },
    ...sharing(),
    {
      name: 'map',
      summary: 'what of a target is covered now and was before, never by whom',
      args: { '<target>': 'a package, repository, host, network, URL or product' },
      options: { '--days <n>': 'days back, 1 to 400; default 90', ...serverOptions },
      load: async () => (await import('./map.ts')).showMap,
    },
    {
      name: 'calendar',
      summary: 'the windows of your claims as iCalendar',
      options: { '--out <path>': 'write the file there', ...serverOptions },
      load: async () => (await import('./calendar.ts')).claimCalendar,
    },
  ],
};

/** What goes between two who claim. */
function sharing(): readonly CommandSpec[] {
  return [
    {
      name: 'hand-over',
      summary: 'offer a claim to another party, which holds it once it accepts',
      args: claim,
      options: { '--to <party>!': 'its id', ...writeOptions },
      load: async () => (await import('./share.ts')).handOver,
    },
    {
      name: 'join',
      summary: 'ask whoever holds it to let you in; you learn of each other if both agree',
      args: targets,
      options: { ...wishOptions, ...writeOptions },
      load: async () => (await import('./share.ts')).joinClaim,
    },
    {
      name: 'requests',
      summary: 'claims offered to you, who wants in beside yours, and what you asked',
      options: serverOptions,
      load: async () => (await import('./share.ts')).listRequests,
    },
    {
      name: 'answer',
      summary: 'answer one of them',
      args: { '<request>': 'the id of the offered claim, or of the wish to join' },
      options: { '--yes': 'agree', '--no': 'decline, which tells nobody', ...writeOptions },
      load: async () => (await import('./share.ts')).answerRequest,
    },
    {
      name: 'waits',
      summary: 'what you stand in line for, and what came of it',
      options: serverOptions,
      load: async () => (await import('./share.ts')).listWaits,
    },
    {
      name: 'leave',
      summary: 'leave a line',
      args: { '<wait>': 'its id' },
      options: writeOptions,
      load: async () => (await import('./share.ts')).leaveLine,
    },
  ];
}
