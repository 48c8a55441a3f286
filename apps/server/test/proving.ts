import { digestOf, ok, refuse, utf8 } from '@breakwater/kernel';
import type { PatchRecord, ValidationRecord } from '@breakwater/runner';
import type { Proving } from '../src/platform/sandbox/proving.ts';

/** What a scripted proving answers; each part may be replaced while a test runs. */
export interface Script {
  validation: ValidationRecord['judgement']['verdict'];
  patch: PatchRecord['judgement']['verdict'];
  /** What the machine fails with whenever a proof shall be run; null: it works. */
  fault: string | null;
}

const capabilities = {
  driver: 'scripted',
  version: '0',
  tier: 'standard',
  reason: 'no proof is run: its outcome is written in the test',
  limitsBy: 'none',
} as const;

/**
 * A test double of the sandbox: every proof comes out as the script says. A recipe is any folder
 * whose `recipe.json` names `package` and `title`.
 */
export function scriptedProving(script: Script): Proving {
  const recipe = {
    digest: digestOf(utf8('recipe')),
    title: 'scripted',
    package: 'pkg:deb/debian/cjson',
    identifiers: [],
  };
  return {
    capabilities,
    async read(files) {
      const text = files['recipe.json'];
      if (text === undefined) return refuse(malformed);
      // The test wrote it.
      const said = JSON.parse(new TextDecoder().decode(text)) as { package: string };
      return ok({
        digest: digestOf(text),
        title: 'scripted',
        package: said.package,
        harness: true,
      });
    },
    async validate({ proof, attempts }) {
      if (script.fault !== null) throw new Error(script.fault);
      const k = script.validation === 'reproduced' ? attempts : 0;
      return ok({
        kind: 'validation',
        recipe,
        proof: digestOf(proof),
        judgement: {
          verdict: script.validation,
          reproduced: { k, n: attempts, low: 0, high: 1 },
          reasons: [],
          signatures: [],
        },
        builds: null,
        failure: null,
        attempts: [],
        control: [],
        benign: [],
        sandbox: capabilities,
      });
    },
    async verify({ patch, proofs }) {
      return ok({
        kind: 'patch',
        recipe,
        patch: digestOf(patch),
        version: '1.0',
        judgement: { verdict: script.patch, reasons: [] },
        preparation: { kind: 'built' },
        failureLog: '',
        builds: null,
        matrix: proofs.map((proof) => ({
          proof: digestOf(proof.bytes),
          name: proof.name,
          unpatched: [],
          patched: [],
        })),
        benign: [],
        tests: null,
        sandbox: capabilities,
      });
    },
    fuzz: async () => refuse(malformed),
    close: async () => {},
  };
}

const malformed = {
  code: 'recipe-malformed',
  expected: 'a recipe',
  got: 'none',
  todo: 'write one in the test',
} as const;
