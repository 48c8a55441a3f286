import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Loaded before a process of the gateway: puts a fault into its code, to see that it is found.

interface Change {
  /** How the file's address ends. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const changes: readonly Change[] = JSON.parse(process.env['BREAKWATER_SIM_MUTANT'] ?? '[]');

registerHooks({
  load(url, context, next) {
    const here = changes.filter(({ file }) => url.endsWith(file));
    if (here.length === 0) return next(url, context);
    let source = readFileSync(new URL(url), 'utf8');
    for (const { file, from, to } of here) {
      if (source.split(from).length !== 2) throw new Error(`${file} has not once: ${from}`);
      source = source.replace(from, () => to);
    }
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
