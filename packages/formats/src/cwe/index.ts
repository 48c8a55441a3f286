export { cweName, namesOf } from './cwe.ts';
