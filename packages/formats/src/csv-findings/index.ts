export {
  type CsvCode,
  type CsvColumn,
  type CsvFinding,
  type CsvFindings,
  type CsvRow,
  columnNames,
  csvLimits,
  parseCsvFindings,
} from './csv-findings.ts';
export { csvCell, writeCsv } from './write.ts';
