import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { tell } from '../parts/toast.js';
import { counted } from '../lib/words.js';

/**
 * Another maximum of one limit, for one subject, for a while.
 *
 * @param {{ subject: any, limits: any[], chosen: string, onClose: () => void }} props
 */
export function OverrideDialog({ subject, limits, chosen, onClose }) {
  const present = subject.overrides.find((/** @type {any} */ one) => one.limit === chosen);
  const [limit, setLimit] = useState(chosen || (limits[0]?.limit ?? ''));
  const now = limits.find((one) => one.limit === limit);
  const [max, setMax] = useState(String(present?.max ?? (now?.unlimited ? 'unlimited' : (now?.max ?? ''))));
  const [until, setUntil] = useState(present?.until?.slice(0, 10) ?? '');
  const [reason, setReason] = useState(present?.reason ?? '');
  const [error, setError] = useState('');

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const path = `/api/v1/subjects/${encodeURIComponent(subject.key)}/overrides/${encodeURIComponent(limit)}`;
    const body = {
      max: /^\d+$/.test(max.trim()) ? Number(max) : max.trim(),
      ...(until ? { until: `${until}T00:00:00Z` } : {}),
      ...(reason ? { reason } : {}),
    };
    const known = subject.overrides.some((/** @type {any} */ one) => one.limit === limit);
    try {
      await send('PUT', path, body, known ? '*' : undefined);
      tell('The override goes for the next call.');
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return html`<${Dialog} title="Override a limit" about="For this subject alone. The plan stays as it is." onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Limit">
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${limit} onChange=${(/** @type {any} */ event) => setLimit(event.target.value)}>
            ${limits.map((one) => html`<option key=${one.limit} value=${one.limit}>${one.limit}: ${counted(one)}</option>`)}
          </select>`}
      <//>
      <${Field}
        label="Maximum"
        hint=${now?.meter === 'cost' ? 'Dollars, or “unlimited”.' : 'A whole number, or “unlimited”.'}
        error=${error}
      >
        ${(/** @type {any} */ ids) =>
          html`<input ...${ids} value=${max} required onInput=${(/** @type {any} */ event) => setMax(event.target.value)} />`}
      <//>
      <div class="field-row">
        <${Field} label="Until" hint="Its end, UTC; for good if empty.">
          ${(/** @type {any} */ ids) =>
            html`<input ...${ids} type="date" value=${until} onInput=${(/** @type {any} */ event) => setUntil(event.target.value)} />`}
        <//>
        <${Field} label="Reason" hint="For your colleagues.">
          ${(/** @type {any} */ ids) =>
            html`<input ...${ids} value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />`}
        <//>
      </div>
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">Set override</button>
      </footer>
    </form>
  <//>`;
}
