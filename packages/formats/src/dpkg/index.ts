export { type DpkgOptions, parseDpkg, queryWithSources } from './dpkg.ts';
