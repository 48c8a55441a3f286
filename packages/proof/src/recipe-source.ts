import { z } from 'zod';
import { RecipePath } from './recipe-path.ts';

/** A short lower-case name that also serves as a file name inside the sandbox. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a lower-case name of 1 to 32 characters');
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits (SHA-256)');
// a host by name only: a recipe must not make the server ask an address inside its own network
const HttpsUrl = z.url({ protocol: /^https$/, hostname: /^([a-z0-9-]+\.)+[a-z]{2,63}$/ }).max(500);

const npmPackage = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

/** One release of an npm package, pinned as a lock file pins it. */
export const NpmSource = z.strictObject({
  kind: z.literal('npm'),
  package: z.string().max(214).regex(npmPackage, 'an npm package name'),
  version: z.string().regex(/^\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,60}$/, 'one exact version'),
  integrity: z
    .string()
    .regex(/^sha512-[A-Za-z0-9+/]{86}==$/, 'a sha512 integrity as npm prints it'),
});
export type NpmSource = z.infer<typeof NpmSource>;

const DebianSource = z.strictObject({
  kind: z.literal('debian'),
  package: z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,60}$/, 'a Debian source package name'),
  component: z.enum(['main', 'contrib', 'non-free']).default('main'),
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._~-]{1,150}$/, 'a file name of the pool'),
  sha256: Sha256,
});
const TarballSource = z.strictObject({
  kind: z.literal('tarball'),
  url: HttpsUrl,
  sha256: Sha256,
});
const GitSource = z.strictObject({
  kind: z.literal('git'),
  url: HttpsUrl,
  commit: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'a full commit id'),
});
// wheels only: to bring a source distribution, pip runs what is in it, with a network
const wheel = /^[A-Za-z0-9][A-Za-z0-9_.!+-]{1,180}\.whl$/;
const PypiSource = z.strictObject({
  kind: z.literal('pypi'),
  package: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/, 'a PyPI name'),
  version: z.string().regex(/^[0-9][0-9A-Za-z.!+_-]{0,60}$/, 'one exact version'),
  file: z.string().regex(wheel, 'the file name of a wheel'),
  sha256: Sha256,
});
// Go Modules Reference, "Module paths": elements of ASCII letters, digits and -._~
const modulePath = /^[a-z0-9][a-z0-9.-]*(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;
const GoSource = z.strictObject({
  kind: z.literal('go'),
  module: z.string().max(200).regex(modulePath, 'a Go module path'),
  version: z.string().regex(/^v\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,80}$/, 'one exact version'),
  sha256: Sha256,
});

/** Where an archive comes from; each kind is pinned by a digest, so a mirror cannot change it. */
export const Source = z.discriminatedUnion('kind', [
  NpmSource,
  DebianSource,
  TarballSource,
  GitSource,
  PypiSource,
  GoSource,
]);
export type Source = z.infer<typeof Source>;

/** Every package of a `package-lock.json` of the recipe folder, each pinned by its integrity. */
const NpmLockSource = z.strictObject({ kind: z.literal('npm-lock'), file: RecipePath });

/** What a recipe names as a source: an archive, or a lock file that stands for many. */
export const RecipeSource = z.discriminatedUnion('kind', [...Source.options, NpmLockSource]);
export type RecipeSource = z.infer<typeof RecipeSource>;

/** What pins a source, as one word; equal pins mean equal bytes. */
export function pinOf(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return source.integrity;
    case 'git':
      return `git:${source.commit}`;
    case 'debian':
    case 'tarball':
    case 'pypi':
    case 'go':
      return `sha256:${source.sha256}`;
  }
}
