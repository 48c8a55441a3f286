/**
 * The Open Source Vulnerability format, schema 1.7 (ossf.github.io/osv-schema): the fields read or
 * written here. What the schema allows besides is kept by {@link parseOsv} and not typed.
 */
export interface OsvRecord {
  readonly schema_version?: string;
  readonly id: string;
  /** RFC 3339, UTC with `Z`. */
  readonly modified: string;
  readonly published?: string;
  readonly withdrawn?: string;
  readonly aliases?: readonly string[] | null;
  readonly related?: readonly string[];
  readonly upstream?: readonly string[];
  readonly summary?: string;
  readonly details?: string;
  readonly severity?: readonly OsvSeverity[] | null;
  readonly affected?: readonly OsvAffected[] | null;
  readonly references?: readonly OsvReference[] | null;
  readonly credits?: readonly OsvCredit[];
  readonly database_specific?: Readonly<Record<string, unknown>>;
}

/** One package, or one repository, and which of its versions are affected. */
export interface OsvAffected {
  readonly package?: OsvPackage;
  readonly severity?: readonly OsvSeverity[] | null;
  readonly ranges?: readonly OsvRange[];
  readonly versions?: readonly string[];
  readonly ecosystem_specific?: Readonly<Record<string, unknown>>;
  readonly database_specific?: Readonly<Record<string, unknown>>;
}

export interface OsvPackage {
  /** With a release suffix where the ecosystem has one: `Debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly purl?: string;
}

export interface OsvRange {
  readonly type: 'GIT' | 'SEMVER' | 'ECOSYSTEM';
  readonly repo?: string;
  readonly events: readonly OsvEvent[];
  readonly database_specific?: Readonly<Record<string, unknown>>;
}

/** Exactly one member is present. */
export interface OsvEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
  readonly limit?: string;
}

export interface OsvSeverity {
  readonly type: string;
  readonly score: string;
}

export interface OsvReference {
  readonly type: string;
  readonly url: string;
}

export interface OsvCredit {
  readonly name: string;
  readonly contact?: readonly string[];
  readonly type?: string;
}
