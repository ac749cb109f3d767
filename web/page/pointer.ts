// Mouse, wheel, touch and keys on their way to the canvas. GLFW listens on the canvas and on window; these listeners stand
// before it (register them before ui.start) and decide what it gets:
//   mouse    from the mirrored elements handed on to the canvas, so that pressing looks and works the same
//   wheel    kept from GLFW, which rounds it to whole steps; the ui scrolls by pixels
//   touch    a drag scrolls, with momentum; a tap becomes the browser's own mouse events; pinching is the browser's
//   keys     kept from GLFW, which would swallow Tab and Backspace for the whole page; first the focused element's, then the
//            ui's, then the scroll region's around it
// A hold button is held by a mouse through the canvas; by key and finger, directly.

import type { AccessMirror } from './access';
import type { Modifiers, Ui } from './ui_module';

const kLinePx = 40;

export function connectPointer(ui: Ui, canvas: HTMLCanvasElement, mirrorRoot: HTMLElement, mirror: AccessMirror): void {
  connectMouse(ui, canvas, mirrorRoot);
  connectWheel(ui);
  connectTouch(ui, canvas, mirror);
  connectKeys(ui, mirror);
  // What is held down when nobody looks any more is let go.
  const letGo = () => {
    mirror.letGo();
    canvas.dispatchEvent(new MouseEvent('mouseup', { button: 0 }));
  };
  window.addEventListener('blur', letGo);
  document.addEventListener('visibilitychange', () => { if (document.hidden) letGo(); });
}

const modifiersOf = ({ ctrlKey, metaKey, shiftKey, altKey }: MouseEvent | KeyboardEvent): Modifiers =>
  ({ ctrl: ctrlKey || metaKey, shift: shiftKey, alt: altKey });

/** Real fields, whose lists and dialogs the browser opens: the canvas only hears that the pointer is over them. */
const isField = (target: Element) =>
  target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && (target.type === 'file' || target.type === 'text'));

function connectMouse(ui: Ui, canvas: HTMLCanvasElement, mirrorRoot: HTMLElement): void {
  const handOn = (event: MouseEvent) => {
    const target = event.target as Element | null;
    if (!event.isTrusted) return;
    if (event.type === 'mousedown') {
      const modifiers = modifiersOf(event);
      ui.key('Shift', modifiers, modifiers.shift);  // a key pressed while another window had the focus was not heard of
    }
    if (target === canvas) return;
    const onMirror = target instanceof Element && mirrorRoot.contains(target);
    if (onMirror && isField(target) && event.type === 'mousedown') return;
    if (!onMirror && event.type !== 'mouseup') return;
    canvas.dispatchEvent(new MouseEvent(event.type, {
      clientX: event.clientX, clientY: event.clientY, button: event.button, buttons: event.buttons,
    }));
  };
  for (const type of ['mousemove', 'mousedown', 'mouseup'] as const) window.addEventListener(type, handOn, true);
}

function connectWheel(ui: Ui): void {
  window.addEventListener('wheel', (event) => {
    event.stopImmediatePropagation();
    if (event.ctrlKey) return;  // zooming
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? kLinePx
      : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? innerHeight * 0.9 : 1;
    ui.scrollBy(event.clientX, event.clientY, event.deltaY * unit);
  }, { capture: true, passive: false });
}

