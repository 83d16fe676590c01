/** Which bucket is looked at: one for all charts of a page that share their buckets. */
import { signal } from '../lib/html.js';

export const NOWHERE = -1;

/** One crosshair for a group of charts. */
export const crosshair = () => signal(NOWHERE);

/**
 * What pointer and keyboard do to a crosshair.
 *
 * @param {import('../lib/html.js').Signal<number>} at
 * @param {number} count of buckets
 * @param {(x: number) => number} bucketAt
 */
export function handlers(at, count, bucketAt) {
  /** @param {number} to */
  const go = (to) => {
    at.value = Math.max(0, Math.min(count - 1, to));
  };
  return {
    onPointerMove: (/** @type {any} */ event) => {
      const box = event.currentTarget.getBoundingClientRect();
      go(bucketAt(event.clientX - box.left));
    },
    onPointerLeave: () => {
      at.value = NOWHERE;
    },
    onBlur: () => {
      at.value = NOWHERE;
    },
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      const here = at.value;
      const to = {
        ArrowLeft: here < 0 ? count - 1 : here - 1,
        ArrowRight: here < 0 ? 0 : here + 1,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (event.key === 'Escape') {
        at.value = NOWHERE;
      } else if (to !== undefined) {
        event.preventDefault();
        go(to);
      }
    },
  };
}
