// A training under way, as the caller of train() holds it.
import type { EpochDone, TrainDone } from '../engine/messages';

/** A finished training. */
export interface Trained extends Omit<TrainDone, 'type' | 'id'> {
  /** The model as a .safetensors file, to be saved and loaded again. Null after a cross-validation. */
  model: Blob | null;
}

/**
 * A training: `for await (const { epoch, loss } of training)` follows it, `await training` waits for what it came to. Both reject where it
 * fails. It goes on whether or not somebody follows.
 */
export class Training implements AsyncIterable<EpochDone>, PromiseLike<Trained> {
  private readonly epochs: EpochDone[] = [];
  private ended = false;
  private wake: () => void = () => {};
  private changed = this.nextChange();
  private readonly done: Promise<Trained>;

  /** `start` is given who hears of each epoch. */
  constructor(start: (hear: (epoch: EpochDone) => void) => Promise<Trained>) {
    this.done = start((epoch) => {
      this.epochs.push(epoch);
      this.change();
    });
    const end = () => {
      this.ended = true;
      this.change();
    };
    this.done.then(end, end);  // who only follows hears of a failure there
  }

  then<Value = Trained, Other = never>(
    onDone?: ((trained: Trained) => Value | PromiseLike<Value>) | null,
    onFailed?: ((why: unknown) => Other | PromiseLike<Other>) | null): Promise<Value | Other> {
    return this.done.then(onDone, onFailed);
  }

  /** All epochs from the first on, also of a training that has ended. */
  async *[Symbol.asyncIterator](): AsyncGenerator<EpochDone, void, undefined> {
    for (let next = 0;;) {
      if (next < this.epochs.length) yield this.epochs[next++];
      else if (!this.ended) await this.changed;
      else break;
    }
    await this.done;
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => { this.wake = resolve; });
  }

  private change(): void {
    const { wake } = this;
    this.changed = this.nextChange();
    wake();
  }
}
