import type { CommandSpec } from '../command.ts';
import { authorizationCommand } from './authorization/commands.ts';
import { claimCommand } from './claim/commands.ts';
import { designateCommand } from './designate/commands.ts';
import { grantCommand, windowCommand } from './early-access/commands.ts';
import { engageCommand } from './engage/commands.ts';
import { partnersCommand } from './partners/commands.ts';
import { repositoryCommand } from './repository/commands.ts';
import { pageOptions, serverOptions, writeOptions } from './server-options.ts';
import { programsCommand, wishesCommand } from './wishes/commands.ts';

const writing = async () => await import('./writing.ts');

/** The main operations in a form that is comfortable to type. */
export const comfortCommands: readonly CommandSpec[] = [
  claimCommand,
  authorizationCommand,
  wishesCommand,
  programsCommand,
  repositoryCommand,
  engageCommand,
  designateCommand,
  windowCommand,
  grantCommand,
  partnersCommand,
  {
    name: 'submit',
    summary: 'hand in a finding; learn at once whether it is new, known or fixed',
    children: [
      {
        name: 'crash',
        summary: 'hand in a raw crash: the report of the tool, and the input that triggers it',
        options: {
          '--report <file>!': 'what the tool printed, or -',
          '--input <file>!': 'the input that triggers it',
          '--package <purl>!': 'such as pkg:deb/debian/cjson',
          '--version <version>!': 'the version it was found in',
          '--title <text>!': 'one line',
          '--recipe <name>': 'a recipe of the server that builds and runs this package',
          '--tool <text>': 'the tool and version that found it',
          '--marking <label>': 'the TLP label; default AMBER+STRICT',
          ...writeOptions,
        },
        load: async () => (await writing()).submitCrash,
      },
      {
        name: 'finding',
        summary: "hand in a finding in Breakwater's own form",
        args: { '<file>': 'a JSON file, or -' },
        options: writeOptions,
        load: async () => (await writing()).submitFinding,
      },
    ],
  },
  {
    name: 'import',
    summary: 'say what a file of findings of other tools holds; with --send, hand it in',
    args: {
      '<file>':
        'a SARIF log, a CSAF, CVE or OSV advisory, a DefectDojo export, GitHub advisories, CSV, or -',
    },
    options: {
      '--send': 'hand in what was understood; without it nothing is sent',
      '--dry-run': 'send nothing, which is what happens without --send',
      '--format <format>':
        'sarif, csaf, cve, osv, defectdojo, github or csv; default: by the content',
      '--column <column=header...>':
        'which header of a CSV stands for a column, such as title="Issue"',
      '--package <purl>': 'the package of rows that name none',
      '--package-type <type>': 'the kind of packages whose name alone is there, such as npm',
      '--version <version>': 'the version of rows that name none',
      '--recipe <name>': 'a recipe of the server that builds and runs these packages',
      '--marking <label>': 'the TLP label; default AMBER+STRICT',
      '--report <file>': 'write every row and what became of it as CSV',
      ...serverOptions,
    },
    load: async () => (await import('./import/import.ts')).runImport,
  },
  {
    name: 'precheck',
    summary: 'ask whether findings are known there, without showing anything of them',
    args: {
      '<file>': 'a crash report, SARIF, a finding in our own form, what import reads, or -',
    },
    options: {
      '--package <purl>': 'the package of findings that name none, and of a crash report',
      '--package-type <type>': 'the kind of packages whose name alone is there, such as npm',
      '--format <format>':
        'sarif, csaf, cve, osv, defectdojo, github or csv; default: by the content',
      '--column <column=header...>':
        'which header of a CSV stands for a column, such as title="Issue"',
      '--log-key <key>': "the verifier key of the server's log, or a file; default: as it says",
      '--dry-run': 'send nothing; say what could be asked',
      ...serverOptions,
    },
    load: async () => (await import('./precheck/precheck.ts')).runPrecheck,
  },
  {
    name: 'federation',
    summary: 'records that installations exchange: opt-outs, routes and clean certificates',
    children: [
      {
        name: 'import',
        summary: "hand in the records of another installation's feed",
        args: { '<folder>': 'a checkout of the feed' },
        options: {
          '--feed <text>!': 'what the feed is called here',
          ...serverOptions,
        },
        load: async () => (await import('./federation.ts')).importFeed,
      },
      {
        name: 'export',
        summary: 'write what this server tells others into a folder, for git to serve',
        args: { '<folder>': 'where; other files in it stay' },
        options: serverOptions,
        load: async () => (await import('./federation.ts')).exportFeed,
      },
    ],
  },
  {
    name: 'case',
    summary: 'show one case: findings, proofs, score, patches, timeline',
    args: { '<case>': 'its id' },
    options: serverOptions,
    load: async () => (await import('./show-case.ts')).showCase,
  },
  {
    name: 'recipe',
    summary: 'recipes of the server',
    children: [
      {
        name: 'add',
        summary: 'add a recipe folder',
        args: { '<folder>': 'a folder with a recipe.json (docs/recipes.md)' },
        options: { '--name <name>': 'default: the name of the folder', ...writeOptions },
        load: async () => (await import('./add-recipe.ts')).addRecipe,
      },
    ],
  },
  {
    name: 'patch',
    summary: 'patches of a case',
    children: [
      {
        name: 'propose',
        summary: 'propose a patch; it is verified against every old proof',
        args: { '<case>': 'its id', '<diff>': 'a unified diff, or -' },
        options: { '--title <text>!': 'one line', ...writeOptions },
        load: async () => (await writing()).proposePatch,
      },
    ],
  },
  {
    name: 'publish',
    summary: 'publish the advisory of a case',
    args: { '<case>': 'its id', '<publication>': 'a JSON file with the publication, or -' },
    options: writeOptions,
    load: async () => (await writing()).publish,
  },
  {
    name: 'advisory',
    summary: 'read a published advisory, in whichever format',
    args: { '<advisory>': 'its id, such as x_BW-2026-0A1B2C3D' },
    options: {
      '--format <format>':
        'osv, csaf, openvex, or cve: a draft for whoever assigns the id; default osv',
      '--version <n>': 'an earlier version; default: the newest',
      '--out <path>': 'write the file there',
      ...serverOptions,
    },
    load: async () => (await import('./read-advisory.ts')).readAdvisory,
  },
  {
    name: 'inventory',
    summary: 'your inventories',
    children: [
      {
        name: 'add',
        summary: 'upload a lock file, a package list or an SBOM (CycloneDX, SPDX)',
        args: { '<file>': 'the file as it is, or -' },
        options: {
          '--name <text>!': 'what you call this system',
          '--distribution <name>': 'what a package list is of, such as "Rocky Linux:9"',
          '--debian-release <n>': 'the Debian release a package list comes from, such as 12',
          ...writeOptions,
        },
        load: async () => (await writing()).addInventory,
      },
    ],
  },
  {
    name: 'mcp',
    summary: 'serve an agent (Model Context Protocol): hand in findings, ask what became of them',
    options: {
      '--files <folder>': 'files in here may be handed in by name; default: none',
      '--log-key <vkey>':
        'the verifier key of the log, which a pre-check is held to; default: asked of the server',
      ...serverOptions,
    },
    load: async () => (await import('../mcp/serve.ts')).runMcp,
  },
  {
    name: 'notices',
    summary: 'your notices: one card each, which says what to do',
    args: { '[notice]': 'one notice only' },
    options: pageOptions,
    load: async () => (await import('./notices.ts')).showNotices,
  },
  {
    name: 'receipt',
    summary: 'report a notice done, handed to a helper, or not affected',
    args: { '<notice>': 'its id', '<outcome>': 'done, helper or not-affected' },
    options: { '--note <text>': 'a word about it', ...writeOptions },
    load: async () => (await writing()).giveReceipt,
  },
];
