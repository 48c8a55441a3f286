export { asUri, uriPattern } from './uri.ts';
