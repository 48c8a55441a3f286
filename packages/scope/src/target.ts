/** What may be done to a target, from the mildest to the gravest. */
export const methods = ['read', 'static', 'fuzz', 'passive', 'active', 'exploit'] as const;
export type Method = (typeof methods)[number];

export const targetKinds = ['package', 'repository', 'host', 'network', 'url', 'product'] as const;
export type TargetKind = (typeof targetKinds)[number];

interface Named<K extends TargetKind> {
  readonly kind: K;
  /** The one canonical text: equal for every spelling of the same place. ASCII. */
  readonly text: string;
  /**
   * Where it lies: of two targets one contains the other if and only if its lineage is a prefix of
   * the other's, and they have nothing in common otherwise. ASCII; sorts by code unit.
   */
  readonly lineage: string;
}

/** A package of an ecosystem, and all below `path` in it. */
export interface PackageTarget extends Named<'package'> {
  /** The package URL without version, path and the qualifiers that choose a build. */
  readonly purl: string;
  /** The package URL's type, such as `npm`. */
  readonly type: string;
  /** Empty: all of it. Ends in no slash. */
  readonly path: string;
}

/** A source repository, and all below `path` in it. */
export interface RepositoryTarget extends Named<'repository'> {
  /** With its port where that is not the scheme's own. */
  readonly host: string;
  /** Such as `curl/curl`; for every repository of an owner, the owner. */
  readonly project: string;
  /** True: every repository below `project`. */
  readonly every: boolean;
  readonly path: string;
}

/** A host with all it serves, or every host below a name. */
export interface HostTarget extends Named<'host'> {
  /** In A-labels (RFC 5891), lower case, without a trailing dot. */
  readonly name: string;
  /** True: the names below it, at any depth, and not the name itself. */
  readonly below: boolean;
}

/** Addresses with a common beginning. */
export interface NetworkTarget extends Named<'network'> {
  readonly family: 4 | 6;
  /** First address, as RFC 5952 writes it. */
  readonly address: string;
  /** Bits in common: 0 to 32, or to 128. */
  readonly length: number;
}

/** What a live system serves below a path. */
export interface UrlTarget extends Named<'url'> {
  readonly scheme: 'http' | 'https';
  /** A name in A-labels, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Begins and ends with a slash. */
  readonly path: string;
}

/** A product, as the Common Platform Enumeration names them. */
export interface ProductTarget extends Named<'product'> {
  readonly vendor: string;
  readonly name: string;
}

/** A place that may be looked at. Made by `parseTarget` alone. */
export type Target =
  | PackageTarget
  | RepositoryTarget
  | HostTarget
  | NetworkTarget
  | UrlTarget
  | ProductTarget;

export const targetRefusalCodes = [
  'target-malformed',
  'target-too-wide',
  'target-with-version',
  'package-malformed',
  'repository-malformed',
  'host-malformed',
  'network-malformed',
  'url-malformed',
  'product-malformed',
] as const;
export type TargetRefusal = (typeof targetRefusalCodes)[number];

/** The one canonical text of a target; `parseTarget` gives the target back. */
export function formatTarget(target: Target): string {
  return target.text;
}

/** Where a target lies, see {@link Named.lineage}. */
export function lineageOf(target: Target): string {
  return target.lineage;
}

/** True for what runs somewhere: nobody may touch it without its owner's leave. */
export function isLive(target: Target): boolean {
  return target.kind === 'host' || target.kind === 'network' || target.kind === 'url';
}

/** Longest text of a target looked at, in UTF-16 code units; its forms stay below 2,048 too. */
export const targetLengthMax = 2_048;
