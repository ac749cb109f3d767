// Text in letters the shipped typeface lacks (file and class names in other scripts): one line, drawn by the browser.

const kMostPx = 2048;
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });

export function rasterizeText(text: string, sizePx: number, strong: boolean, color: string): ImageData | null {
  if (!context) return null;
  const font = `${strong ? 600 : 400} ${sizePx}px Inter, system-ui, sans-serif`;
  context.font = font;
  const width = Math.min(kMostPx, Math.ceil(context.measureText(text).width) + 2), height = Math.ceil(sizePx * 1.4);
  canvas.width = width;  // clears it, and forgets the font
  canvas.height = height;
  context.font = font;
  context.fillStyle = color;
  context.textBaseline = 'middle';
  context.direction = 'ltr';
  context.fillText(text, 1, height / 2);
  return context.getImageData(0, 0, width, height);
}
