// What would be lost if the engine or its page ended now.
import type { Envelope } from './envelope';
import type { Command, Event, Failed, SampleAdded, SamplesRemoved, SamplesSaved, StorageState } from './messages';

export interface Unfinished {
  /** On their way, or not acknowledged by the store yet; all of them where the store is in memory only. */
  samples: number;
  imports: number;
  trainings: number;
}

export class UnfinishedWork {
  private asked = new Map<number, number>();  // id of the command → how many samples of it
  private added = new Set<number>();  // ids of samples
  private imports = new Set<number>();  // ids of the commands
  private trainings = new Set<number>();
  private kept = true;  // what the store acknowledges

  get now(): Unfinished {
    return {
      samples: [...this.asked.values()].reduce((sum, n) => sum + n, this.added.size),
      imports: this.imports.size,
      trainings: this.trainings.size,
    };
  }

  posted({ type, id }: Envelope<Command>): void {
    if (type === 'AddSample') this.asked.set(id, (this.asked.get(id) ?? 0) + 1);
    else if (type === 'ImportArchive') this.imports.add(id);
    else if (type === 'Train' || type === 'ResumeTraining') this.trainings.add(id);
  }

  hear(event: Envelope<Event>): void {
    switch (event.type) {
      case 'SampleAdded': {
        const { sample } = event.message as SampleAdded;
        this.answered(event.id);
        if (!sample.saved) this.added.add(sample.id);
        return;
      }
      case 'SamplesSaved':
        if (this.kept) this.remove(event.message as SamplesSaved);
        return;
      case 'SamplesRemoved':
        this.remove(event.message as SamplesRemoved);
        return;
      case 'ProjectOpened':
        this.added.clear();
        return;
      case 'StorageState':
        this.kept = (event.message as StorageState).kind !== 'memory';
        return;
      case 'ImportDone':
        this.imports.delete(event.id);
        return;
      case 'TrainDone':
        this.trainings.delete(event.id);
        return;
      case 'Failed':
        if (this.waitsFor(event.id)) this.failed(event.message as Failed);
    }
  }

  /** Nothing of it will come to an end any more. */
  clear(): Unfinished {
    const { now } = this;
    for (const all of [this.asked, this.added, this.imports, this.trainings]) all.clear();
    return now;
  }

  private waitsFor(id: number): boolean {
    return this.asked.has(id) || this.imports.has(id) || this.trainings.has(id);
  }

  // An import's pictures fail with its id, and it goes on.
  private failed({ command, id }: Failed): void {
    if (command === 'AddSample') this.answered(id);
    else if (command === 'ImportArchive') this.imports.delete(id);
    else if (command === 'Train' || command === 'ResumeTraining') this.trainings.delete(id);
  }

  private remove({ sample_ids }: SamplesSaved | SamplesRemoved): void {
    for (const id of sample_ids) this.added.delete(id);
  }

  private answered(id: number): void {
    const left = (this.asked.get(id) ?? 0) - 1;
    if (left > 0) this.asked.set(id, left);
    else this.asked.delete(id);
  }
}
