// Frames on demand: one at the browser's next opportunity when somebody asked, and on while the ui wants more.

export class FrameLoop {
  private asked = false;

  /** `draw` returns whether it wants another frame at once. */
  constructor(private readonly draw: (seconds: number) => boolean) {}

  ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => {
      this.asked = false;
      if (this.draw(now / 1000)) this.ask();
    });
  }
}
