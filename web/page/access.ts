// Keeps real DOM elements on the places where the canvas shows controls and results: for keyboards, screen readers and
// tests. Operations come from src/ui/access.h; nothing here decides what there is, only how HTML says it.
//
// A click that began with the pointer is the canvas's (pointer.ts hands it on); one without, by Enter, Space, a screen
// reader or a script, activates the control here.

export interface AccessActions {
  activate(id: number): void;
  scrollTo(id: number, y: number): void;
  focus(id: number, ring: boolean): void;
  filesPicked(files: FileList): void;
}

interface Properties {
  r?: string;                              // role
  n?: string; d?: string; v?: string;      // name, description, value
  q?: number; l?: number;                  // value now, level
  s?: string;                              // state letters
  b?: [number, number, number, number];    // x, y, width, height
  h?: number; y?: number;                  // content height, scroll position
}

type Operation =
  | ['+', number, number, Properties]
  | ['=', number, Properties]
  | ['c', number, number[]]
  | ['-', number];

interface Mirrored {
  id: number;
  role: string;
  element: HTMLElement;
  /** where children go: the element, or a scroll region's content */
  inner: HTMLElement;
  properties: Properties;
}

const kTextRoles = new Set(['heading', 'text', 'listitem', 'cell', 'status', 'alert', 'button']);

export class AccessMirror {
  private readonly byId = new Map<number, Mirrored>();
  private readonly byElement = new WeakMap<Element, Mirrored>();
  private pressed: Element | null = null;   // by the pointer, until its click
  private toggled: Element | null = null;   // by the pointer, until its change
  private focusBefore: HTMLElement | null = null;

  constructor(private readonly root: HTMLElement, private readonly actions: AccessActions) {
    root.addEventListener('mousedown', (event) => { this.pressed = event.isTrusted ? event.target as Element : null; });
    root.addEventListener('click', (event) => this.clicked(event));
    root.addEventListener('change', (event) => this.changed(event.target as HTMLInputElement));
    root.addEventListener('focusin', (event) => this.focused(event.target as HTMLElement));
    root.addEventListener('focusout', () => this.actions.focus(0, false));
    root.addEventListener('scroll', (event) => this.scrolled(event.target as Element), true);
  }

  apply(json: string): void {
    for (const operation of JSON.parse(json) as Operation[]) {
      switch (operation[0]) {
        case '+': this.create(operation[1], operation[2], operation[3]); break;
        case '=': this.change(this.byId.get(operation[1])!, operation[2]); break;
        case 'c': this.reorder(operation[1], operation[2]); break;
        case '-': this.remove(operation[1]); break;
      }
    }
  }

  /** The region that scrolls around an element, and its id. */
  regionOf(element: Element | null): { id: number; element: HTMLElement } | null {
    for (let e = element; e && e !== this.root; e = e.parentElement) {
      const mirrored = this.byElement.get(e);
      if (mirrored?.role === 'scroll') return { id: mirrored.id, element: mirrored.element };
    }
    return null;
  }

  /** Escape: the open dialog, if any, is asked to close. */
  dismissDialog(): boolean {
    for (const mirrored of this.byId.values()) {
      if (mirrored.role !== 'dialog') continue;
      this.actions.activate(mirrored.id);
      return true;
    }
    return false;
  }

  // ---- operations

  private create(id: number, parentId: number, properties: Properties): void {
    const role = properties.r!;
    const parent = this.byId.get(parentId);
    const element = this.make(id, role, parent);
    const mirrored: Mirrored = { id, role, element, inner: element, properties: {} };
    if (role === 'scroll') {
      mirrored.inner = document.createElement('div');
      mirrored.inner.setAttribute('role', 'presentation');
      mirrored.inner.style.width = '100%';
      element.append(mirrored.inner);
    }
    this.byId.set(id, mirrored);
    this.byElement.set(element, mirrored);
    (parent?.inner ?? this.root).append(element);
    this.change(mirrored, { s: '', ...properties });
    if (role === 'dialog') {
      this.focusBefore = document.activeElement as HTMLElement | null;
      queueMicrotask(() => element.querySelector<HTMLElement>('button')?.focus());
    }
  }

  private make(id: number, role: string, parent: Mirrored | undefined): HTMLElement {
    const input = (type: string) => {
      const element = document.createElement('input');
      element.type = type;
      return element;
    };
    switch (role) {
      case 'button': {
        const element = document.createElement('button');
        element.type = 'button';
        return element;
      }
      case 'file': {
        const element = input('file');
        element.multiple = true;
        return element;
      }
      case 'folder': {
        const element = input('file');
        element.webkitdirectory = true;
        return element;
      }
      case 'checkbox': return input('checkbox');
      case 'radio': {
        const element = input('radio');
        element.name = `group-${parent?.id ?? id}`;
        return element;
      }
      default: {
        const element = document.createElement('div');
        if (role === 'scroll') {
          element.setAttribute('role', parent?.role === 'table' ? 'rowgroup' : 'region');
          element.tabIndex = 0;
        } else if (role === 'dialog') {
          element.setAttribute('role', 'dialog');
          element.setAttribute('aria-modal', 'true');
        } else if (role === 'meter' || role === 'progressbar') {
          element.setAttribute('role', role);
          element.setAttribute('aria-valuemin', '0');
          element.setAttribute('aria-valuemax', '100');
        } else if (role !== 'text' && role !== 'group') {
          element.setAttribute('role', role);
        }
        return element;
      }
    }
  }

