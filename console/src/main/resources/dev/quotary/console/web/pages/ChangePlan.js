import { html, useState } from '../lib/html.js';
import { get, send } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { tell } from '../parts/toast.js';
import { PlanLimits } from './PlanLimits.js';

/** @param {{ subject: any, tag: string, onClose: () => void }} props */
export function ChangePlan({ subject, tag, onClose }) {
  const [plan, setPlan] = useState(subject.plan ?? '');
  const [error, setError] = useState('');
  const plans = useLoad((signal) => get('/api/v1/plans', { limit: 1000 }, signal), []);
  const chosen = plans.data?.plans.find((/** @type {any} */ one) => one.key === plan);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const path = `/api/v1/subjects/${encodeURIComponent(subject.key)}`;
    try {
      if (subject.declared) {
        await send('PATCH', path, { plan: plan || null }, tag);
      } else {
        await send('PUT', path, { plan: plan || null });
      }
      tell('The plan is changed; it goes for the next call.');
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return html`<${Dialog} title="Change plan" about="What was used in the current windows stays used." onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Plan" error=${error}>
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${plan} onChange=${(/** @type {any} */ event) => setPlan(event.target.value)}>
            <option value="">That of the organization</option>
            ${plans.data?.plans.map((/** @type {any} */ one) => html`<option key=${one.key} value=${one.key}>${one.key}</option>`)}
          </select>`}
      <//>
      ${chosen && html`<${PlanLimits} plan=${chosen} />`}
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit" disabled=${plan === (subject.plan ?? '')}>Change plan</button>
      </footer>
    </form>
  <//>`;
}
