// Light or dark: the system's choice until the visitor makes one, which is remembered.

const kKey = 'handful-theme';

export class Theme {
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private chosen = read();

  constructor(private readonly changed: (dark: boolean) => void) {
    this.system.addEventListener('change', () => { if (!this.chosen) this.apply(); });
    this.mark();
  }

  get dark(): boolean {
    return this.chosen ? this.chosen === 'dark' : this.system.matches;
  }

  choose(mode: 'light' | 'dark'): void {
    this.chosen = mode;
    try {
      localStorage.setItem(kKey, mode);
    } catch {
      // Storage is switched off: the choice lasts as long as the page.
    }
    this.apply();
  }

  private apply(): void {
    this.mark();
    this.changed(this.dark);
  }

  private mark(): void {
    if (this.chosen) document.documentElement.dataset.theme = this.chosen;
  }
}

function read(): 'light' | 'dark' | null {
  try {
    const value = localStorage.getItem(kKey);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}
