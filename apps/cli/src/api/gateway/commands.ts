import type { CommandSpec } from '../../command.ts';
import { serverOptions, writeOptions } from '../server-options.ts';

/** Words about keys to models, under `gateway`: what is comfortable to type beside the plain ones. */
export const gatewayCommands: readonly CommandSpec[] = [
  {
    name: 'issue-key',
    summary: 'make a key on an active grant or partnership; it is printed this once, alone',
    args: { '<stand>': 'the id of your grant or partnership (gateway offers lists them)' },
    options: {
      '--name <text>!': 'what uses it',
      '--holder <member>': 'the person or service that uses it; default: you',
      '--until <moment>': 'default: when what it stands on ends',
      '--limits <file>': 'its limits as JSON, or -; default: all that no other key has',
      '--dpop <thumbprint>': 'bind it to a key pair: SHA-256 of its public JWK, in base64url',
      '--mtls <thumbprint>': 'bind it to a client certificate: SHA-256 of it, in base64url',
      '--usage-in-streams':
        'ask every stream for its figures, whether the client wants them or not',
      ...writeOptions,
    },
    load: async () => (await import('./issue-key.ts')).issueKey,
  },
  {
    name: 'usage',
    summary: 'what a key used of its quotas, what is left, and when more comes',
    args: { '<gkey>': 'its id (gateway keys lists them)' },
    options: {
      '--watch': 'go on telling whenever something changed, until Ctrl-C',
      '--every <seconds>': 'with --watch: how often it is asked, 1 to 3600; default 5',
      ...serverOptions,
    },
    load: async () => (await import('./usage.ts')).showUsage,
  },
  {
    name: 'cut',
    summary: 'cut off a key, person, party, window, tier or model at once',
    args: { '<of>': 'its id' },
    options: {
      '--reason <text>': 'why; whoever is cut off reads it',
      '--dry-run': 'cut nothing off; say which keys it would stop',
      ...writeOptions,
    },
    load: async () => (await import('./cut.ts')).cutOff,
  },
];
