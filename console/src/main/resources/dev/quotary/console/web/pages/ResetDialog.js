import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { amount } from '../lib/format.js';
import { counted } from '../lib/words.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { tell } from '../parts/toast.js';

/** @param {{ subject: any, limits: any[], onClose: () => void }} props */
export function ResetDialog({ subject, limits, onClose }) {
  const own = limits.filter((limit) => limit.scope.startsWith('subject:') && limit.window !== 'in-flight');
  const [limit, setLimit] = useState('');
  const [error, setError] = useState('');

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    try {
      const answer = await send(
        'POST',
        `/api/v1/subjects/${encodeURIComponent(subject.key)}/reset`,
        limit ? { limit } : {},
      );
      tell(answer.resets.length === 0 ? 'Nothing had been used.' : 'What was used is set back to 0.');
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return html`<${Dialog} title="Reset what was used" about="In the windows that run now. Events and their cost stay on record; what running calls hold stays held." onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Limit" error=${error}>
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${limit} onChange=${(/** @type {any} */ event) => setLimit(event.target.value)}>
            <option value="">All that count this subject alone</option>
            ${own.map((one) => html`<option key=${one.limit} value=${one.limit}>${one.limit}: ${counted(one)}, ${amount(one.meter, one.used)} used</option>`)}
          </select>`}
      <//>
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">Reset</button>
      </footer>
    </form>
  <//>`;
}
