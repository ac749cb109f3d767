// The loaders inside: takes the place of web/engine/loaders.ts in the package (web/package.mjs).
/// <reference path="inside.d.ts" />
import converter from 'inside:converter.mjs';
import relaxed from 'inside:engine.relaxed.mjs';
import simd from 'inside:engine.simd.mjs';
import type { Factory } from '../engine/loaders';

const kFactories: Record<string, Factory> = { 'engine.simd': simd, 'engine.relaxed': relaxed, converter };

export const loadFactory = async (name: string): Promise<Factory> => kFactories[name];
