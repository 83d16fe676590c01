import { html, useEffect, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { Card } from '../parts/Card.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { ThemeButton } from '../parts/ThemeButton.js';
import { Banner } from './Banner.js';
import { History } from './History.js';
import { PortalLimit } from './PortalLimit.js';
import { takeToken } from './token.js';

const REFRESH_MILLIS = 4_000;

/** @param {{ children?: any }} props */
function Frame({ children }) {
  return html`<div class="portal">
    <header class="portal-head">
      <h1>Your usage</h1>
      <${ThemeButton} />
    </header>
    <main class="portal-main">${children}</main>
    <footer class="portal-foot">Counted by Quotary, exactly and as it happens.</footer>
  </div>`;
}

/** @param {{ error: any }} props */
function Refused({ error }) {
  if (error.status === 401) {
    return html`<${Card} title=""><${Empty} icon="clock" title="This link has expired">
      Go back to the application and open your usage again; it makes a new link for each visit.
    <//><//>`;
  }
  if (error.code === 'SUBJECT_BLOCKED') {
    return html`<${Card} title=""><${Empty} icon="stop" title="Your access is paused">
      An administrator has paused this account. Ask them what to do.
    <//><//>`;
  }
  return html`<${Failed} error=${error} />`;
}

/** What one end user has used, and what is left. */
export function Portal() {
  const [token] = useState(takeToken);
  const { data, error, reload } = useLoad(
    (signal) => (token ? get('/api/v1/usage/status', {}, signal) : Promise.resolve(null)),
    [token],
  );
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), REFRESH_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  if (!token) {
    return html`<${Frame}><${Card} title=""><${Empty} icon="link" title="Open this page from your application">
      It needs the link that your application makes for you.
    <//><//><//>`;
  }
  if (error && (!data || /** @type {any} */ (error).status)) {
    return html`<${Frame}><${Refused} error=${error} /><//>`;
  }
  if (!data) {
    return html`<${Frame}><${Card} title="Limits"><${Loading} lines=${5} /><//><//>`;
  }
  return html`<${Frame}>
    <${Banner} status=${data} />
    <${Card}
      title="Limits"
      about=${data.plan ? html`You are on the <b>${data.plan}</b> plan` : 'You have no plan'}
    >
      ${
        data.limits.length === 0
          ? html`<${Empty} icon="infinite" title="Unlimited">Nothing you do here is limited.<//>`
          : html`<ul class="limits">
            ${data.limits.map((/** @type {any} */ limit) => html`<${PortalLimit} key=${limit.limit} limit=${limit} />`)}
          </ul>`
      }
    <//>
    <${History} on=${token} />
  <//>`;
}
