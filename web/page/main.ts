// The page: starts the ui (canvas) and the engine (worker) and introduces them to each other. It computes nothing itself.

import { EngineClient, type Progress, type Variant } from '../engine/client';
import { kFirstOwnId } from '../engine/ask';
import { AccessMirror } from './access';
import { Capture } from './capture';
import { connectFiles, FileStore, openPicker, saveBlob, saveText } from './files';
import { FrameLoop } from './frame_loop';
import { connectPointer } from './pointer';
import { keepBackbone, openShipped } from './shipped';
import { download, Splash } from './splash';
import { rasterizeText } from './text';
import { Theme } from './theme';
import { Ui, type Factory } from './ui_module';

declare global {
  interface Window {
    /** For tests: frames drawn so far, whether the first one has been, and whether something would be lost now. */
    handful: { frames: number; ready: boolean; readonly unfinished?: boolean };
  }
}

const kBase = new URL('.', import.meta.url);
const kStore = 'handful';  // the browser's database
const kExample = 'example.zip';  // a project, fetched when it is asked for
const kRestartsInARow = 3;
const kReload = 'Reload the page to go on. The project is kept as it was last saved.';

window.handful = { frames: 0, ready: false };
const splash = new Splash();

async function start(): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    splash.fail('This browser has no WebAssembly, which Handful is made of.', 'Any browser of the last four years has it; in a locked-down one it may be switched off.');
    return;
  }
  // The engine starts first: its worker loads while the page does.
  const variant = new URLSearchParams(location.search).get('engine') as Variant | null;  // checked by the client
  const engine = new EngineClient({ base: kBase, variant, store: kStore });
  const store = new FileStore();
  const pending: (() => void)[] = [];  // what came before the ui was there
  let ui: Ui | null = null;
  let capture: Capture | null = null;
  const fail = (sentence: string, title: string) => {
    ui = null;
    capture?.stop();
    splash.fail(sentence, kReload, title);
  };
  const whenReady = (action: (ui: Ui) => void) => ui ? action(ui) : void pending.push(() => action(ui!));

  let restarts = 0;
  engine.onAny(({ type, id, body }, buffers) => whenReady((u) => {
    if (id >= kFirstOwnId) return;
    u.event(body, buffers);
    if (type === 'Prediction') restarts = 0;
  }));
  engine.onProgress(({ what, loaded, total }: Progress) => whenReady((u) => u.download(what, loaded, total)));
  engine.onFile(({ name, blob, warning }) => {
    saveBlob(name, blob);
    if (warning) whenReady((u) => u.notice('warning', warning));
  });
  engine.onCrash(({ message }) => whenReady((u) => {
    u.engineStopped(message);
    if (++restarts <= kRestartsInARow) engine.restart();
  }));

  askBeforeLeaving(engine);

  const canvas = document.getElementById('canvas') as HTMLCanvasElement;
  const mirrorRoot = document.getElementById('mirror')!;
  const stage = document.getElementById('stage')!;

  canvas.addEventListener('webglcontextlost', () => {
    fail('The browser took the page’s graphics away, as it does when a graphics driver restarts.', 'Nothing can be drawn');
  });

  const frames = new FrameLoop((seconds) => {
    if (!ui) return false;
    let more = false;
    try {
      more = ui.frame(seconds);
    } catch (error) {
      fail(`The page stopped: ${(error as Error).message}.`, 'Something went wrong');
      throw error;
    }
    ++window.handful.frames;
    window.handful.ready = true;
    return more;
  });

  const theme = new Theme((dark) => ui?.setDark(dark));
  const mirror = new AccessMirror(mirrorRoot, {
    activate: (id) => ui?.activate(id),
    scrollTo: (id, y) => ui?.scrollTo(id, y),
    focus: (id, ring) => ui?.focus(id, ring),
    filesPicked: (files, control) => incoming.picked(files, control),
    input: (id, text, committed) => ui?.input(id, text, committed),
    choose: (id, index) => ui?.choose(id, index),
    hold: (id, down) => ui?.hold(id, down),
  });
  const incoming = connectFiles(store, {
    add: (files, from) => whenReady((u) => u.addFiles(files, from)),
    hover: (active, x, y) => ui?.setDropActive(active, x, y),
    nothingFound: (sentence) => whenReady((u) => u.notice('warning', sentence)),
  });

  let licensesAsked = false;
  const fetchLicenses = async () => {
    if (licensesAsked) return;
    licensesAsked = true;
    const response = await fetch(new URL('LICENSES.txt', kBase));
    ui?.setLicenses(response.ok ? await response.text() : `LICENSES.txt could not be loaded: the server answered ${response.status}.`);
  };

  const fetched = (name: string) => {
    splash.progress(name, 0, 0);
    return download(new URL(name, kBase), (loaded, total) => splash.progress(name, loaded, total));
  };
  const [{ default: factory }, wasm, regular, strong] = await Promise.all([
    import(new URL('ui.mjs', kBase).href) as Promise<{ default: Factory }>,
    fetched('ui.wasm'), fetched('fonts/Inter-Regular.ttf'), fetched('fonts/Inter-SemiBold.ttf'),
  ]);
  const loaded = await Ui.load(factory, canvas, wasm, {
    onCommand: (type, id, body, files) => engine.post({ type, id, body }, files.map((file) => store.get(file))),
    onRelease: (id) => {
      store.release(id);
      capture?.released(id);
    },
    onPick: (what) => openPicker(what, (files) => incoming.picked(files)),
    onTakeModel: () => void import('./takeaway').then(({ takeModel }) => takeModel(engine, kBase)).catch((error: Error) =>
      loaded.notice('error', `What takes the model along could not be loaded: ${error.message}.`)),
    onExample: () => loaded.openExample(store.add({ url: new URL(kExample, kBase).href }), kExample),
    onSave: saveText,
    onCamera: (wish) => capture!.useCamera(wish),
    onSampleVideo: (file, rate, cropMode) => capture!.sampleVideo(file, rate, cropMode),
    onAskToPersist: () => void navigator.storage?.persist?.(),
    onKeepBackbone: keepBackbone,
    onTheme: (mode) => theme.choose(mode),
    onFetchLicenses: () => void fetchLicenses(),
    onFrameWanted: () => frames.ask(),
    onAccess: (json) => mirror.apply(json),
    rasterizeText,
  });

  stage.hidden = false;  // the canvas needs its size; the splash still covers it
  const size = () => ({ width: stage.clientWidth, height: stage.clientHeight, dpr: window.devicePixelRatio || 1 });
  connectPointer(loaded, canvas, mirrorRoot, mirror);
  if (!loaded.start(size(), theme.dark, regular, strong)) {
    splash.fail('This browser could not give the page WebGL 2, which draws everything you would see here.',
                'It is often switched off together with hardware acceleration, in the browser’s settings. After a graphics driver crashed, restarting the browser helps.');
    return;
  }
  ui = loaded;
  capture = new Capture(loaded, canvas, store);
  splash.done();
  for (const action of pending) action();
  new ResizeObserver(() => {
    const { width, height, dpr } = size();
    loaded.resize(width, height, dpr);
  }).observe(stage);
  watchPixelRatio(() => {
    const { width, height, dpr } = size();
    loaded.resize(width, height, dpr);
  });
  await openShipped(kBase, loaded, store);
}

/** The browser asks the visitor before the page is left, in its own words, while something would be lost. */
function askBeforeLeaving(engine: EngineClient): void {
  const unfinished = () => Object.values(engine.unfinished).some((count) => count > 0);
  Object.defineProperty(window.handful, 'unfinished', { get: unfinished });
  window.addEventListener('beforeunload', (event) => {
    if (unfinished()) event.preventDefault();
  });
}

/** Calls back whenever the window moves to a screen of another pixel ratio, or is zoomed. */
function watchPixelRatio(changed: () => void): void {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
    changed();
    watchPixelRatio(changed);
  }, { once: true });
}

start().catch((error: Error) => {
  splash.fail(`The page could not be loaded: ${error.message}.`, 'Reloading may help; if it does not, the site is incomplete.');
});
