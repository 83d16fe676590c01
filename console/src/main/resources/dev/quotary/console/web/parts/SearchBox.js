import { html, useEffect, useRef, useState } from '../lib/html.js';
import { Icon } from './Icon.js';

const PAUSE_MILLIS = 200;

/**
 * Tells what is searched for once the typing pauses.
 *
 * @param {{ label: string, value: string, onSearch: (text: string) => void }} props
 */
export function SearchBox({ label, value, onSearch }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  /** @param {string} typed */
  function type(typed) {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(typed), PAUSE_MILLIS);
  }
  return html`<label class="search">
    <${Icon} name="search" />
    <span class="unseen">${label}</span>
    <input
      type="search"
      placeholder=${label}
      value=${text}
      onInput=${(/** @type {any} */ event) => type(event.target.value)}
    />
  </label>`;
}
