export {
  bundleBytesMax,
  bundleKeyName,
  type OpenedBundle,
  type Outcome,
  openBundle,
  writeBundle,
} from './outcome-bundle.ts';
