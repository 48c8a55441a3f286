export { packagePurl } from './package-purl.ts';
export { buildPurl, type Purl, parsePurl } from './purl.ts';
