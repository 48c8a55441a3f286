/** Collections of packages as CVE records name them, by ecosystem. */
interface Collection {
  readonly ecosystem: string;
  readonly url: string;
  /** How versions are ordered: the record format's own words where it has one. */
  readonly versionType: string;
}

const collections: readonly Collection[] = [
  { ecosystem: 'npm', url: 'https://registry.npmjs.org', versionType: 'semver' },
  { ecosystem: 'PyPI', url: 'https://pypi.python.org', versionType: 'python' },
  { ecosystem: 'Maven', url: 'https://repo.maven.apache.org/maven2', versionType: 'maven' },
  { ecosystem: 'Go', url: 'https://pkg.go.dev', versionType: 'semver' },
  { ecosystem: 'crates.io', url: 'https://crates.io', versionType: 'semver' },
  { ecosystem: 'RubyGems', url: 'https://rubygems.org', versionType: 'rubygems' },
  { ecosystem: 'NuGet', url: 'https://nuget.org/packages', versionType: 'nuget' },
  { ecosystem: 'Packagist', url: 'https://packagist.org', versionType: 'composer' },
  { ecosystem: 'Debian', url: 'https://packages.debian.org', versionType: 'deb' },
  { ecosystem: 'Alpine', url: 'https://pkgs.alpinelinux.org', versionType: 'apk' },
];

/** The collection of an ecosystem, its release aside; null: none is known. */
export function collectionOf(ecosystem: string): Collection | null {
  const [family] = ecosystem.split(':');
  return collections.find((each) => each.ecosystem === family) ?? null;
}

/** The ecosystem whose packages lie at `url`; null: it is none of those. */
export function ecosystemAt(url: string): string | null {
  return collections.find((each) => each.url === url)?.ecosystem ?? null;
}
