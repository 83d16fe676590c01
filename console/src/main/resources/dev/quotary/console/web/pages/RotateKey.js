import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { Secret } from './Secret.js';

const OVERLAPS = [
  ['86400', 'for a day'],
  ['3600', 'for an hour'],
  ['604800', 'for a week'],
  ['0', 'not at all'],
];

/** @param {{ one: any, onClose: () => void }} props */
export function RotateKey({ one, onClose }) {
  const [overlap, setOverlap] = useState('86400');
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    try {
      setMade(await send('POST', `/api/v1/keys/${one.id}/rotate`, { overlap_seconds: Number(overlap) }));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  if (made) {
    return html`<${Dialog} title="The key has a new secret" onClose=${onClose}><${Secret} made=${made} onClose=${onClose} /><//>`;
  }
  return html`<${Dialog} title=${`Rotate ${one.name || one.prefix}`} about="It stays the same key, with what is counted by it; only its secret is another." onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="The secret before still opens" error=${error}>
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${overlap} onChange=${(/** @type {any} */ event) => setOverlap(event.target.value)}>
            ${OVERLAPS.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
          </select>`}
      <//>
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">New secret</button>
      </footer>
    </form>
  <//>`;
}
