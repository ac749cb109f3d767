// Which part of a frame becomes the square that a network sees, and where in the square it goes: the geometry of
// src/image/crop.cpp and resize.cpp in whole numbers, for shaders/crop_resize.frag.

import type { CropMode } from '../engine/messages';

/** Pixels of a side of the square. */
export const kSide = 224;
/** Of the border around a picture that is shown whole, of 255. */
export const kBorderGrey = 128;
/** What is at least twice this many times too large is averaged in boxes first (Pillow's reducing_gap). */
const kReducingGap = 2;

export type { CropMode };

export interface CropPlan {
  /** x, y, width, height in the picture */
  crop: [number, number, number, number];
  /** width and height of the boxes that are averaged first; 1: none are */
  box: [number, number];
  /** x, y, width, height in the square */
  target: [number, number, number, number];
}

/** `length` scaled by to / from, to the nearest pixel, at least one. */
const scaled = (length: number, to: number, from: number) => Math.max(1, Math.floor((2 * length * to + from) / (2 * from)));

export function cropPlan(width: number, height: number, mode: CropMode): CropPlan {
  const plan = (crop: CropPlan['crop'], target: CropPlan['target']): CropPlan => ({
    crop, target, box: [2, 3].map((i) => Math.max(1, Math.floor(crop[i] / (target[i] * kReducingGap)))) as [number, number],
  });
  if (mode === 'center') {
    const side = Math.min(width, height);
    return plan([Math.floor((width - side) / 2), Math.floor((height - side) / 2), side, side], [0, 0, kSide, kSide]);
  }
  const longer = Math.max(width, height);
  const w = scaled(width, kSide, longer), h = scaled(height, kSide, longer);
  return plan([0, 0, width, height], [Math.floor((kSide - w) / 2), Math.floor((kSide - h) / 2), w, h]);
}
