import type { CommandSpec } from '../../command.ts';
import { serverOptions, writeOptions } from '../server-options.ts';

/** `repository` and all under it. */
export const repositoryCommand: CommandSpec = {
  name: 'repository',
  summary: 'under which names a repository is known, and in which order its commits lie',
  children: [
    {
      name: 'show',
      summary: 'the names of a repository, who told of them, and the order of its commits',
      args: { '<target>': 'such as github.com/curl/curl' },
      options: serverOptions,
      load: async () => (await import('./repository.ts')).showRepository,
    },
    {
      name: 'rename',
      summary: 'say that a repository is now called otherwise: who names one name means both',
      args: {
        '<from>': 'what it was called; repo:github.com/old/* for all of an owner',
        '<to>': 'what it is called now',
      },
      options: { '--reason <text>!': 'how you know', ...writeOptions },
      load: async () => (await import('./repository.ts')).renameRepository,
    },
    {
      name: 'withdraw-rename',
      summary: 'say that two names are not of one repository after all',
      args: { '<from>': 'what it was said to have been called' },
      options: { '--reason <text>!': 'why', ...writeOptions },
      load: async () => (await import('./repository.ts')).withdrawRename,
    },
    {
      name: 'order',
      summary: 'tell in which order the commits of a repository lie, so that ranges compare',
      args: {
        '<repository>': 'such as github.com/curl/curl',
        '<file>': 'what `git rev-list --first-parent --reverse HEAD` prints, or -',
      },
      options: writeOptions,
      load: async () => (await import('./repository.ts')).orderCommits,
    },
  ],
};
