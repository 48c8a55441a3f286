import type { CommandSpec } from '../command.ts';

const data = {
  '--data-directory <folder>':
    'the data directory of the server; default BREAKWATER_DATA_DIRECTORY, or ./.breakwater',
};
const running = async () => await import('./admin.ts');
const people = async () => await import('./people.ts');

const keyOptions = {
  '--label <text>': 'what the key is for',
  '--scope <operations>': 'operation ids it may call, separated by commas; default all of the role',
  '--expires <moment>': 'when it ends, such as 2026-12-31T17:00:00-05:00',
};

/** What the administrator of the machine does; the permission is that of the data directory. */
export const adminCommand: CommandSpec = {
  name: 'admin',
  summary: 'parties, keys, feeds, erasure: on the machine of the server, by file permission',
  children: [
    {
      name: 'party',
      summary: 'organizations and persons that take part',
      children: [
        {
          name: 'add',
          summary: 'add a party',
          options: {
            '--name <text>!': 'its name',
            '--role <role>!':
              'coordinator, finder, owner, operator, auditor, evaluator, developer, liaison or official',
            ...data,
          },
          load: async () => (await running()).addParty,
        },
        {
          name: 'list',
          summary: 'list parties',
          options: { '--after <cursor>': 'go on', '--limit <n>': '1 to 200', ...data },
          load: async () => (await running()).listParties,
        },
      ],
    },
    {
      name: 'link',
      summary: 'print a one-time link that lets a person in, once',
      options: {
        '--party <id>': 'to join this party as a managing member',
        '--member <id>': 'to sign this member in',
        '--name <text>': 'to found a party of this name, with --role',
        '--role <role>': 'its role; alone, the person names the party. Default coordinator',
        ...data,
      },
      load: async () => (await people()).makeLink,
    },
    {
      name: 'member',
      summary: 'the people and services of a party',
      children: [
        {
          name: 'list',
          summary: 'list them',
          options: {
            '--party <id>!': 'the id of the party',
            '--after <cursor>': 'go on',
            '--limit <n>': '1 to 200',
            ...data,
          },
          load: async () => (await people()).listMembers,
        },
        {
          name: 'remove',
          summary: 'remove one; sessions, passkeys and keys end with it',
          args: { '<member>': 'its id' },
          options: data,
          load: async () => (await people()).removeMember,
        },
      ],
    },
    {
      name: 'key',
      summary: 'add a party and print a key for it, once',
      options: {
        '--name <text>': 'name of the new party',
        '--role <role>':
          'coordinator, finder, owner, operator, auditor, evaluator, developer, liaison or official',
        ...keyOptions,
        ...data,
      },
      load: async () => (await running()).addPartyAndKey,
      children: [
        {
          name: 'add',
          summary: 'make a key for a party that is there',
          options: { '--party <id>!': 'the id of the party', ...keyOptions, ...data },
          load: async () => (await running()).addKey,
        },
        {
          name: 'revoke',
          summary: 'cut off a key at once',
          args: { '<key-id>': 'the id of the key, not the key' },
          options: data,
          load: async () => (await running()).revokeKey,
        },
      ],
    },
    {
      name: 'feed',
      summary: 'load the KEV catalog or EPSS scores from a file',
      args: { '<feed>': 'kev or epss', '<file>': 'JSON or CSV, also compressed with gzip' },
      options: { '--retrieved-at <moment>': 'when the file was fetched', ...data },
      load: async () => (await running()).loadFeed,
    },
    {
      name: 'erase',
      summary: 'erase a piece of content everywhere by destroying its key',
      args: { '<content>': 'its id' },
      options: { '--reason <text>!': 'why; it goes into the record', ...data },
      load: async () => (await running()).erase,
    },
    {
      name: 'dead-letters',
      summary: 'work that failed for good',
      options: data,
      load: async () => (await running()).deadLetters,
      children: [
        {
          name: 'replay',
          summary: 'try one again',
          args: { '<id>': 'its id' },
          options: data,
          load: async () => (await running()).replay,
        },
      ],
    },
    {
      name: 'keys',
      summary: "the server's own signing keys",
      children: [
        {
          name: 'backup',
          summary: 'write every signing key, private parts too, into a new file only you can read',
          options: { '--out <file>!': 'where; nothing may be there yet', ...data },
          load: async () => (await running()).backupKeys,
        },
        {
          name: 'rotate',
          summary: 'make a new signing key; the old one stays published for checking',
          args: { '<use>': 'log, attestation, advisory or outcome' },
          options: data,
          load: async () => (await running()).rotateKey,
        },
      ],
    },
  ],
};

const passphrase = {
  '--passphrase-file <file>': 'a file with the passphrase of the keys, 12 characters or more',
};

/** Backup and restoration, on the machine of the server. */
export const backupCommands: readonly CommandSpec[] = [
  {
    name: 'backup',
    summary: 'back up a server, running or stopped; its keys apart and encrypted',
    options: {
      '--out <folder>!': 'a new folder for the database, content and log',
      '--keys-out <file>!': 'a new file for the keys, kept at another place',
      ...passphrase,
      '--recipient <recipient...>': 'an age recipient (age1…) instead of a passphrase',
      ...data,
    },
    load: async () => (await import('./backup.ts')).runBackup,
  },
  {
    name: 'restore',
    summary: 'restore a backup into an empty place, after all of it was checked',
    args: { '<folder>': 'the backup' },
    options: {
      '--keys <file>!': 'the keys that were written with it',
      ...passphrase,
      '--identity <file>': 'a file with an age identity (AGE-SECRET-KEY-…) instead of a passphrase',
      '--since <file>': 'a checkpoint of the log, saved elsewhere: the log must continue it',
      '--erasures <file...>': 'erasures.ndjson of later backups: what they list does not come back',
      '--other-keys': 'take the keys of another backup; what they do not open stays unreadable',
      ...data,
    },
    load: async () => (await import('./backup.ts')).runRestore,
  },
];
