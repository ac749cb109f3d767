// Where projects are kept: a key-value store that knows nothing of projects. IndexedDbStore is the browser's, MemoryStore
// stands in where the browser gives none. Keys are ASCII strings in ascending order, values are bytes. The layout is in docs/FORMATS.md,
// and tests/fixtures/store_cases.json holds all stores to the same.
import { sentence } from './sources';

// By the version of the database that brought them.
const kStoresSince = [
  ['projects', 'samples', 'features', 'pixels', 'thumbnails', 'copies', 'trainings'],
  ['history'],
];
export const kStoreNames = kStoresSince.flat();
const kVersion = kStoresSince.length;
// Of a copy: pixels are some 80 KB each.
const kCopiedAtOnce = 64;

export interface StoreKey {
  store: string;
  key: string;
}

/** One transaction, in this order: copy, remove, put. */
export interface Batch {
  puts: (StoreKey & { value: ArrayBuffer })[];
  removes: StoreKey[];
  /** All keys of a store that begin so. */
  removePrefixes: StoreKey[];
  /** Every key of every store that begins with `copyFrom` is also kept under `copyTo`; '' for no copy. */
  copyFrom: string;
  copyTo: string;
}

export interface Entries {
  keys: string[];
  /** One a key, or none where only keys were wanted. */
  values: ArrayBuffer[];
}

export interface StoreUsage {
  usageBytes: number;
  quotaBytes: number;
  persisted: boolean;
}

/** What rejects does so with an Error whose message is one sentence. */
export interface Store {
  readonly kind: 'indexeddb' | 'memory';
  /** Why nothing can be kept, '' where it can. */
  readonly message: string;
  /** Resolves when all of it is kept; rejects when none of it is. */
  write(batch: Batch): Promise<void>;
  /** What is not there is left out. */
  read(store: string, keys: string[]): Promise<Entries>;
  /** Ascending; of the keys that begin with `prefix` and come after `after`, the first `limit`. */
  list(store: string, prefix: string, after: string, limit: number, values: boolean): Promise<Entries & { more: boolean }>;
  usage(): Promise<StoreUsage>;
}

/** The browser's store where it gives one, else one in memory that says why. `onClosed` hears why the store went away later. */
export async function openStore(database: string, onClosed: (sentence: string) => void): Promise<Store> {
  try {
    if (!globalThis.indexedDB) throw new Error('this browser offers no storage to this page');
    return new IndexedDbStore(await openDatabase(database), onClosed);
  } catch (error) {
    return new MemoryStore(`Nothing can be kept: ${sentence(error)}. What you make is lost when this page is closed.`);
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, kVersion);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const store of kStoresSince.slice(oldVersion).flat()) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    // Another tab's connection closes when it is asked to (onversionchange), so `blocked` passes.
    request.onerror = () => {
      const { error } = request;
      reject(error?.name === 'VersionError'
        ? new Error('the projects here were kept by a newer version of this page; reload it')
        : new Error(`the browser does not open its storage (${sentence(error)})`));
    };
  });
}

export class IndexedDbStore implements Store {
  readonly kind = 'indexeddb';
  readonly message = '';
  private closed = '';

  constructor(private readonly database: IDBDatabase, onClosed: (sentence: string) => void) {
    const close = (why: string) => {
      this.closed = why;
      onClosed(why);
    };
    database.onversionchange = () => {
      database.close();
      close('Another tab runs a newer version of this page, or clears what is kept: reload this one to go on.');
    };
    database.onclose = () => close('The browser closed its storage: reload this page to go on.');
  }

  async write({ puts, removes, removePrefixes, copyFrom, copyTo }: Batch): Promise<void> {
    requireAscii(puts);
    const named = new Set([...puts, ...removes, ...removePrefixes].map(({ store }) => store));
    const names = copyFrom ? [...kStoreNames] : [...named];
    if (names.length === 0) return;
    await this.transact(names, 'readwrite', (transaction) => {
      const change = () => {
        for (const { store, key } of removePrefixes) transaction.objectStore(store).delete(rangeOf(key));
        for (const { store, key } of removes) transaction.objectStore(store).delete(key);
        for (const { store, key, value } of puts) transaction.objectStore(store).put(value, key);
      };
      if (copyFrom) copyAll(transaction, copyFrom, copyTo, change);
      else change();
      return () => {};
    });
  }

  read(store: string, keys: string[]): Promise<Entries> {
    return this.transact([store], 'readonly', (transaction) => {
      const requests = keys.map((key) => transaction.objectStore(store).get(key) as IDBRequest<ArrayBuffer | undefined>);
      return () => {
        const found = keys.map((key, i) => ({ key, value: requests[i].result })).filter(({ value }) => value !== undefined);
        return { keys: found.map(({ key }) => key), values: found.map(({ value }) => value!) };
      };
    });
  }

  async list(store: string, prefix: string, after: string, limit: number, values: boolean): Promise<Entries & { more: boolean }> {
    if (after > prefix && !after.startsWith(prefix)) return { keys: [], values: [], more: false };
    return this.transact([store], 'readonly', (transaction) => {
      const range = rangeOf(prefix, after);
      const keys = transaction.objectStore(store).getAllKeys(range, limit + 1) as IDBRequest<string[]>;
      const all = values ? transaction.objectStore(store).getAll(range, limit) as IDBRequest<ArrayBuffer[]> : null;
      return () => ({ keys: keys.result.slice(0, limit), values: all?.result ?? [], more: keys.result.length > limit });
    });
  }

