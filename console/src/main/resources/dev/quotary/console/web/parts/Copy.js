import { html, useState } from '../lib/html.js';
import { Icon } from './Icon.js';

/** @param {{ text: string, label?: string }} props */
export function Copy({ text, label = 'Copy' }) {
  const [done, setDone] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  }
  return html`<button class="button small" type="button" onClick=${copy}>
    <${Icon} name=${done ? 'check' : 'copy'} size=${14} />${done ? 'Copied' : label}
  </button>`;
}
