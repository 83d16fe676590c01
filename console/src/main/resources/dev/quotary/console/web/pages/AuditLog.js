import { html, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { ago, moment } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Dialog } from '../parts/Dialog.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Pager } from '../parts/Pager.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const PAGE = 50;
const KINDS = ['', 'subject', 'plan', 'organization', 'meter', 'price', 'key', 'console_password'];
const TONES = {
  created: 'ok',
  unblocked: 'ok',
  changed: 'near',
  rotated: 'near',
  repriced: 'near',
  deleted: 'bad',
  blocked: 'bad',
  revoked: 'bad',
  reset: 'warn',
};

/** @param {any} actor */
const who = (actor) => actor.name || (actor.type === 'server' ? 'the server' : actor.id);

/** @param {any} state as the log tells it */
const written = (state) => (state === null ? '' : JSON.stringify(state, null, 2));

/** @param {{ entry: any, onClose: () => void }} props */
function Change({ entry, onClose }) {
  return html`<${Dialog} wide title=${`${entry.kind} ${entry.key}`} about=${`${entry.action} by ${who(entry.actor)}, ${moment(entry.at)} UTC`} onClose=${onClose}>
    <div class="before-after">
      <section>
        <h3>Before</h3>${entry.before === null ? html`<p class="muted">Was not there</p>` : html`<pre tabindex="0">${written(entry.before)}</pre>`}</section>
      <section>
        <h3>After</h3>${entry.after === null ? html`<p class="muted">Is gone</p>` : html`<pre tabindex="0">${written(entry.after)}</pre>`}</section>
    </div>
  <//>`;
}

/** Who changed what, and when. */
export function AuditLog() {
  const [opened, setOpened] = useState(/** @type {any} */ (null));
  const kind = param('kind');
  const cursor = param('cursor');
  const { data, error, reload } = useLoad(
    (signal) => get('/api/v1/audit-log', { limit: PAGE, kind, cursor }, signal),
    [organization.value?.key, kind, cursor],
  );
  return html`<${PageHead} title="Audit log" about="Every change of what is declared, of keys, blocks, resets and prices" />
    <${Card}
      title="Changes"
      about="Newest first; secrets are never in it"
      actions=${html`<label class="select"><span class="unseen">Kind</span>
        <select
          value=${kind}
          onChange=${(/** @type {any} */ event) => setQuery({ kind: event.target.value, cursor: null })}
        >
          ${KINDS.map((one) => html`<option key=${one} value=${one}>${one ? one.replaceAll('_', ' ') : 'Everything'}</option>`)}
        </select><${Icon} name="chevron" size=${14} /></label>`}
    >
      ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${8} />`}
      ${data?.entries.length === 0 && html`<${Empty} icon="log" title="Nothing has changed">What is changed from now on is written down here.<//>`}
      ${
        data?.entries.length > 0 &&
        html`<div class="table-frame" tabindex="0" role="region" aria-label="Entries of the log">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Did</th>
              <th scope="col">What</th>
              <th scope="col">
                <span class="unseen">Details</span>
              </th>
            </tr>
          </thead>
          <tbody>
            ${data.entries.map(
              (/** @type {any} */ entry) =>
                html`<tr key=${entry.number}>
                  <td title=${`${moment(entry.at)} UTC`}>${ago(entry.at)}</td>
                  <td class="clip">${who(entry.actor)}<small>${entry.actor.type === 'start' ? 'at the start' : (entry.actor.id ?? '')}</small>
                  </td>
                  <td><${Chip} tone=${/** @type {any} */ (TONES)[entry.action] ?? 'idle'}>${entry.action}<//></td>
                  <td class="clip">${entry.key}<small>${entry.kind.replaceAll('_', ' ')}${entry.organization ? ` of ${entry.organization}` : ''}</small>
                  </td>
                  <td class="right">
                    <button class="button small" type="button" onClick=${() => setOpened(entry)}>Details</button>
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
      }
      <${Pager} next=${data?.next_cursor} forth="Older" />
    <//>
    ${opened && html`<${Change} entry=${opened} onClose=${() => setOpened(null)} />`}`;
}
