import { html, useState } from '../lib/html.js';
import { get, send } from '../lib/api.js';
import { integer, moment } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { mayChange, wholeServer } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { PasswordForm } from './PasswordForm.js';

/** Lines of /metrics that people want to know. */
const FIGURES = [
  ['quotary_holds_live', 'Calls and reservations that hold now', ''],
  ['quotary_calls_waiting', 'Calls that wait for room', ''],
  ['quotary_counters', 'Counters in memory', ''],
  ['quotary_ledger_queue_rows', 'Rows that wait for the ledger', ''],
  ['quotary_journal_failures_total', 'Holds that could not be written', ''],
  ['jvm_memory_heap_used_bytes', 'Heap in use', 'bytes'],
  ['jvm_threads_current', 'Threads', ''],
];

/** @param {string} text of /metrics @param {string} name */
function figure(text, name) {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.length === 0
    ? null
    : lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** @param {number} value @param {string} unit */
const shown = (value, unit) => (unit === 'bytes' ? `${(value / 1048576).toFixed(0)} MiB` : integer(value));

async function metrics() {
  const response = await fetch('/metrics', { credentials: 'same-origin' });
  if (!response.ok) {
    throw new Error('The metrics are not shown to this session.');
  }
  return response.text();
}

function Figures() {
  const { data, error, reload } = useLoad(metrics, []);
  const known = data
    ? FIGURES.map(([name, text, unit]) => ({ text, unit, value: figure(data, name) })).filter(
        (one) => one.value !== null,
      )
    : [];
  return html`<${Card} title="Now" about="From the metrics page" actions=${html`<button class="button" type="button" onClick=${reload}><${Icon} name="reset" />Look again</button>`}>
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} />`}
    <table class="facts"><tbody>
      ${known.map(
        (one) => html`
        <tr key=${one.text}>
          <th scope="row">${one.text}</th>
          <td class="number">${shown(/** @type {number} */ (one.value), one.unit)}</td>
        </tr>
      `,
      )}
    </tbody></table>
  <//>`;
}

/** Compares what is decided by with what is recorded. */
function Drift() {
  const [state, setState] = useState({
    busy: false,
    answer: /** @type {any} */ (null),
    error: /** @type {any} */ (null),
    at: '',
  });
  async function verify() {
    setState({ ...state, busy: true });
    try {
      const answer = await send('POST', '/api/v1/admin/verify-counters', {});
      setState({ busy: false, answer, error: null, at: new Date().toISOString() });
    } catch (error) {
      setState({ busy: false, answer: null, error, at: '' });
    }
  }
  const { answer } = state;
  return html`<${Card} title="Counters against the ledger" about="Every counter whose window has not ended" actions=${html`<button class="button" type="button" disabled=${state.busy} onClick=${verify}><${Icon} name="check" />${state.busy ? 'Comparing…' : 'Compare'}</button>`}>
    ${state.error && html`<${Failed} error=${state.error} onRetry=${verify} />`}
    ${!answer && !state.error && html`<${Empty} icon="system" title="Not compared yet">The server compares by itself as well, and sets right what differs.<//>`}
    ${
      answer &&
      html`<div class="verdict">
      <${Chip}
        tone=${answer.different === 0 ? 'ok' : 'bad'}
        icon=${answer.different === 0 ? 'check' : 'warn'}
      >${answer.different === 0 ? 'No difference' : `${integer(answer.different)} differ`}<//>
      <span>${integer(answer.compared)} counters compared, ${moment(state.at)} UTC</span>
    </div>
    <ul class="lines">${answer.differences.map(
      (/** @type {any} */ one) => html`
      <li key=${one.counted + one.scope_value}>
        <span>
          <b>${one.counted}</b>
          <small>${one.organization} ${one.scope_value}</small>
        </span>
        <span class="end">${integer(one.found)}<small>expected ${integer(one.expected)}</small>
        </span>
      </li>
    `,
    )}</ul>`
    }
  <//>`;
}

/** How the server is, and who may look at it. */
export function System() {
  const { data } = useLoad((signal) => get('/api/v1/organizations', { limit: 1000 }, signal), []);
  const whole = mayChange.value && wholeServer.value;
  return html`<${PageHead} title="System" about="How the server is, and how people sign in" />
    <div class="grid halves">
      ${whole && html`<${Figures} />`}
      ${whole && html`<${Drift} />`}
      ${whole && html`<${PasswordForm} />`}
      <${Card} title="Organizations" about="The walls between customers">
        ${!data && html`<${Loading} />`}
        <ul class="lines">
          ${data?.organizations.map(
            (/** @type {any} */ one) => html`
            <li key=${one.key}>
              <span>
                <b>${one.name ?? one.key}</b>
                <small>${one.key} · ${one.time_zone ?? 'UTC'}</small>
              </span>
              <span class="end">${one.plan ? html`plan <code>${one.plan}</code>` : 'no plan'}<small>${one.anonymous_plan ? `visitors: ${one.anonymous_plan}` : 'no visitors'}</small>
              </span>
            </li>
          `,
          )}
        </ul>
        <p class="plan-foot"><a class="link" href="/docs" target="_blank" rel="noreferrer">API reference</a></p>
      <//>
    </div>`;
}
