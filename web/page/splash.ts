// What is seen before the canvas is: loading by bytes, and, where Handful cannot run, why.

const byId = (id: string) => document.getElementById(id)!;

export class Splash {
  private readonly parts = new Map<string, { loaded: number; total: number }>();

  /** `total` 0: not known. Name every part once before the first bytes come, so that the sum is the whole. */
  progress(part: string, loaded: number, total: number): void {
    this.parts.set(part, { loaded, total });
    let sum = 0, all = 0, known = true;
    for (const p of this.parts.values()) {
      sum += p.loaded;
      all += p.total;
      known &&= p.total > 0;
    }
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    byId('splash-text').textContent = known ? `Loading ${megabytes(sum)} of ${megabytes(all)} MB` : `Loading ${megabytes(sum)} MB`;
    const bar = byId('splash-progress') as HTMLProgressElement;
    if (known) {
      bar.max = all;
      bar.value = sum;
    } else {
      bar.removeAttribute('value');
    }
  }

  done(): void {
    byId('splash').hidden = true;
    byId('stage').hidden = false;
  }

  fail(sentence: string, hint: string, title = 'Handful cannot run here'): void {
    byId('stage').hidden = true;
    byId('splash').hidden = false;
    byId('splash').classList.add('failed');
    byId('splash-title').textContent = title;
    byId('splash-text').setAttribute('role', 'alert');
    byId('splash-text').textContent = sentence;
    byId('splash-progress').hidden = true;
    byId('splash-hint').hidden = hint === '';
    byId('splash-hint').textContent = hint;
  }
}

/** The bytes of a file of the site, told as they come. */
export async function download(url: URL, told: (loaded: number, total: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { credentials: 'same-origin' });
  const name = url.pathname.split('/').pop();
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  // A compressed answer's length is not that of what comes out of it.
  const plain = !response.headers.get('Content-Encoding');
  const total = plain ? Number(response.headers.get('Content-Length') ?? 0) : 0;
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    told(loaded, total);
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  told(loaded, loaded);
  return bytes;
}
