// Files that are dropped on a part of a page.

/** `stage` has the class "over" while something is held above it. `take` is given the first file, if there is one. */
export function listenForDrops(stage: HTMLElement, take: (file: File | undefined) => void): void {
  stage.ondragover = (event) => {
    event.preventDefault();
    stage.classList.add('over');
  };
  stage.ondragleave = () => stage.classList.remove('over');
  stage.ondrop = (event) => {
    event.preventDefault();
    stage.classList.remove('over');
    take(event.dataTransfer?.files[0]);
  };
}
