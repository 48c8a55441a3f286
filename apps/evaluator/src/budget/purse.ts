import {
  type Account,
  type Actual,
  type AmountKind,
  type Amounts,
  type Grant,
  leftOf,
  type NotGranted,
  type Prices,
  release,
  reserve,
  type SomeAmounts,
  settle,
  type Wish,
} from '@breakwater/meter';

/** A budget that samples which run at once share: the bill of the whole run. */
export interface SharedAccount extends Account {
  /** Told when something was given back. */
  readonly onChange: Set<() => void>;
}

/** What ended a sample: a kind of which too little is left, and in which budget. */
export interface Spent {
  readonly kind: AmountKind;
  readonly limit: number;
  readonly scope: 'sample' | 'run';
}

export type PurseAnswer =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly spent: Spent };

/**
 * The two budgets that a call is taken from. They differ in calls of which nobody knows what they
 * took: the sample's counts them apart, since its limits say what a model may use to reach its
 * result; the run's counts them at their bound, since that is the most the bill can be.
 */
export class Purse {
  readonly #sample: Account;
  readonly #run: SharedAccount;
  readonly #prices: Prices | null;

  /** `prices` null: nothing is known of what a token costs, and money is not limited. */
  constructor(sample: Account, run: SharedAccount, prices: Prices | null) {
    this.#sample = sample;
    this.#run = run;
    this.#prices = prices;
  }

  /**
   * Takes a bound from both budgets, or from none. Where the run's is short only because calls in
   * flight hold of it, waits until they are settled. Rejects with the signal's reason alone.
   */
  async reserve(asked: Omit<Wish, 'prices'>, signal: AbortSignal): Promise<PurseAnswer> {
    const wish = { ...asked, ...(this.#prices !== null && { prices: this.#prices }) };
    for (;;) {
      signal.throwIfAborted();
      const reserved = reserve([this.#sample.budget, this.#run.budget], wish);
      if (reserved.ok) {
        const [sample, run] = reserved.value.budgets;
        if (sample === undefined || run === undefined) throw new Error('a budget was lost');
        this.#sample.budget = sample;
        this.#run.budget = run;
        return { ok: true, grant: reserved.value.grant };
      }
      const spent = this.#spentOf(reserved.refusal);
      if (spent.scope === 'sample' || this.#run.budget.open.length === 0) {
        return { ok: false, spent };
      }
      await this.#changed(signal);
    }
  }

  /** Settles what a call or a tool took. */
  settle(id: string, actual: Actual): { readonly spent: Amounts; readonly excess: SomeAmounts } {
    const sample = settle(this.#sample.budget, id, actual);
    const run = settle(this.#run.budget, id, actual);
    if (!sample.ok || !run.ok) throw new Error(`${id} cannot be settled`);
    this.#sample.budget = sample.value.budget;
    this.#give(run.value.budget);
    return { spent: sample.value.spent, excess: sample.value.excess };
  }

  /** Nobody knows what it took. */
  lost({ id, inputTokens, outputTokens }: Grant): void {
    const sample = release(this.#sample.budget, id, 'cut');
    const run = settle(this.#run.budget, id, { inputTokens, outputTokens });
    if (!sample.ok || !run.ok) throw new Error(`${id} cannot be closed`);
    this.#sample.budget = sample.value;
    this.#give(run.value.budget);
  }

  /** It was not done, or the provider said no before it began. */
  unused(id: string): void {
    const sample = release(this.#sample.budget, id, 'unused');
    const run = release(this.#run.budget, id, 'unused');
    if (!sample.ok || !run.ok) throw new Error(`${id} cannot be released`);
    this.#sample.budget = sample.value;
    this.#give(run.value);
  }

  #give(budget: Account['budget']): void {
    this.#run.budget = budget;
    for (const tell of this.#run.onChange) tell();
  }

  #spentOf({ short, expected, got }: NotGranted): Spent {
    const [kind] = short;
    if (kind === undefined) throw new Error(`no call can be reserved: ${expected}; ${got}`);
    const own = leftOf(this.#sample.budget)[kind];
    const shared = leftOf(this.#run.budget)[kind];
    const isOwn = own !== undefined && (shared === undefined || own <= shared);
    const { limits } = isOwn ? this.#sample.budget : this.#run.budget;
    return { kind, limit: limits[kind] ?? 0, scope: isOwn ? 'sample' : 'run' };
  }

  async #changed(signal: AbortSignal): Promise<void> {
    const { onChange } = this.#run;
    await new Promise<void>((resolve) => {
      const wake = () => {
        onChange.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      onChange.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
