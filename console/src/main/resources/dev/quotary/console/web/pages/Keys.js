import { html, useState } from '../lib/html.js';
import { get, send } from '../lib/api.js';
import { ago, day, moment } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Dialog } from '../parts/Dialog.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Pager } from '../parts/Pager.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { tell } from '../parts/toast.js';
import { NewKey } from './NewKey.js';
import { RotateKey } from './RotateKey.js';

const PAGE = 200;

/** @param {any} key */
function stateOf(key) {
  if (key.revoked_at) {
    return { tone: 'bad', icon: 'stop', word: 'Revoked' };
  }
  if (key.expires_at && new Date(key.expires_at) <= new Date()) {
    return { tone: 'idle', icon: 'clock', word: 'Expired' };
  }
  if (key.retired.length > 0) {
    return { tone: 'warn', icon: 'reset', word: 'Rotating' };
  }
  return { tone: 'ok', icon: 'check', word: 'Valid' };
}

/** @param {{ one: any, onAsk: (what: string, key: any) => void }} props */
function Row({ one, onAsk }) {
  const state = stateOf(one);
  const valid = state.word === 'Valid' || state.word === 'Rotating';
  return html`<tr>
    <th scope="row">
      <span class="named">
        <span>
          <b>${one.name || 'No name'}</b>
          <small>
            <code>${one.prefix}…</code>
          </small>
        </span>
      </span>
    </th>
    <td>
      <${Chip}
        tone=${one.role === 'admin' ? 'near' : 'idle'}
      >${one.role}<//>${one.organization ? '' : html`<small>whole server</small>`}</td>
    <td>${one.subject ?? html`<span class="muted">any</span>`}</td>
    <td><${Chip} tone=${state.tone} icon=${state.icon}>${state.word}<//></td>
    <td title=${one.last_used_at ? `${moment(one.last_used_at)} UTC` : ''}>${ago(one.last_used_at)}</td>
    <td>${day(one.created_at)}</td>
    <td class="right">
      ${
        valid &&
        html`<button class="button small" type="button" onClick=${() => onAsk('rotate', one)}><${Icon} name="reset" size=${14} />Rotate</button>${' '}
        <button class="button small danger" type="button" onClick=${() => onAsk('revoke', one)}>Revoke</button>`
      }
    </td>
  </tr>`;
}

/** @param {{ one: any, onClose: () => void }} props */
function Revoke({ one, onClose }) {
  const [error, setError] = useState(/** @type {any} */ (null));
  async function revoke() {
    try {
      await send('DELETE', `/api/v1/keys/${one.id}`);
      tell('The key opens nothing any more.');
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  return html`<${Dialog} title=${`Revoke ${one.name || one.prefix}?`} about="For good and at once: every call with it is refused from now on. What it has used stays on record." onClose=${onClose}>
    ${error && html`<${Failed} error=${error} />`}
    <footer class="dialog-foot">
      <button class="button" type="button" onClick=${onClose}>Keep it</button>
      <button class="button danger primary" type="button" onClick=${revoke}>Revoke</button>
    </footer>
  <//>`;
}

/** The API keys of the organization. */
export function Keys() {
  const [asking, setAsking] = useState({ what: '', key: /** @type {any} */ (null) });
  const show = param('show') || 'valid';
  const organizationKey = organization.value?.key;
  const { data, error, reload } = useLoad(
    (signal) => get('/api/v1/keys', { limit: PAGE, cursor: param('cursor') }, signal),
    [organizationKey, param('cursor')],
  );
  const all = data?.keys ?? [];
  const shown = all.filter(
    (/** @type {any} */ key) => show === 'all' || ['Valid', 'Rotating'].includes(stateOf(key).word),
  );
  function close() {
    setAsking({ what: '', key: null });
    reload();
  }
  return html`<${PageHead} title="API keys" about="Secrets that act for the organization, or for one subject. Only their hashes are kept.">
      <button class="button primary" type="button" onClick=${() => setAsking({ what: 'new', key: null })}>
        <${Icon} name="plus" />New key</button>
    <//>
    <${Card}
      title=${show === 'all' ? 'All keys' : 'Valid keys'}
      actions=${html`<${Segmented} label="Show" value=${show} options=${[
        ['valid', 'Valid'],
        ['all', 'All'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ show: value === 'valid' ? null : value })} />`}
    >
      ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${6} />`}
      ${data && shown.length === 0 && html`<${Empty} icon="key" title="No keys here">Your application needs one to reserve, record and call providers.<//>`}
      ${
        shown.length > 0 &&
        html`<div class="table-frame" tabindex="0" role="region" aria-label="API keys">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Role</th>
              <th scope="col">Subject</th>
              <th scope="col">State</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span class="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>${shown.map(
            (/** @type {any} */ one) => html`
            <${Row}
              key=${one.id}
              one=${one}
              onAsk=${(/** @type {string} */ what, /** @type {any} */ key) => setAsking({ what, key })}
            />
          `,
          )}</tbody>
        </table>
      </div>`
      }
      <${Pager} next=${data?.next_cursor} />
    <//>
    ${asking.what === 'new' && html`<${NewKey} onClose=${close} />`}
    ${asking.what === 'rotate' && html`<${RotateKey} one=${asking.key} onClose=${close} />`}
    ${asking.what === 'revoke' && html`<${Revoke} one=${asking.key} onClose=${close} />`}`;
}
