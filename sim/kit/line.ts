/** A line that a test takes down and puts up again by assigning `down`; `onDown` is told of each change. */
export function createLine(onDown: (down: boolean) => void): { down: boolean } {
  let isDown = false;
  return {
    get down() {
      return isDown;
    },
    set down(value: boolean) {
      if (value !== isDown) onDown(value);
      isDown = value;
    },
  };
}
