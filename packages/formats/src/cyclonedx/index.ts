export { parseCycloneDx } from './cyclonedx.ts';
