// Text fields that the ui mirrors. What it says a field holds is shown unless the visitor is typing there; what is typed is
// told as it comes, and again when it is done: by Enter, or when the focus goes on. Escape takes it back.

/** How long what was typed stands until the ui's own value does. */
const kSettleMs = 400;

interface Field {
  /** what the ui says it holds */
  value: string;
  /** what it held when the focus came, or when it was last done with */
  committed: string;
}

export class FieldEditor {
  private readonly fields = new WeakMap<Element, Field>();

  constructor(private readonly told: (element: HTMLInputElement, text: string, committed: boolean) => void) {}

  adopt(element: HTMLInputElement): void {
    const field: Field = { value: '', committed: '' };
    this.fields.set(element, field);
    element.addEventListener('focus', () => {
      element.value = field.committed = field.value;
    });
    element.addEventListener('input', () => this.told(element, element.value, false));
    element.addEventListener('blur', () => {
      if (element.value !== field.committed) this.commit(element);
      setTimeout(() => {
        if (document.activeElement !== element) element.value = field.value;
      }, kSettleMs);
    });
  }

  show(element: HTMLInputElement, value: string): void {
    const field = this.fields.get(element)!;
    const typing = document.activeElement === element && element.value !== field.committed;
    field.value = value;
    if (typing) return;
    field.committed = value;
    if (element.value !== value) element.value = value;
  }

  /** True if this is a field. */
  commit(element: Element | null): boolean {
    const field = element && this.fields.get(element);
    if (!field || !(element instanceof HTMLInputElement)) return false;
    field.committed = element.value;
    this.told(element, element.value, true);
    return true;
  }

  /** True if there was something to take back. */
  revert(element: Element | null): boolean {
    const field = element && this.fields.get(element);
    if (!field || !(element instanceof HTMLInputElement) || element.value === field.committed) return false;
    element.value = field.committed;
    this.told(element, element.value, false);
    return true;
  }
}
