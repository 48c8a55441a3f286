export { cweName, namesOf } from './cwe.ts';
export { parentsOf, weaknesses } from './tree.ts';