  private change(mirrored: Mirrored, properties: Properties): void {
    const { element, role } = mirrored;
    Object.assign(mirrored.properties, properties);
    const { n, d, v, q, l, s, b, h, y } = properties;
    if (n !== undefined) {
      if (kTextRoles.has(role)) {
        if (mirrored.element.childElementCount === 0) element.textContent = n;
      } else {
        attribute(element, 'aria-label', n);
        if (role === 'group') attribute(element, 'role', n && 'group');
      }
    }
    if (d !== undefined) attribute(element, 'title', d);
    if (v !== undefined) {
      if (role === 'file') attribute(element, 'accept', v);
      else attribute(element, 'aria-valuetext', v);
    }
    if (q !== undefined) attribute(element, role === 'table' ? 'aria-rowcount' : 'aria-valuenow', q < 0 ? '' : String(q));
    if (l !== undefined) attribute(element, 'aria-level', String(l));
    if (s !== undefined) this.setState(mirrored, s);
    if (b) {
      const [left, top, width, height] = b;
      Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
    if (h !== undefined) mirrored.inner.style.height = `${h}px`;
    if (y !== undefined) element.scrollTop = y;
  }

  private setState({ element, role }: Mirrored, state: string): void {
    const is = (letter: string) => state.includes(letter);
    if (element instanceof HTMLInputElement || element instanceof HTMLButtonElement) element.disabled = is('d');
    if (element instanceof HTMLInputElement && element.type !== 'file') element.checked = is('c');
    attribute(element, 'aria-busy', is('b') ? 'true' : '');
    if (role === 'columnheader') element.setAttribute('aria-sort', is('A') ? 'ascending' : is('D') ? 'descending' : 'none');
    if (role === 'row') attribute(element, 'aria-selected', is('s') ? 'true' : '');
    if (role === 'button') attribute(element, 'aria-current', is('s') ? 'true' : '');
    element.inert = is('i');
  }

  private reorder(id: number, children: number[]): void {
    const inner = id === 0 ? this.root : this.byId.get(id)!.inner;
    const focused = document.activeElement;
    let place = inner.firstElementChild;
    for (const child of children) {
      const element = this.byId.get(child)!.element;
      if (element === place) place = place.nextElementSibling;
      else inner.insertBefore(element, place);
    }
    // Moving an element takes the focus from it.
    if (focused instanceof HTMLElement && focused !== document.activeElement && inner.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  private remove(id: number): void {
    const mirrored = this.byId.get(id);
    if (!mirrored) return;
    const hadFocus = mirrored.element.contains(document.activeElement);
    const forget = (element: Element) => {
      const m = this.byElement.get(element);
      if (m) this.byId.delete(m.id);
      for (const child of element.children) forget(child);
    };
    forget(mirrored.element);
    mirrored.element.remove();
    if (mirrored.role === 'dialog') {
      // The page behind stops being inert in the same batch of operations.
      const before = this.focusBefore;
      this.focusBefore = null;
      if (hadFocus) queueMicrotask(() => before?.isConnected && before.focus());
    }
  }

  // ---- what people do

  private clicked(event: MouseEvent): void {
    const byPointer = this.pressed !== null && this.pressed === event.target;
    this.pressed = null;
    this.toggled = byPointer ? event.target as Element : null;
    const mirrored = this.byElement.get(event.target as Element);
    if (!mirrored || byPointer) return;
    if (mirrored.element instanceof HTMLButtonElement) this.actions.activate(mirrored.id);
  }

  private changed(element: HTMLInputElement): void {
    const mirrored = this.byElement.get(element);
    if (!mirrored) return;
    if (element.type === 'file') {
      if (element.files?.length) this.actions.filesPicked(element.files);
      element.value = '';
      return;
    }
    const byPointer = this.toggled === element;
    this.toggled = null;
    if (!byPointer) this.actions.activate(mirrored.id);
  }

  private focused(element: HTMLElement): void {
    const mirrored = this.byElement.get(element);
    if (mirrored) this.actions.focus(mirrored.id, element.matches(':focus-visible'));
  }

  private scrolled(element: Element): void {
    const mirrored = this.byElement.get(element);
    if (mirrored?.role !== 'scroll') return;
    if (Math.abs(element.scrollTop - (mirrored.properties.y ?? 0)) >= 1) this.actions.scrollTo(mirrored.id, element.scrollTop);
  }
}

function attribute(element: Element, name: string, value: string): void {
  if (value === '') element.removeAttribute(name);
  else element.setAttribute(name, value);
}
