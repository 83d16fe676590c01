import { html, useLayoutEffect, useRef, useState } from '../lib/html.js';

const GAP = 14;

/**
 * What is said about a place in a chart, beside it.
 *
 * @param {{ x: number, within: number, children?: any }} props
 */
export function Tip({ x, within, children }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(230);
  useLayoutEffect(() => {
    if (ref.current) {
      setWidth(ref.current.offsetWidth);
    }
  });
  const left = x + GAP + width > within ? x - width - GAP : x + GAP;
  return html`<div class="tip" ref=${ref} style=${{ left: `${Math.max(4, left)}px` }} aria-hidden="true">${children}</div>`;
}
