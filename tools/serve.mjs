// A plain static file server on loopback, for trying the built site: no compression, no special headers.
//   node tools/serve.mjs [--dir dist] [--port 8080] [--base /sub/path/]
// If the port is taken the next free one is used. As a module: serve({dir, port, base}) → {url, port, close}.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.safetensors': 'application/octet-stream',
  '.h5': 'application/octet-stream',
  '.bin': 'application/octet-stream',
  '.zip': 'application/zip',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

// The file that a request's path names, or null where it names none.
async function fileFor(root, base, pathname) {
  let path;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base) || path.includes('\0')) return null;
  let file = join(root, normalize(path.slice(base.length - 1)));
  if (file !== root && !file.startsWith(root + sep)) return null;
  let info = await stat(file).catch(() => null);
  if (info?.isDirectory()) {
    if (!path.endsWith('/')) return null;
    file = join(file, 'index.html');
    info = await stat(file).catch(() => null);
  }
  return info?.isFile() ? { file, info } : null;
}

function listen(server, port) {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      done(server.address().port);
    });
  });
}

// dir: the folder to serve. port: the first port to try; 0 lets the system choose. base: the path that dir appears at.
export async function serve({ dir = 'dist', port = 8080, base = '/' } = {}) {
  const root = resolve(dir);
  const at = `/${base}/`.replace(/\/+/g, '/');
  const server = createServer(async (request, response) => {
    const refuse = (status, text) => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(text + '\n');
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'only GET and HEAD');
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (at !== '/' && (pathname === '/' || pathname + '/' === at)) {
      response.writeHead(302, { location: at });
      return response.end();
    }
    const found = await fileFor(root, at, pathname);
    if (!found) return refuse(404, `nothing at ${pathname}`);
    const modified = found.info.mtime.toUTCString();
    const headers = { 'last-modified': modified, 'cache-control': 'no-cache' };
    if (request.headers['if-modified-since'] === modified) {
      response.writeHead(304, headers);
      return response.end();
    }
    headers['content-type'] = TYPES[extname(found.file).toLowerCase()] ?? 'application/octet-stream';
    headers['content-length'] = found.info.size;
    response.writeHead(200, headers);
    if (request.method === 'HEAD') return response.end();
    createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
  });
  let bound;
  for (let attempt = port; ; attempt += 1) {
    try {
      bound = await listen(server, attempt);
      break;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || attempt >= port + 100) throw error;
    }
  }
  return {
    url: `http://127.0.0.1:${bound}${at}`,
    port: bound,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections?.();
    }),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const options = {};
  const args = process.argv.slice(2);
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, '');
    if (!['dir', 'port', 'base'].includes(name) || args[i + 1] === undefined) {
      console.error('usage: node tools/serve.mjs [--dir dist] [--port 8080] [--base /sub/path/]');
      process.exit(2);
    }
    options[name] = name === 'port' ? Number(args[i + 1]) : args[i + 1];
  }
  const { url } = await serve(options);
  console.log(`Handful is at ${url}  (Ctrl-C ends it)`);
}
