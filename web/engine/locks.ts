// Who may change a project: one tab at a time, by the browser's Web Locks.

export interface Locks {
  /** Resolves to whether the lock is now ours; with `take` it is taken from whoever has it. */
  acquire(name: string, take: boolean): Promise<boolean>;
  release(name: string): void;
}

/** Where the browser has no locks, everybody gets them. */
export class WebLocks implements Locks {
  private held = new Map<string, () => void>();  // name → lets go of it

  /** `scope` keeps the names of one database apart from others'; `onLost` hears what another tab took. */
  constructor(private readonly scope: string, private readonly onLost: (name: string) => void) {}

  acquire(name: string, take: boolean): Promise<boolean> {
    if (!globalThis.navigator?.locks || this.held.has(name)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const options = take ? { steal: true } : { ifAvailable: true };
      let release: (() => void) | null = null;
      navigator.locks.request(`${this.scope}/${name}`, options, (lock) => {
        resolve(lock !== null);
        return lock && new Promise<void>((done) => {
          release = done;
          this.held.set(name, done);
        });
      }).catch(() => {
        // Before it was ours: the browser refuses locks here. After that: stolen.
        if (!release) return resolve(true);
        if (this.held.get(name) !== release) return;
        this.held.delete(name);
        this.onLost(name);
      });
    });
  }

  release(name: string): void {
    this.held.get(name)?.();
    this.held.delete(name);
  }
}
