// Which build of the engine a browser can run: a pure function of its features.

/** `relaxed` is faster; `simd` gives the same bits on every machine. */
export type Variant = 'simd' | 'relaxed';

/** Of its module: engine.<variant>.wasm. */
export const engineName = (variant: Variant) => `engine.${variant}`;

export interface WasmFeatures {
  simd: boolean;
  relaxedSimd: boolean;
}

// One function of type () → v128 each; an engine that lacks the instruction refuses to validate it.
// simd: i32.const 0, i8x16.splat, i8x16.popcnt.
const kSimdModule = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
// relaxed: i32.const 1, i8x16.splat, i32.const 2, i8x16.splat, i8x16.relaxed_swizzle.
const kRelaxedSimdModule = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11];

export function detectWasmFeatures(): WasmFeatures {
  if (typeof WebAssembly !== 'object') return { simd: false, relaxedSimd: false };
  const validates = (bytes: number[]) => WebAssembly.validate(new Uint8Array(bytes));
  return { simd: validates(kSimdModule), relaxedSimd: validates(kRelaxedSimdModule) };
}

export type VariantChoice = { variant: Variant } | { error: string };

/** `wanted` is what the page's `?engine=` says, if anything. */
export function chooseVariant(features: WasmFeatures, wanted: string | null = null): VariantChoice {
  if (wanted !== null && wanted !== 'simd' && wanted !== 'relaxed') {
    return { error: `There is no engine "${wanted}": it is either simd or relaxed.` };
  }
  if (wanted === 'relaxed' && !features.relaxedSimd) {
    return { error: 'This browser cannot run the relaxed engine: it lacks WebAssembly relaxed SIMD.' };
  }
  if (!features.simd) {
    return {
      error: 'This browser is too old for Handful: it lacks WebAssembly SIMD. ' +
        'Chrome or Edge 91, Firefox 89, Safari 16.4 and everything newer have it.',
    };
  }
  return { variant: wanted ?? (features.relaxedSimd ? 'relaxed' : 'simd') };
}
