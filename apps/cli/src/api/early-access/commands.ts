import type { CommandSpec } from '../../command.ts';
import { pageOptions, serverOptions, writeOptions } from '../server-options.ts';

const engagement = { '<engagement>': 'its id' };
const window = { '<window>': 'its id' };
const grant = { '<grant>': 'its id' };

/** `window`: the Government's time on a model. */
export const windowCommand: CommandSpec = {
  name: 'window',
  summary: "the Government's window on a model: it ends by itself, and only ever earlier",
  children: [
    {
      name: 'plan',
      summary: 'state what access is for, before there is a window',
      args: engagement,
      options: {
        '--objectives <text>!': 'what access is for',
        '--who <text>!': 'who will have it',
        '--outputs <text>!': 'what comes out',
        '--afterwards <text>!': 'how what was taken is returned or destroyed',
        '--persons <n>': 'persons and services inside at one time at most; default 5',
        '--return-days <n>': 'days after access in which that is done; default 10',
        ...writeOptions,
      },
      load: async () => (await import('./window.ts')).statePlan,
    },
    {
      name: 'days',
      summary: 'the calendar days that a model used, and what is left of thirty',
      args: engagement,
      options: serverOptions,
      load: async () => (await import('./window.ts')).showDays,
    },
    {
      name: 'open',
      summary: 'open a window for a plan, as the developer',
      args: { ...engagement, '<plan>': 'the id of a plan of it' },
      options: {
        '--begins <moment>': 'default: now',
        '--ends <moment>': 'default: as late as it can be',
        ...writeOptions,
      },
      load: async () => (await import('./window.ts')).openWindow,
    },
    {
      name: 'list',
      summary: 'the windows you may know of, the newest first',
      options: pageOptions,
      load: async () => (await import('./window.ts')).listWindows,
    },
    {
      name: 'show',
      summary: 'a window: when it ends and why, and who is inside',
      args: window,
      options: serverOptions,
      load: async () => (await import('./window.ts')).showWindow,
    },
    {
      name: 'shorten',
      summary: 'let it end earlier',
      args: { ...window, '<moment>': 'its new end' },
      options: writeOptions,
      load: async () => (await import('./window.ts')).shortenWindow,
    },
    {
      name: 'end',
      summary: 'end it at once',
      args: window,
      options: writeOptions,
      load: async () => (await import('./window.ts')).endWindow,
    },
    {
      name: 'add',
      summary: 'grant access to a member of a party; it is not active by that',
      args: { ...window, '<member>': 'the id of a person or of a service' },
      options: {
        '--person <member>': 'for a service: the person who accepts and answers for it',
        ...writeOptions,
      },
      load: async () => (await import('./window.ts')).addPerson,
    },
  ],
};

/** `grant`: one person's access. */
export const grantCommand: CommandSpec = {
  name: 'grant',
  summary: "one person's access to a model, or a service's that is bound to a person",
  children: [
    {
      name: 'list',
      summary: "the grants of your party's members, the newest first",
      options: pageOptions,
      load: async () => (await import('./grant.ts')).listGrants,
    },
    {
      name: 'show',
      summary: 'whether it is active, until when, and otherwise what is missing',
      args: grant,
      options: serverOptions,
      load: async () => (await import('./grant.ts')).showGrant,
    },
    {
      name: 'revoke',
      summary: 'revoke it at once; whose it is may give it back',
      args: grant,
      options: writeOptions,
      load: async () => (await import('./grant.ts')).revokeGrant,
    },
    {
      name: 'export',
      summary: 'record a file that was taken out in a use; its digest is computed here',
      args: { '<use>': 'the id of the use', '<file>': 'the file; it is not sent' },
      options: {
        '--what <text>': 'what it is; default: the name of the file',
        '--to <text>!': 'to whom it went',
        '--purpose <text>!': 'and for what',
        ...writeOptions,
      },
      load: async () => (await import('./grant.ts')).recordExport,
    },
  ],
};
