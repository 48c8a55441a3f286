export {
  conformOpenVex,
  type OpenVexDocument,
  type VexStatus,
} from './openvex.ts';
export { affectedOfOpenVex } from './read-affected.ts';
export {
  currentStatements,
  parseOpenVex,
  type VexDocument,
  type VexProduct,
  type VexStatement,
} from './read-openvex.ts';
export { writeOpenVex } from './write-openvex.ts';
