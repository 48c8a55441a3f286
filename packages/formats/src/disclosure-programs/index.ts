export {
  type DisclosureProgram,
  type NotUnderstood,
  type ProgramList,
  programLimits,
  type WrittenScope,
} from './program.ts';
export {
  type ProgramCode,
  type ProgramFormat,
  programFormats,
  readPrograms,
} from './read-programs.ts';
