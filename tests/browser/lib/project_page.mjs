// A page with nothing but the engine and a store, for tests of what is kept.
import { openPieces } from './pieces.mjs';

/** Another way to make pages: all tabs of one browser, so that they share what is kept. */
export function tabsOf(context) {
  let first = null;
  return {
    site: context.site,
    async newPage(options) {
      if (!first) return first = await context.newPage(options);
      const page = await first.context().newPage();
      page.on('pageerror', (error) => context.faults.push(`uncaught in the page: ${error.message}`));
      return page;
    },
  };
}

const kPieces = "export { EngineClient } from './engine/client';\nexport { loadModelIndex } from './engine/model_index';";

/**
 * The page's `window.engine` is an EngineClient with the backbone on its way; `window.heard` are the events of it that
 * tests look at.
 * @param {{newPage: Function, site: string}} context
 * @param {{database?: string, variant?: string}} [options]
 */
export async function openProjectPage(context, { database = 'handful-test', variant = null } = {}) {
  const page = await openPieces(context, kPieces);
  await page.evaluate(async ([site, store, wanted]) => {
    const { EngineClient, loadModelIndex } = window.pieces;
    const { backbones: [backbone] } = await loadModelIndex(new URL(site));
    const engine = window.engine = new EngineClient({ base: site, store, variant: wanted });
    window.heard = [];
    window.waits = [];
    window.crashes = [];
    engine.onAny(({ message: event }, buffers) => {
      window.heard.push(event);
      window.onHeard?.(event, buffers);
      for (const wait of window.waits.filter(({ test }) => test(event))) {
        window.waits.splice(window.waits.indexOf(wait), 1);
        wait.resolve(event);
      }
    });
    engine.onCrash((crash) => window.crashes.push(crash));
    // The first event that `test` likes, of those to come or, with `past`, of those there were.
    window.wait = (test, { past = true } = {}) => new Promise((resolve) => {
      const found = past && window.heard.find(test);
      if (found) resolve(found);
      else window.waits.push({ test, resolve });
    });
    window.ask = (command, sources = []) => {
      const id = window.lastId = (window.lastId ?? 0) + 1;
      engine.post({ ...command, id }, sources);
      return window.wait((event) => event.id === id && event.type !== 'TrainStarted' && event.type !== 'TrainProgress' && event.type !== 'EpochDone');
    };
    // A picture that no other has, without much structure, 224² RGBA8.
    window.pictureOf = (seed) => {
      const pixels = new Uint8ClampedArray(224 * 224 * 4);
      let state = seed * 2654435761 + 1 >>> 0;
      for (let y = 0, at = 0; y < 224; ++y) {
        for (let x = 0; x < 224; ++x, at += 4) {
          if ((x & 3) === 0) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          pixels.set([(seed * 37 + x) & 255, (state >>> 24), (seed * 11 + y) & 255, 255], at);
        }
      }
      return pixels.buffer;
    };
    engine.post({ type: 'LoadBackbone', name: 'backbone' }, [{ url: new URL(`models/${backbone.file}`, site).href }]);
  }, [context.site, database, variant ?? process.env.HANDFUL_ENGINE ?? null]);
  return page;
}
