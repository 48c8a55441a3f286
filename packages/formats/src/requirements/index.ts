export { parseRequirements } from './requirements.ts';
