import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { organization, wholeServer } from '../lib/session.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { Secret } from './Secret.js';

const ROLES = [
  ['service', 'Service: uses on behalf of any subject'],
  ['subject', 'Subject: uses on behalf of one subject'],
  ['read', 'Read: looks, never changes'],
  ['admin', 'Admin: may change everything in the organization'],
];

/** @param {{ onClose: () => void }} props */
export function NewKey({ onClose }) {
  const [draft, setDraft] = useState({ role: 'service', name: '', subject: '', expires: '' });
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  /** @param {string} name */
  const take = (name) => (/** @type {any} */ event) => {
    setDraft({ ...draft, [name]: event.target.value });
    setError('');
  };
  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const whole = draft.role === 'server';
    try {
      setMade(
        await send('POST', '/api/v1/keys', {
          organization: whole ? null : organization.value?.key,
          role: whole ? 'admin' : draft.role,
          name: draft.name,
          subject: draft.role === 'subject' ? draft.subject : null,
          expires_at: draft.expires ? `${draft.expires}T00:00:00Z` : null,
        }),
      );
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  if (made) {
    return html`<${Dialog} title="The key is made" onClose=${onClose}><${Secret} made=${made} onClose=${onClose} /><//>`;
  }
  return html`<${Dialog} title="New API key" onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Name" hint="Where it is used, such as “backend”.">
        ${(/** @type {any} */ ids) => html`<input ...${ids} value=${draft.name} required maxlength="256" onInput=${take('name')} />`}
      <//>
      <${Field} label="Role">
        ${(/** @type {any} */ ids) =>
          html`<select ...${ids} value=${draft.role} onChange=${take('role')}>
            ${ROLES.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
            ${wholeServer.value && html`<option value="server">Admin of the whole server</option>`}
          </select>`}
      <//>
      ${
        draft.role === 'subject' &&
        html`<${Field} label="Subject">
        ${(/** @type {any} */ ids) => html`<input ...${ids} value=${draft.subject} required onInput=${take('subject')} />`}
      <//>`
      }
      <${Field} label="Expires" hint="At the beginning of that day, UTC; never if empty." error=${error}>
        ${(/** @type {any} */ ids) => html`<input ...${ids} type="date" value=${draft.expires} onInput=${take('expires')} />`}
      <//>
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">Make key</button>
      </footer>
    </form>
  <//>`;
}
