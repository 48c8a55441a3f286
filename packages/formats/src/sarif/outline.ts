import { ok, type Result, refuse } from '@breakwater/kernel';
import { readPiece } from '../json/read-piece.ts';
import {
  type JsonChoice,
  type JsonPath,
  type JsonPiece,
  JsonSplitter,
  type SplitCode,
} from '../json/split-json.ts';
import { type SarifRun, sarifLimits } from './finding.ts';
import { heldMembers, type RunFacts, RunParts } from './run.ts';

export type SarifCode = SplitCode | 'too-large' | 'sarif-unknown' | 'source-changed';

/** All of a SARIF file but its results, which may stand before what they refer to. */
export interface SarifOutline {
  readonly runs: readonly SarifRun[];
  /** In all runs. */
  readonly results: number;
  /** What is in the file and not in the findings, in whole sentences. */
  readonly notes: readonly string[];
  readonly facts: readonly RunFacts[];
}

/** What is not held of a run, and how it is told. */
const passedOver: Readonly<Record<string, string>> = {
  graphs: 'graphs',
  webRequests: 'web requests',
  webResponses: 'web responses',
  addresses: 'memory addresses',
  policies: 'policies',
  translations: 'translations',
  externalPropertyFileReferences: 'references to further files, which are not opened',
};