function connectTouch(ui: Ui, canvas: HTMLCanvasElement, mirror: AccessMirror): void {
  const kSlop = 8, kFriction = 0.0021, kSlowest = 0.02;  // px, 1/ms, px/ms
  let finger: { id: number; startY: number; y: number; x: number; time: number; speed: number; scrolling: boolean } | null = null;
  let momentum = 0;

  const glide = (x: number, y: number, speed: number) => {
    let last = performance.now();
    const step = (now: number) => {
      const elapsed = Math.min(now - last, 50);
      last = now;
      ui.scrollBy(x, y, speed * elapsed);
      speed *= Math.exp(-kFriction * elapsed);
      momentum = Math.abs(speed) > kSlowest ? requestAnimationFrame(step) : 0;
    };
    momentum = requestAnimationFrame(step);
  };

  let holding: number | null = null;  // the finger on a hold button, wherever it moves
  window.addEventListener('touchstart', (event) => {
    event.stopImmediatePropagation();
    cancelAnimationFrame(momentum);
    const touch = event.touches[0];
    if (holding === null && event.target instanceof Element && mirror.hold(event.target)) {
      if (event.cancelable) event.preventDefault();  // no menu, no zoom, no mouse events
      holding = event.changedTouches[0].identifier;
      finger = null;
      return;
    }
    finger = event.touches.length > 1 ? null
      : { id: touch.identifier, startY: touch.clientY, y: touch.clientY, x: touch.clientX, time: event.timeStamp, speed: 0, scrolling: false };
  }, { capture: true, passive: false });

  window.addEventListener('touchmove', (event) => {
    event.stopImmediatePropagation();
    if (holding !== null && event.cancelable) event.preventDefault();
    const touch = [...event.changedTouches].find((t) => t.identifier === finger?.id);
    if (!finger || !touch) return;
    if (!finger.scrolling && Math.abs(touch.clientY - finger.startY) < kSlop) return;
    finger.scrolling = true;
    if (event.cancelable) event.preventDefault();
    const dy = finger.y - touch.clientY, elapsed = Math.max(1, event.timeStamp - finger.time);
    finger.speed = 0.7 * (dy / elapsed) + 0.3 * finger.speed;
    finger.y = touch.clientY;
    finger.time = event.timeStamp;
    ui.scrollBy(finger.x, finger.startY, dy);
  }, { capture: true, passive: false });

  const lift = (event: TouchEvent) => {
    event.stopImmediatePropagation();
    if ([...event.changedTouches].some(({ identifier }) => identifier === holding)) {
      holding = null;
      mirror.letGo();
      if (event.cancelable) event.preventDefault();
      return;
    }
    const wasScrolling = finger?.scrolling;
    if (wasScrolling) {
      if (event.cancelable) event.preventDefault();  // no tap at the end of a drag
      if (event.timeStamp - finger!.time < 80 && Math.abs(finger!.speed) > 0.1) glide(finger!.x, finger!.startY, finger!.speed);
    }
    finger = null;
    // A finger does not hover: the mark under it goes once the tap's mouse events are through.
    if (event.touches.length === 0) setTimeout(() => canvas.dispatchEvent(new MouseEvent('mouseleave')), 400);
  };
  window.addEventListener('touchend', lift, { capture: true, passive: false });
  window.addEventListener('touchcancel', lift, { capture: true, passive: false });
}

function connectKeys(ui: Ui, mirror: AccessMirror): void {
  const scroll = (event: KeyboardEvent): boolean => {
    const region = mirror.regionOf(document.activeElement);
    if (!region || event.ctrlKey || event.altKey || event.metaKey) return false;
    const onItself = region.element === document.activeElement;
    const { clientHeight, scrollHeight, scrollTop } = region.element;
    const to = (y: number) => {
      ui.scrollTo(region.id, y);
      return true;
    };
    switch (event.key) {
      case 'PageDown': return to(scrollTop + clientHeight * 0.9);
      case 'PageUp': return to(scrollTop - clientHeight * 0.9);
      case 'Home': return to(0);
      case 'End': return to(scrollHeight);
      case 'ArrowDown': return onItself && to(scrollTop + kLinePx);
      case 'ArrowUp': return onItself && to(scrollTop - kLinePx);
      default: return false;
    }
  };
  const used = new Set<string>();  // keys that the ui used and that are still down
  window.addEventListener('keydown', (event) => {
    event.stopImmediatePropagation();
    if (event.isComposing) return;
    if (mirror.keyDown(event)) return event.preventDefault();
    if (isOwnKey(event)) return;
    const heldOn = event.repeat && event.key === ' ' && used.has(' ');
    if (heldOn || ui.key(event.key, modifiersOf(event), true)) used.add(event.key);
    else if (!scroll(event)) return;
    event.preventDefault();
  }, true);
  window.addEventListener('keyup', (event) => {
    event.stopImmediatePropagation();
    const wasUsed = used.delete(event.key);
    if (mirror.keyUp(event)) event.preventDefault();
    else if (wasUsed || !isOwnKey(event)) ui.key(event.key, modifiersOf(event), false);
  }, true);
  window.addEventListener('keypress', (event) => event.stopImmediatePropagation(), true);
}

/** Whether the focused element itself does something with this key. */
function isOwnKey({ key }: KeyboardEvent): boolean {
  const element = document.activeElement;
  if (key === 'Escape') return false;
  if (element instanceof HTMLSelectElement) return true;
  if (element instanceof HTMLInputElement) {
    if (element.type === 'text') return true;
    if (element.type === 'radio' && key.startsWith('Arrow')) return true;
    return key === ' ' || key === 'Enter';
  }
  return element instanceof HTMLButtonElement && (key === ' ' || key === 'Enter');
}