  async usage(): Promise<StoreUsage> {
    try {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { usageBytes: usage, quotaBytes: quota, persisted: await navigator.storage.persisted() };
    } catch {  // this browser does not say
      return { usageBytes: 0, quotaBytes: 0, persisted: false };
    }
  }

  // `begin` asks for everything; what it returns collects the results once `complete` has fired.
  private async transact<T>(stores: string[], mode: IDBTransactionMode, begin: (transaction: IDBTransaction) => () => T): Promise<T> {
    if (this.closed) throw new Error(this.closed);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = this.database.transaction(stores, mode, { durability: 'strict' });
        transaction.onabort = () => reject(transaction.error ?? new Error('the browser gave no reason'));
        let collect: () => T;
        try {
          collect = begin(transaction);
        } catch (error) {
          transaction.onabort = null;
          transaction.abort();
          throw error;
        }
        transaction.oncomplete = () => resolve(collect());
      });
    } catch (error) {
      if (this.closed) throw new Error(this.closed);
      if ((error as DOMException)?.name === 'QuotaExceededError') throw new Error(await this.noRoom());
      throw new Error(`The browser could not ${mode === 'readonly' ? 'read' : 'keep'} this: ${sentence(error)}.`);
    }
  }

  private async noRoom(): Promise<string> {
    const { usageBytes, quotaBytes } = await this.usage();
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
    return `There is no room left: ${megabytes(usageBytes)} are used of the ${megabytes(quotaBytes)} that the browser allows this ` +
      'page. Delete a project or some samples, or export the project.';
  }
}

// The requests follow each other inside the transaction, a few values at a time; `done` is called in the last one's callback.
function copyAll(transaction: IDBTransaction, from: string, to: string, done: () => void): void {
  const waiting = [...transaction.objectStoreNames];
  const copyFrom = (name: string, after: string) => {
    const store = transaction.objectStore(name);
    const range = rangeOf(from, after);
    const keys = store.getAllKeys(range, kCopiedAtOnce) as IDBRequest<string[]>;
    const values = store.getAll(range, kCopiedAtOnce) as IDBRequest<ArrayBuffer[]>;
    values.onsuccess = () => {
      keys.result.forEach((key, i) => store.put(values.result[i], to + key.slice(from.length)));
      if (keys.result.length === kCopiedAtOnce) copyFrom(name, keys.result.at(-1)!);
      else next();
    };
  };
  const next = () => {
    const name = waiting.pop();
    if (name) copyFrom(name, '');
    else done();
  };
  next();
}

function rangeOf(prefix: string, after = ''): IDBKeyRange {
  return after > prefix ? IDBKeyRange.bound(after, `${prefix}\uffff`, true) : IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

function requireAscii(keys: StoreKey[]): void {
  const other = keys.find(({ key }) => /[^\0-\x7f]/.test(key));
  if (other) throw new Error(`The key "${other.key}" is not ASCII.`);
}

export class MemoryStore implements Store {
  readonly kind = 'memory';
  private stores = new Map<string, Map<string, ArrayBuffer>>(kStoreNames.map((name) => [name, new Map()]));

  constructor(readonly message: string) {}

  async write({ puts, removes, removePrefixes, copyFrom, copyTo }: Batch): Promise<void> {
    requireAscii(puts);
    for (const { store } of [...puts, ...removes, ...removePrefixes]) this.named(store);
    if (copyFrom) {
      for (const values of this.stores.values()) {
        for (const key of keysOf(values, copyFrom)) values.set(copyTo + key.slice(copyFrom.length), values.get(key)!);
      }
    }
    for (const { store, key } of removePrefixes) for (const one of keysOf(this.named(store), key)) this.named(store).delete(one);
    for (const { store, key } of removes) this.named(store).delete(key);
    for (const { store, key, value } of puts) this.named(store).set(key, value);
  }

  async read(store: string, keys: string[]): Promise<Entries> {
    const found = keys.filter((key) => this.named(store).has(key));
    return { keys: found, values: found.map((key) => this.named(store).get(key)!) };
  }

  async list(store: string, prefix: string, after: string, limit: number, values: boolean): Promise<Entries & { more: boolean }> {
    const all = keysOf(this.named(store), prefix).filter((key) => key > after).sort();
    const keys = all.slice(0, limit);
    return { keys, values: values ? keys.map((key) => this.named(store).get(key)!) : [], more: all.length > limit };
  }

  async usage(): Promise<StoreUsage> {
    let usageBytes = 0;
    for (const values of this.stores.values()) for (const { byteLength } of values.values()) usageBytes += byteLength;
    return { usageBytes, quotaBytes: 0, persisted: false };
  }

  private named(store: string): Map<string, ArrayBuffer> {
    const values = this.stores.get(store);
    if (!values) throw new Error(`There is no store "${store}".`);
    return values;
  }
}

const keysOf = (values: Map<string, ArrayBuffer>, prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix));
