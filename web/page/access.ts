// Keeps real DOM elements on the places where the canvas shows controls and results: for keyboards, screen readers and
// tests. Operations come from src/ui/toolkit/access.h; nothing here decides what there is, only how HTML says it.
//
// A click that began with the pointer is the canvas's (pointer.ts hands it on); one without, by Enter, Space, a screen
// reader or a script, activates the control here. Text fields and choices are real ones: the canvas shows their frames and
// what they say, and the field its own letters while it has the focus.

import { FieldEditor } from './field_editor';

export interface AccessActions {
  activate(id: number): void;
  scrollTo(id: number, y: number): void;
  focus(id: number, ring: boolean): void;
  filesPicked(files: FileList, control: number): void;
  input(id: number, text: string, committed: boolean): void;
  choose(id: number, index: number): void;
  hold(id: number, down: boolean): void;
}

interface Properties {
  r?: string;                              // role
  n?: string; d?: string; v?: string;      // name, description, value
  q?: number; l?: number;                  // value now, level
  s?: string;                              // state letters
  b?: [number, number, number, number];    // x, y, width, height
  h?: number; y?: number;                  // content height, scroll position
  m?: number; t?: string;                  // of a text field: longest text, kind of input
  o?: string[];                            // options of a choice
  z?: number; p?: number;                  // size of the set, position in it from 1
  f?: number;                              // 1: takes the focus
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

const kTextRoles = new Set(['heading', 'text', 'listitem', 'cell', 'status', 'alert', 'button', 'hold', 'tab', 'link']);
/** What a click without a pointer activates. */
const kActivated = new Set(['button', 'tab', 'link', 'option']);
const kRoleOf: Record<string, string> = { grid: 'listbox' };  // a grid of options is a list box to HTML
const kSelectable = new Set(['option', 'tab', 'row']);

export class AccessMirror {
  private readonly byId = new Map<number, Mirrored>();
  private readonly byElement = new WeakMap<Element, Mirrored>();
  private pressed: Element | null = null;   // by the pointer, until its click
  private toggled: Element | null = null;   // by the pointer, until its change
  private focusBefore: HTMLElement | null = null;
  private held: Mirrored | null = null;     // by key or finger
  private readonly fields: FieldEditor;

  constructor(private readonly root: HTMLElement, private readonly actions: AccessActions) {
    this.fields = new FieldEditor((element, text, committed) => {
      const mirrored = this.byElement.get(element);
      if (mirrored) actions.input(mirrored.id, text, committed);
    });
    root.addEventListener('mousedown', (event) => { this.pressed = event.isTrusted ? event.target as Element : null; });
    root.addEventListener('click', (event) => this.clicked(event));
    root.addEventListener('change', (event) => this.changed(event.target as HTMLInputElement | HTMLSelectElement));
    root.addEventListener('focusin', (event) => this.focused(event.target as HTMLElement));
    root.addEventListener('focusout', (event) => this.unfocused(event.target as HTMLElement));
    root.addEventListener('contextmenu', (event) => {
      if ((event.target as Element).classList.contains('hold')) event.preventDefault();
    });
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

  /** A key on its way to the focused element. True: it is done with; false: it is nobody's yet, or the element's own. */
  keyDown(event: KeyboardEvent): boolean {
    const element = document.activeElement;
    if (event.key === 'Escape') return this.fields.revert(element) || this.dismissDialog();
    if (event.key === 'Enter' && this.fields.commit(element)) return true;
    const mirrored = element && this.byElement.get(element);
    if (mirrored?.role !== 'hold' || !isPress(event)) return false;
    if (!event.repeat) this.hold(element!);
    return true;
  }

  keyUp(event: KeyboardEvent): boolean {
    return isPress(event) && this.letGo();
  }

  /** Holds an element down, if it is a hold button, until letGo. */
  hold(element: Element): boolean {
    const mirrored = this.byElement.get(element);
    if (mirrored?.role !== 'hold' || (element as HTMLButtonElement).disabled) return false;
    this.letGo();
    this.held = mirrored;
    this.actions.hold(mirrored.id, true);
    return true;
  }

  letGo(): boolean {
    const { held } = this;
    this.held = null;
    if (held) this.actions.hold(held.id, false);
    return held !== null;
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
      queueMicrotask(() => element.querySelector<HTMLElement>('button, input, select')?.focus());
    }
  }

