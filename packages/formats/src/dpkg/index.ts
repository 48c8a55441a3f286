export { type DpkgOptions, parseDpkg } from './dpkg.ts';
