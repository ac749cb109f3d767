// The page: starts the ui (canvas) and the engine (worker) and introduces them to each other. It computes nothing itself.

import { EngineClient, type Progress, type Variant } from '../engine/client';
import { loadModelIndex, type ModelFile } from '../engine/model_index';
import { AccessMirror } from './access';
import { connectFiles, FileStore, openPicker, saveText } from './files';
import { connectPointer } from './pointer';
import { download, Splash } from './splash';
import { rasterizeText } from './text';
import { Theme } from './theme';
import { Ui, type Factory, type NamedFile } from './ui_module';

declare global {
  interface Window {
    /** For tests: frames drawn so far, and whether the first one has been. */
    handful: { frames: number; ready: boolean };
  }
}

const kBase = new URL('.', import.meta.url);
const kMissingBackbone =
  'The MobileNetV2 backbone is missing, so no picture can be classified yet. Whoever built this page runs ' +
  './tools/fetch-backbone and builds it again. Or drop the backbone here: the official Keras .h5 file, or a Teachable Machine model.';
const kMissingModel = 'This page was built without a model. Drop one here, for instance a Teachable Machine export as downloaded.';
const kRestartsInARow = 3;
const kReload = 'Reload the page to go on. Pictures that were dropped have to be dropped again.';

window.handful = { frames: 0, ready: false };
const splash = new Splash();

async function start(): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    splash.fail('This browser has no WebAssembly, which Handful is made of.', 'Any browser of the last four years has it; in a locked-down one it may be switched off.');
    return;
  }
  // The engine starts first: its worker loads while the page does.
  const variant = new URLSearchParams(location.search).get('engine') as Variant | null;  // checked by the client
  const engine = new EngineClient({ base: kBase, variant });
  const store = new FileStore();
  const pending: (() => void)[] = [];  // what came before the ui was there
  let ui: Ui | null = null;
  const whenReady = (action: (ui: Ui) => void) => ui ? action(ui) : void pending.push(() => action(ui!));

  let restarts = 0;
  engine.onAny((json, buffers) => whenReady((u) => {
    u.event(json, buffers);
    if (json.startsWith('{"type":"Prediction"')) restarts = 0;
  }));
  engine.onProgress(({ what, loaded, total }: Progress) => whenReady((u) => u.download(what, loaded, total)));
  engine.onCrash(({ message }) => whenReady((u) => {
    u.engineStopped(message);
    if (++restarts <= kRestartsInARow) engine.restart();
  }));

  const canvas = document.getElementById('canvas') as HTMLCanvasElement;
  const mirrorRoot = document.getElementById('mirror')!;
  const stage = document.getElementById('stage')!;

  canvas.addEventListener('webglcontextlost', () => {
    ui = null;
    splash.fail('The browser took the page’s graphics away, as it does when a graphics driver restarts.', kReload, 'Nothing can be drawn');
  });

  let frameAsked = false;
  const askFrame = () => {
    if (frameAsked) return;
    frameAsked = true;
    requestAnimationFrame((now) => {
      frameAsked = false;
      if (!ui) return;
      let more = false;
      try {
        more = ui.frame(now / 1000);
      } catch (error) {
        ui = null;
        splash.fail(`The page stopped: ${(error as Error).message}.`, kReload, 'Something went wrong');
        throw error;
      }
      ++window.handful.frames;
      window.handful.ready = true;
      if (more) askFrame();
    });
  };

  const theme = new Theme((dark) => ui?.setDark(dark));
  const mirror = new AccessMirror(mirrorRoot, {
    activate: (id) => ui?.activate(id),
    scrollTo: (id, y) => ui?.scrollTo(id, y),
    focus: (id, ring) => ui?.focus(id, ring),
    filesPicked: (files) => incoming.picked(files),
  });
  const incoming = connectFiles(store, {
    add: (files) => whenReady((u) => u.addFiles(files)),
    hover: (active) => ui?.setDropActive(active),
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
    onCommand: (json, ids) => engine.post(json, ids.map((id) => store.get(id))),
    onRelease: (id) => store.release(id),
    onPick: (what) => openPicker(what, (files) => incoming.picked(files)),
    onSave: saveText,
    onTheme: (mode) => theme.choose(mode),
    onFetchLicenses: () => void fetchLicenses(),
    onFrameWanted: askFrame,
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
  await openShipped(loaded, store);
}

/** Calls back whenever the window moves to a screen of another pixel ratio, or is zoomed. */
function watchPixelRatio(changed: () => void): void {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
    changed();
    watchPixelRatio(changed);
  }, { once: true });
}

/** Opens what the site carries, or says what it lacks. */
async function openShipped(ui: Ui, store: FileStore): Promise<void> {
  const index = await loadModelIndex(kBase);
  const register = (file: ModelFile | null): NamedFile | null => file && {
    id: store.add({ url: new URL(`models/${file.file}`, kBase).href, bytes: file.bytes }), name: file.file, bytes: file.bytes,
  };
  const alone = index.files.find(({ metadata }) => metadata.network === 'finger_cnn') ?? null;
  if (!index.backbone && alone) {
    ui.addFiles([register(alone)!]);
    return;
  }
  ui.openShipped(register(index.backbone), register(index.model));
  if (!index.backbone) ui.missing(kMissingBackbone);
  else if (!index.model) ui.missing(kMissingModel);
}

start().catch((error: Error) => {
  splash.fail(`The page could not be loaded: ${error.message}.`, 'Reloading may help; if it does not, the site is incomplete.');
});