  private make(id: number, role: string, parent: Mirrored | undefined): HTMLElement {
    const input = (type: string) => {
      const element = document.createElement('input');
      element.type = type;
      return element;
    };
    switch (role) {
      case 'button': case 'hold': case 'tab': case 'link': {
        const element = document.createElement('button');
        element.type = 'button';
        if (role === 'hold') element.className = 'hold';
        else if (role !== 'button') element.setAttribute('role', role);
        return element;
      }
      case 'textbox': {
        const element = input('text');
        element.autocomplete = 'off';
        element.spellcheck = false;
        this.fields.adopt(element);
        return element;
      }
      case 'combobox': return document.createElement('select');
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
          element.classList.add('scroll');
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
          element.setAttribute('role', kRoleOf[role] ?? role);
        }
        if (role === 'grid') element.setAttribute('aria-multiselectable', 'true');
        // One of a list box is reached by Tab; from there keys move on, and the ui says which option takes the focus.
        if (role === 'grid' || role === 'listbox') element.tabIndex = 0;
        if (role === 'option') element.tabIndex = -1;
        return element;
      }
    }
  }

  private change(mirrored: Mirrored, properties: Properties): void {
    const { element, role } = mirrored;
    Object.assign(mirrored.properties, properties);
    const { n, d, v, q, l, s, b, h, y, m, t, o, z, p, f } = properties;
    if (n !== undefined) {
      if (kTextRoles.has(role)) {
        if (mirrored.element.childElementCount === 0) element.textContent = n;
      } else {
        attribute(element, 'aria-label', n);
        if (role === 'group') attribute(element, 'role', n && 'group');
      }
    }
    if (d !== undefined) attribute(element, role === 'textbox' ? 'placeholder' : 'title', d);
    if (v !== undefined) {
      if (role === 'file') attribute(element, 'accept', v);
      else if (element instanceof HTMLInputElement && role === 'textbox') this.fields.show(element, v);
      else if (role !== 'combobox') attribute(element, 'aria-valuetext', v);
    }
    if (m && element instanceof HTMLInputElement) element.maxLength = m;
    if (t === 'quiet') element.classList.add('quiet');
    if (t === 'number' && element instanceof HTMLInputElement) element.inputMode = 'decimal';
    if (o && element instanceof HTMLSelectElement) element.replaceChildren(...o.map((label) => new Option(label)));
    if (element instanceof HTMLSelectElement) element.selectedIndex = mirrored.properties.q ?? -1;
    if (z !== undefined) attribute(element, 'aria-setsize', z > 0 ? String(z) : '');
    if (p !== undefined) attribute(element, 'aria-posinset', p > 0 ? String(p) : '');
    if (q !== undefined && role !== 'combobox') attribute(element, role === 'table' ? 'aria-rowcount' : 'aria-valuenow', q < 0 ? '' : String(q));
    if (l !== undefined) attribute(element, 'aria-level', String(l));
    if (s !== undefined) this.setState(mirrored, s);
    if (b) {
      const [left, top, width, height] = b;
      Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
    if (h !== undefined) mirrored.inner.style.height = `${h}px`;
    if (y !== undefined) element.scrollTop = y;
    if (f === 1) {
      queueMicrotask(() => {  // once the whole batch is in place
        element.focus({ preventScroll: true });
        if (element instanceof HTMLInputElement) element.select();
      });
    }
  }

  private setState({ element, role }: Mirrored, state: string): void {
    const is = (letter: string) => state.includes(letter);
    if (element instanceof HTMLInputElement || element instanceof HTMLButtonElement || element instanceof HTMLSelectElement) {
      element.disabled = is('d');
    }
    if (role === 'checkbox' || role === 'radio') (element as HTMLInputElement).checked = is('c');
    attribute(element, 'aria-invalid', is('x') ? 'true' : '');
    attribute(element, 'aria-busy', is('b') ? 'true' : '');
    if (role === 'columnheader') element.setAttribute('aria-sort', is('A') ? 'ascending' : is('D') ? 'descending' : 'none');
    if (kSelectable.has(role)) attribute(element, 'aria-selected', is('s') ? 'true' : role === 'row' ? '' : 'false');
    if (role === 'hold') element.setAttribute('aria-pressed', String(is('s')));
    if (role === 'button') attribute(element, 'aria-current', is('s') ? 'true' : '');
    attribute(element, 'aria-expanded', is('u') ? 'true' : is('f') ? 'false' : '');
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
      if (m && m === this.held) this.letGo();
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
    if (kActivated.has(mirrored.role)) this.actions.activate(mirrored.id);
    if (mirrored.role === 'hold' && this.hold(mirrored.element)) this.letGo();  // a screen reader's press
  }

  private changed(element: HTMLInputElement | HTMLSelectElement): void {
    const mirrored = this.byElement.get(element);
    if (!mirrored || mirrored.role === 'textbox') return;
    if (element instanceof HTMLSelectElement) {
      this.actions.choose(mirrored.id, element.selectedIndex);
      return;
    }
    if (element.type === 'file') {
      if (element.files?.length) this.actions.filesPicked(element.files, mirrored.id);
      element.value = '';
      return;
    }
    const byPointer = this.toggled === element;
    this.toggled = null;
    if (!byPointer) this.actions.activate(mirrored.id);
  }

  private focused(element: HTMLElement): void {
    const mirrored = this.byElement.get(element);
    if (!mirrored) return;
    // While an option has the focus, Shift and Tab leave its list box instead of coming to it.
    const list = mirrored.role === 'option' ? element.closest<HTMLElement>('[role=listbox]') : null;
    if (list) list.tabIndex = -1;
    this.actions.focus(mirrored.id, element.matches(':focus-visible'));
  }

  private unfocused(element: HTMLElement): void {
    const list = element.parentElement?.closest<HTMLElement>('[role=listbox]');
    if (list) list.tabIndex = 0;
    if (this.held?.element === element) this.letGo();
    this.actions.focus(0, false);
  }

  private scrolled(element: Element): void {
    const mirrored = this.byElement.get(element);
    if (mirrored?.role !== 'scroll') return;
    if (Math.abs(element.scrollTop - (mirrored.properties.y ?? 0)) >= 1) this.actions.scrollTo(mirrored.id, element.scrollTop);
  }
}

const isPress = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter';

function attribute(element: Element, name: string, value: string): void {
  if (value === '') element.removeAttribute(name);
  else element.setAttribute(name, value);
}
