import { html, useState } from '../lib/html.js';
import { get, send } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { go } from '../lib/router.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { tell } from '../parts/toast.js';

/** @param {{ onClose: () => void }} props */
export function NewSubject({ onClose }) {
  const [key, setKey] = useState('');
  const [name, setName] = useState('');
  const [plan, setPlan] = useState('');
  const [error, setError] = useState('');
  const plans = useLoad((signal) => get('/api/v1/plans', { limit: 1000 }, signal), []);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    try {
      await send('POST', '/api/v1/subjects', { key, name: name || null, plan: plan || null });
      tell(`${name || key} is declared.`);
      onClose();
      go(`/subjects/${encodeURIComponent(key)}`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return html`<${Dialog} title="New subject" about="Somebody or something that uses: a user, a service." onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Key" hint="As your application names it, such as a user id." error=${error}>
        ${(/** @type {any} */ ids) =>
          html`
            <input
              ...${ids}
              value=${key}
              required
              maxlength="256"
              onInput=${(/** @type {any} */ event) => setKey(event.target.value)}
            />
          `}
      <//>
      <${Field} label="Name" hint="For people; optional.">
        ${(/** @type {any} */ ids) =>
          html`<input ...${ids} value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`}
      <//>
      <${Field} label="Plan">
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${plan} onChange=${(/** @type {any} */ event) => setPlan(event.target.value)}>
            <option value="">That of the organization</option>
            ${plans.data?.plans.map((/** @type {any} */ one) => html`<option key=${one.key} value=${one.key}>${one.key}</option>`)}
          </select>`}
      <//>
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">Declare</button>
      </footer>
    </form>
  <//>`;
}
