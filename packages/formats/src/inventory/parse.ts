import { ok, type Result } from '@breakwater/kernel';
import { parseApk } from '../apk/apk.ts';
import { parseBunLock } from '../bun-lock/bun-lock.ts';
import { parseCargoLock } from '../cargo-lock/cargo-lock.ts';
import { parseComposerLock } from '../composer-lock/composer-lock.ts';
import { parseCycloneDx } from '../cyclonedx/cyclonedx.ts';
import { type DpkgOptions, parseDpkg } from '../dpkg/dpkg.ts';
import { parseGemfileLock } from '../gemfile-lock/gemfile-lock.ts';
import { parseGoMod } from '../go-mod/go-mod.ts';
import { parseGradleLock } from '../gradle-lock/gradle-lock.ts';
import { parseNugetLock } from '../nuget-lock/nuget-lock.ts';
import { parsePackageLock } from '../package-lock/package-lock.ts';
import { parsePipfileLock } from '../pipfile-lock/pipfile-lock.ts';
import { parsePnpmLock } from '../pnpm-lock/pnpm-lock.ts';
import { parsePythonLock } from '../python-lock/python-lock.ts';
import { parseRequirements } from '../requirements/requirements.ts';
import { parseRpm } from '../rpm/rpm.ts';
import { parseSpdx } from '../spdx/spdx.ts';
import { parseYarnLock } from '../yarn-lock/yarn-lock.ts';
import { type Detected, detectInventory } from './detect.ts';
import type { Inventory, InventoryRefusal } from './inventory.ts';
import { type ListFormat, readDistribution } from './told-distribution.ts';

/** What a package list does not tell by itself. */
export interface InventoryOptions {
  /** The OSV ecosystem with its release that a package list is of, such as `Rocky Linux:9`. */
  readonly distribution?: string;
  readonly dpkg?: DpkgOptions;
}

/**
 * Reads an inventory in any known format.
 *
 * In: the file as it is; `options` apply where it is a package list of a distribution.
 * Out: components and notes, or a refusal that says what was expected.
 */
export function parseInventory(
  bytes: Uint8Array,
  options: InventoryOptions = {},
): Result<Inventory, InventoryRefusal> {
  const detected = detectInventory(bytes);
  return detected.ok ? parseAs(detected.value, bytes, options) : detected;
}

function parseAs(
  { format, form }: Detected,
  bytes: Uint8Array,
  options: InventoryOptions,
): Result<Inventory, InventoryRefusal> {
  switch (format) {
    case 'package-lock':
      return parsePackageLock(bytes);
    case 'pnpm-lock':
      return parsePnpmLock(bytes);
    case 'yarn-lock':
      return parseYarnLock(bytes);
    case 'bun-lock':
      return parseBunLock(bytes);
    case 'requirements':
      return parseRequirements(bytes);
    case 'pipfile-lock':
      return parsePipfileLock(bytes);
    case 'poetry-lock':
    case 'pdm-lock':
    case 'uv-lock':
    case 'pylock':
      return parsePythonLock(bytes, format);
    case 'go-mod':
      return parseGoMod(bytes);
    case 'cargo-lock':
      return parseCargoLock(bytes);
    case 'gemfile-lock':
      return parseGemfileLock(bytes);
    case 'composer-lock':
      return parseComposerLock(bytes);
    case 'nuget-lock':
      return parseNugetLock(bytes);
    case 'gradle-lock':
      return parseGradleLock(bytes);
    case 'dpkg':
    case 'rpm':
    case 'apk':
      return parseList(format, bytes, options);
    case 'cyclonedx':
      return parseCycloneDx(bytes);
    case 'spdx':
      return parseSpdx(bytes, form === 'text' ? 'tag-value' : form);
  }
}

/** A package list, of the distribution that somebody says it is of. */
function parseList(
  format: ListFormat,
  bytes: Uint8Array,
  { distribution, dpkg }: InventoryOptions,
): Result<Inventory, InventoryRefusal> {
  const read = distribution === undefined ? ok(undefined) : readDistribution(distribution, format);
  if (!read.ok) return read;
  const told = read.value === undefined ? {} : { distribution: read.value };
  switch (format) {
    case 'dpkg':
      return parseDpkg(bytes, { ...debianOf(read.value), ...dpkg });
    case 'rpm':
      return parseRpm(bytes, told);
    case 'apk':
      return parseApk(bytes, told);
  }
}

/** `Debian:12` as the options of dpkg's lists have it. */
function debianOf(distribution: string | undefined): DpkgOptions {
  const [, name, release] = /^(Debian|Ubuntu)(?::(.+))?$/.exec(distribution ?? '') ?? [];
  if (name !== 'Debian' && name !== 'Ubuntu') return {};
  return release === undefined ? { distribution: name } : { distribution: name, release };
}
