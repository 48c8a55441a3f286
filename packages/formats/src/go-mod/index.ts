export { parseGoMod } from './go-mod.ts';
