export {
  type DojoCode,
  type DojoFinding,
  type DojoRow,
  dojoLimits,
  parseDojoExport,
} from './export.ts';
