import { html, useState } from '../lib/html.js';
import { send } from '../lib/api.js';
import { loadSession, session } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Field } from '../parts/Field.js';
import { tell } from '../parts/toast.js';

const LENGTH_MIN = 12;

/** The password that operators sign in with. */
export function PasswordForm() {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState('');
  const changeable = session.value?.password_changeable;

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (password !== again) {
      setError('The two are not the same.');
      return;
    }
    try {
      await send('PUT', '/console/password', { password });
      tell('The password is set; other sessions that used the one before have ended.');
      setPassword('');
      setAgain('');
      await loadSession();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return html`<${Card} title="Console password" about=${session.value?.password_set ? 'One is set' : 'None is set yet: people sign in with API keys'}>
    ${
      changeable
        ? html`<form onSubmit=${submit}>
          <${Field} label="New password" hint=${`At least ${LENGTH_MIN} characters.`}>
            ${(/** @type {any} */ ids) =>
              html`<input ...${ids} type="password" autocomplete="new-password" minlength=${LENGTH_MIN} required value=${password} onInput=${(
                /** @type {any} */ event,
              ) => {
                setPassword(event.target.value);
                setError('');
              }} />`}
          <//>
          <${Field} label="Once more" error=${error}>
            ${(/** @type {any} */ ids) =>
              html`<input ...${ids} type="password" autocomplete="new-password" required value=${again} onInput=${(
                /** @type {any} */ event,
              ) => {
                setAgain(event.target.value);
                setError('');
              }} />`}
          <//>
          <button class="button primary" type="submit">${session.value?.password_set ? 'Change password' : 'Set password'}</button>
        </form>`
        : html`<p class="muted">It comes from the environment variable QUOTARY_CONSOLE_PASSWORD, and is changed there.</p>`
    }
  <//>`;
}
