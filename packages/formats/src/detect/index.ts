export { type Detected, detectFormat, type FileFormat } from './detect.ts';
