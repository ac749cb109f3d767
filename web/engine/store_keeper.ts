// Answers what the engine asks of a store (StoreWrite, StoreRead, StoreList, StoreLock, StoreUnlock, WriteArchive): these
// events never reach the page. Says StorageState after changes.
import { writeArchive, type Archives } from './archives';
import type { Envelope } from './envelope';
import type {
  Event, StorageState, StoreData, StoreDone, StoreList, StoreLock, StoreRead, StoreUnlock, StoreWrite, WriteArchive,
} from './messages';
import { sentence } from './sources';
import type { Entries, Store } from './store';
import type { OpenedStore } from './types';

export interface KeeperOptions {
  /** A command for the engine. */
  answer(command: StoreDone | StoreData, buffers: ArrayBuffer[]): void;
  say(event: StorageState): void;
  /** An archive for the visitor; `warning` is a sentence, or ''. */
  offer(id: number, name: string, archive: Blob, warning: string): void;
  /** The archive with this name could not be offered. */
  fail(id: number, name: string, message: string): void;
  /** Stores beside the store: the archives that are being imported. */
  archives: Archives;
}

const kUsageIntervalMs = 2000;

export class StoreKeeper {
  /** Of writes that are not acknowledged yet. */
  bytesInFlight = 0;
  private usageTimer: ReturnType<typeof setTimeout> | null = null;
  private trouble = '';  // of the last write, if it failed

  constructor(private readonly opened: OpenedStore | null, private readonly options: KeeperOptions) {
    if (opened) void this.sayUsage();
  }

  /** Whether the event was for the store. */
  take(event: Envelope<Event>, buffers: ArrayBuffer[]): boolean {
    switch (event.type) {
      case 'StoreWrite': void this.write(event.message as StoreWrite, buffers); return true;
      case 'StoreRead': void this.read(event.message as StoreRead); return true;
      case 'StoreList': void this.list(event.message as StoreList); return true;
      case 'StoreLock': void this.lock(event.message as StoreLock); return true;
      case 'WriteArchive': void this.writeArchive(event.message as WriteArchive, buffers); return true;
      case 'StoreUnlock': this.opened?.locks.release((event.message as StoreUnlock).name); return true;
      default: return false;
    }
  }

  /** The store went away: says so at once. */
  closed(why: string): void {
    this.trouble = why;
    void this.sayUsage();
  }

  private async write({ ticket, puts, removes, remove_prefixes, copy_from, copy_to }: StoreWrite, buffers: ArrayBuffer[]): Promise<void> {
    const bytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.bytesInFlight += bytes;
    const error = await errorOf(async () => this.store().write({
      puts: puts.map((put, i) => ({ ...put, value: buffers[i] })),
      removes, removePrefixes: remove_prefixes, copyFrom: copy_from, copyTo: copy_to,
    }));
    this.bytesInFlight -= bytes;
    this.options.answer({ type: 'StoreDone', ticket, error }, []);
    const changed = error !== this.trouble;
    this.trouble = error;
    if (changed) void this.sayUsage();
    else this.saySoon();
  }

  private async read({ ticket, store, keys }: StoreRead): Promise<void> {
    await this.answerWith(ticket, async () => ({
      more: false, error: '', ...await (this.options.archives.read(store, keys) ?? this.store().read(store, keys)) }));
  }

  private async list({ ticket, store, prefix, after, limit, values }: StoreList): Promise<void> {
    await this.answerWith(ticket, async () => ({ error: '', ...await this.store().list(store, prefix, after, limit, values) }));
  }

  private async answerWith(ticket: number, read: () => Promise<Entries & { more: boolean; error: string }>): Promise<void> {
    try {
      const { keys, values, more, error } = await read();
      this.options.answer({ type: 'StoreData', ticket, keys, more, error }, values);
    } catch (error) {
      this.options.answer({ type: 'StoreData', ticket, keys: [], more: false, error: sentence(error) }, []);
    }
  }

  private async lock({ ticket, name, take }: StoreLock): Promise<void> {
    const ours = await this.opened?.locks.acquire(name, take) ?? true;
    this.options.answer({ type: 'StoreDone', ticket, error: ours ? '' : 'another tab has it open' }, []);
  }

  private async writeArchive(event: WriteArchive, buffers: ArrayBuffer[]): Promise<void> {
    const { id, name } = event;
    try {
      const { archive, missing } = await writeArchive(event, buffers, this.store());
      const warning = missing.length === 0 ? '' : `${missing.length} of ${event.parts.length} files are not kept any more and were ` +
        `left out, the first of them ${missing[0]}.`;
      this.options.offer(id, name, archive, warning);
    } catch (error) {
      this.options.fail(id, name, `The archive could not be written: ${sentence(error)}`);
    }
  }

  private store(): Store {
    if (!this.opened) throw new Error('There is no store.');
    return this.opened.store;
  }

  private saySoon(): void {
    this.usageTimer ??= setTimeout(() => void this.sayUsage(), kUsageIntervalMs);
  }

  private async sayUsage(): Promise<void> {
    if (this.usageTimer !== null) clearTimeout(this.usageTimer);
    this.usageTimer = null;
    const { kind, message } = this.store();
    const { usageBytes, quotaBytes, persisted } = await this.store().usage();
    this.options.say({
      type: 'StorageState', kind, message: this.trouble || message, usage_bytes: usageBytes, quota_bytes: quotaBytes, persisted });
  }
}

async function errorOf(action: () => Promise<void>): Promise<string> {
  try {
    await action();
    return '';
  } catch (error) {
    return sentence(error);
  }
}
