import type { CommandSpec } from '../../command.ts';
import { pageOptions, serverOptions, writeOptions } from '../server-options.ts';

const scopeOptions = {
  '--target <target>+': 'what it is about; may be repeated',
  '--except <target>+':
    'what is out, whatever else is in; *://host:443,8443/path for several schemes and ports',
  '--method <method>+': 'read, static, fuzz, passive, active, exploit, with commas',
  '--party <party>+': 'who may, by id',
  '--role <role>+': 'who may, by role, such as finder',
  '--from <moment>': 'from when; default: now',
  '--until <moment>': 'until when, such as "2026-11-30 17:00" or with a zone',
  '--for <time>': 'how long, such as 30d',
  '--rate <n>': 'requests per second at most',
  '--connections <n>': 'connections at most',
  '--never <days times>+':
    'hours of a week at which nothing is done, such as "mon-fri 08:00-18:00"',
  '--never-once <from/until>+': 'a time at which nothing is done: two moments with / between',
  '--zone <zone>': 'whose clock the weekly hours are read on; default: that of this machine',
  '--contact <text>': 'whom to reach while something runs',
};

const authorization = { '<authorization>': 'its id' };

/** `authorization` and all under it. */
export const authorizationCommand: CommandSpec = {
  name: 'authorization',
  summary: 'who may do what to a system, when, how fast and when never; and the stop switch',
  children: [
    {
      name: 'may',
      summary: 'may I do this there, now? The exit code is 1 for no',
      args: { '<target>': 'a package, repository, host, network, URL or product' },
      options: {
        '--method <method>!': 'read, static, fuzz, passive, active or exploit',
        '--at <moment>': 'another moment than now',
        ...serverOptions,
      },
      load: async () => (await import('./leave.ts')).may,
    },
    {
      name: 'list',
      summary: 'the scopes you wrote, and those that name you',
      options: {
        '--target <target>': 'those that say something about it',
        '--mine': 'those you wrote',
        '--for-me': 'those that name you or your role',
        ...pageOptions,
      },
      load: async () => (await import('./scopes.ts')).listScopes,
    },
    {
      name: 'show',
      summary: 'one scope, as far as it concerns you',
      args: authorization,
      options: serverOptions,
      load: async () => (await import('./scopes.ts')).showScope,
    },
    {
      name: 'add',
      summary: 'write down who may do what to your systems; what is left out is not allowed',
      options: { ...scopeOptions, ...writeOptions },
      load: async () => (await import('./scopes.ts')).addScope,
    },
    {
      name: 'revise',
      summary: 'write a scope anew: what you give takes the place of what stood',
      args: authorization,
      options: { ...scopeOptions, ...writeOptions },
      load: async () => (await import('./scopes.ts')).reviseScope,
    },
    {
      name: 'revoke',
      summary: 'take your leave back, from now on',
      args: authorization,
      options: writeOptions,
      load: async () => (await import('./scopes.ts')).revokeScope,
    },
    ...controlCommands(),
    ...rulingCommands(),
    {
      name: 'stop',
      summary: 'stop everything on a target at once: claims, campaigns and leave',
      args: { '<target>': 'yours' },
      options: {
        '--reason <text>': 'kept beside the stop, for you and coordinators',
        ...writeOptions,
      },
      load: async () => (await import('./stop.ts')).stop,
    },
    {
      name: 'resume',
      summary: 'let work begin again; what was ended stays ended',
      args: { '<stop>': 'the id of the stop, or its target' },
      options: { '--reason <text>!': 'why', ...writeOptions },
      load: async () => (await import('./stop.ts')).resume,
    },
    {
      name: 'stops',
      summary: 'stops on your targets',
      options: { '--standing': 'those that are not lifted', ...pageOptions },
      load: async () => (await import('./stop.ts')).listStops,
    },
    {
      name: 'calendar',
      summary: 'when each scope holds and when never, as iCalendar',
      options: {
        '--days <n>': 'how many days ahead, 1 to 365; default 90',
        '--out <path>': 'write the file there',
        ...serverOptions,
      },
      load: async () => (await import('./calendar.ts')).leaveCalendar,
    },
  ],
};

/** By what somebody shows that a target is its own. */
function controlCommands(): readonly CommandSpec[] {
  return [
    {
      name: 'prove',
      summary: 'show that a target is yours: first what to put where, then that it is there',
      args: { '<target>': 'yours; or the id of a proof, to have it looked for now' },
      options: {
        '--way <way>': 'dns, well-known, repository or statement; default dns, of code repository',
        '--statement <text>': 'why it is yours, where a coordinator decides',
        '--wait <time>': 'have it looked for every ten seconds, for at most so long',
        ...writeOptions,
      },
      load: async () => (await import('./control.ts')).prove,
    },
    {
      name: 'controls',
      summary: 'your proofs of control',
      options: pageOptions,
      load: async () => (await import('./control.ts')).listControls,
    },
    {
      name: 'withdraw',
      summary: 'say that a target is no longer yours; what rests on it ends at once',
      args: { '<control>': 'the id of the proof' },
      options: writeOptions,
      load: async () => (await import('./control.ts')).withdraw,
    },
  ];
}

/** What a coordinator decides about proofs. */
function rulingCommands(): readonly CommandSpec[] {
  const reason = { '--reason <text>!': 'why; kept with the decision' };
  return [
    {
      name: 'rule',
      summary: 'as coordinator: say whether what a party stated about its target stands',
      args: { '<control>': 'the id of the proof' },
      options: { '--yes': 'it stands', '--no': 'it does not', ...reason, ...writeOptions },
      load: async () => (await import('./ruling.ts')).rule,
    },
    {
      name: 'contests',
      summary: 'as coordinator: places of which two parties have both proven control',
      options: serverOptions,
      load: async () => (await import('./ruling.ts')).listContests,
    },
    {
      name: 'settle',
      summary: 'as coordinator: decide which of two parties is believed',
      args: { '<control>': 'the proof that is believed' },
      options: { '--over <control>!': 'the proof that is not', ...reason, ...writeOptions },
      load: async () => (await import('./ruling.ts')).settle,
    },
  ];
}
