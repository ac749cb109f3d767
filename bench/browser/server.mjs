// Serves several folders under one address, cross-origin isolated so that the page's clock counts in 5 µs.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm',
                 '.json': 'application/json' };

/** @param {Record<string, string>} mounts path (a folder's ends with /) → file or folder */
export async function serveMounts(mounts) {
  const server = createServer(async ({ url }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname));
    const mount = Object.keys(mounts).find((prefix) => prefix === path || (prefix.endsWith('/') && path.startsWith(prefix)));
    const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    try {
      const content = await readFile(join(mounts[mount], path.slice(mount.length)));
      response.writeHead(200, { ...headers, 'Content-Type': kTypes[extname(path)] ?? 'application/octet-stream',
                                'Content-Length': content.length });
      response.end(content);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