/** The first of two looks at a file: finds what results refer to, and counts them. */
export class SarifOutliner {
  readonly #splitter = new JsonSplitter({
    choose: (path, opening) => this.#choose(path, opening),
    limits: {
      depthMax: sarifLimits.depthMax,
      pieceBytesMax: sarifLimits.partBytesMax,
      membersMax: 1_000,
    },
  });
  readonly #runs: RunParts[] = [];
  readonly #passedOver = new Set<string>();
  #version: unknown;
  #hasRuns = false;
  #results = 0;
  #heldBytes = 0;
  #artifactsLeft = 0;
  #fault: Result<never, SarifCode> | null = null;

  push(chunk: Uint8Array): Result<null, SarifCode> {
    return this.#take(this.#splitter.push(chunk));
  }

  end(): Result<SarifOutline, SarifCode> {
    const taken = this.#take(this.#splitter.end());
    if (!taken.ok) return taken;
    if (!this.#hasRuns) return unknown('a JSON text without a list of runs');
    if (this.#version !== '2.1.0') {
      return unknown(`version ${JSON.stringify(this.#version)?.slice(0, 40) ?? 'not said'}`);
    }
    const facts = this.#runs.map((run) => run.facts());
    const runs = facts.map(({ tool, repository, revision }, index) => ({
      tool: tool.line,
      repository,
      revision,
      rules: tool.parts.reduce((sum, part) => sum + part.rules.length, 0),
      results: this.#runs[index]?.results ?? 0,
    }));
    return ok({ runs, results: this.#results, notes: this.#notes(), facts });
  }

  #take(pieces: Result<readonly JsonPiece[], SplitCode>): Result<null, SarifCode> {
    if (this.#fault !== null) return this.#fault;
    if (!pieces.ok) return pieces;
    for (const piece of pieces.value) {
      const held = this.#hold(piece);
      if (!held.ok) {
        this.#fault = held;
        return held;
      }
    }
    return this.#fault ?? ok(null);
  }

  #choose(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice {
    const [, index, name] = path;
    switch (path.length) {
      case 0:
        return 'enter';
      case 1:
        return this.#atRoot(path[0], opening);
      case 2:
        return this.#beginRun(opening);
      case 3:
        return this.#inRun(String(name), opening, this.#runs[Number(index)]);
      default:
        if (name !== 'results') return 'keep';
        this.#count(Number(index));
        return 'skip';
    }
  }

  #atRoot(name: unknown, opening: '{' | '[' | 'other'): JsonChoice {
    if (name === 'version') return 'keep';
    if (name === 'inlineExternalProperties') this.#passedOver.add('inline external properties');
    if (name !== 'runs' || opening !== '[') return 'skip';
    this.#hasRuns = true;
    return 'enter';
  }

  #beginRun(opening: '{' | '[' | 'other'): JsonChoice {
    this.#runs.push(new RunParts());
    if (this.#runs.length > sarifLimits.runsMax) {
      this.#fault ??= tooMany(`${sarifLimits.runsMax} runs`);
    }
    if (opening !== '{') this.#fault ??= unknown('a run that is no object');
    return opening === '{' ? 'enter' : 'skip';
  }

  #inRun(name: string, opening: '{' | '[' | 'other', run: RunParts | undefined): JsonChoice {
    const isList = opening === '[';
    if (run !== undefined && name === 'results' && isList) run.hasResults = true;
    if (name === 'results' && opening !== 'other') {
      if (!isList) this.#fault ??= unknown('results that are no list');
      return isList ? 'enter' : 'skip';
    }
    if (name === 'artifacts' || name === 'invocations') return isList ? 'enter' : 'skip';
    if (Object.hasOwn(passedOver, name)) this.#passedOver.add(passedOver[name] ?? name);
    return heldMembers.some((held) => held === name) ? 'keep' : 'skip';
  }

  #count(index: number): void {
    const run = this.#runs[index];
    if (run !== undefined) run.results += 1;
    this.#results += 1;
    if (this.#results > sarifLimits.resultsMax) {
      this.#fault ??= tooMany(`${sarifLimits.resultsMax} results`);
    }
  }

  #hold(piece: JsonPiece): Result<null, SarifCode> {
    const [, index, name] = piece.path;
    const isOne = name === 'artifacts' || name === 'invocations';
    if (piece.bytes === null)
      return tooMany(`${sarifLimits.partBytesMax} bytes in ${String(name)}`);
    if (!isOne) this.#heldBytes += piece.bytes.length;
    if (this.#heldBytes > sarifLimits.partBytesMax) {
      return tooMany(`${sarifLimits.partBytesMax} bytes of rules and the like`);
    }
    const value = readPiece(piece);
    if (!value.ok) return value;
    const run = this.#runs[Number(index)];
    if (piece.path.length < 3) this.#version = value.value;
    else if (name === 'invocations') run?.addInvocation(value.value);
    else if (name === 'artifacts') this.#artifactsLeft += run?.addArtifact(value.value) ? 0 : 1;
    else run?.hold(String(name), value.value);
    return ok(null);
  }

  #notes(): readonly string[] {
    const notes = [...this.#passedOver].map((what) => `The file has ${what}; they are not read.`);
    if (this.#artifactsLeft > 0) {
      const left = `${this.#artifactsLeft} files of its list are left out`;
      notes.push(`${left}: results that name them by number alone have no path.`);
    }
    const tell = (is: (run: RunParts) => boolean, what: string) => {
      const count = this.#runs.filter(is).length;
      if (count > 0) notes.push(`${count} of ${this.#runs.length} runs ${what}`);
    };
    tell((run) => run.failed, 'did not end well, as the tool says: it may have missed results.');
    tell((run) => !run.hasResults, 'gave no list of results: what the tool found is not known.');
    tell((run) => run.hasResults && run.results === 0 && !run.failed, 'looked and found nothing.');
    return notes;
  }
}

/** A file that is no SARIF, or SARIF of another version. */
export function unknown(got: string) {
  return refuse({
    code: 'sarif-unknown' as const,
    expected: 'a SARIF log of version 2.1.0: {"version": "2.1.0", "runs": […]}',
    got,
    todo: 'let the tool write SARIF 2.1.0, or convert the file, as sarif-multitool does',
  });
}

function tooMany(what: string) {
  const todo = 'split the file, by run or by folder of the source';
  return refuse({ code: 'too-large' as const, expected: `at most ${what}`, got: 'more', todo });
}
