import type { Reader } from './reader.ts';
import { appReaders } from './readers/apps.ts';
import { benchmarkReaders } from './readers/benchmark.ts';
import { contractReaders } from './readers/contract.ts';
import { coreReaders } from './readers/core.ts';
import { evalLogReaders } from './readers/eval-logs.ts';
import { feedReaders } from './readers/feeds.ts';
import { findingReaders } from './readers/findings.ts';
import { inventoryReaders } from './readers/inventories.ts';
import { lockReaders } from './readers/locks.ts';
import { logReaders } from './readers/log.ts';
import { proofReaders } from './readers/proof.ts';
import { scopeReaders } from './readers/scopes.ts';
import { wishesReaders } from './readers/wishes.ts';

/** Every reader of documents from outside; readers.test.ts fails where one is missing. */
export const readers: readonly Reader[] = [
  ...inventoryReaders,
  ...lockReaders,
  ...findingReaders,
  ...feedReaders,
  ...wishesReaders,
  ...evalLogReaders,
  ...benchmarkReaders,
  ...scopeReaders,
  ...proofReaders,
  ...logReaders,
  ...coreReaders,
  ...contractReaders,
  ...appReaders,
];

/** Exported functions that are named like readers and read nothing from outside, with the reason. */
export const noReaders: Readonly<Record<string, string>> = {
  '@breakwater/benchmark#openItem': 'opens an item of a suite that was read',
  '@breakwater/benchmark#readSuite': 'reads a folder, by parseSuite and parseTask',
  '@breakwater/meter#openBudget': 'counts, and reads nothing',
  '@breakwater/meter#openPool': 'counts, and reads nothing',
  '@breakwater/contract#openApi': 'writes the API page',
  '@breakwater/kernel#fromUtf8': 'throws on purpose, and every reader that calls it catches',
};

/** Folders of packages/formats that have no entry point, with what covers them. */
export const innerFormats: Readonly<Record<string, string>> = {
  advisory: 'a shape that readers fill, and no reader',
  finding: 'a shape that readers fill, and no reader',
  json: 'every reader of JSON begins with it',
  toml: 'read for itself, and by readers of lock files',
  uri: 'writes addresses',
  vers: 'read for itself',
  yaml: 'read for itself, and by readers of lock files',
};
