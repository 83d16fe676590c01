// The SDK against a packaged server, and against servers that are away or answer what they should not.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { start } from '../../e2e/clients/quotary.js';
import { LimitExceededError, Quotary, RequestRefusedError, UnavailableError, watchStatus } from '../dist/index.js';

const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
};
const MODEL = { provider: 'openai', model: 'gpt-4o-mini' };

let server;
let subjects = 0;

before(async () => {
  server = await start();
});
after(() => server?.stop());

/** A client with the key of a subject that nobody used before. */
async function client(options = {}) {
  return new Quotary({ url: server.url, key: await server.newKey(`js-${++subjects}`), ...options });
}

const limit = async (quotary, key = 'tokens') => (await quotary.status()).limits.find((each) => each.limit === key);

/** A server that answers as the test says, and keeps what it was asked. */
async function fake(script) {
  const asked = [];
  const listening = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => (body += text));
    request.on('end', () => {
      asked.push({ path: request.url, body: body === '' ? undefined : JSON.parse(body) });
      const [status, json] = script(asked.at(-1), asked.length);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof json === 'string' ? json : JSON.stringify(json));
    });
  });
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    listening.closeAllConnections();
    return new Promise((resolve) => listening.close(resolve));
  };
  return { url: `http://127.0.0.1:${listening.address().port}`, asked, stop };
}

const problem = (status, code, pointer) => [status, { status, code, detail: 'told', pointer }];
const granted = [201, { allowed: true, decision: 'allowed', limits: [], warnings: [], reservation: { id: 'rsv_1', expires_at: '' } }];
const recorded = [200, { recorded: 1, duplicates: 0, events: [{ id: 'evt_1', cost: '0.5', duplicate: false }] }];

test('a call is held, made, and charged what the provider said', async () => {
  const quotary = await client();
  let heldMeanwhile;
  const attempt = await quotary.wrap(
    { ...MODEL, quantities: { 'tokens.input': 900, 'tokens.output': 1000 } },
    async () => {
      heldMeanwhile = (await limit(quotary)).held;
      return CHAT;
    },
    (answer) => ({ provider_response: answer }),
  );
  assert.equal(attempt.done, true);
  assert.equal(heldMeanwhile, 1900);
  assert.equal(attempt.decision.estimated_cost, '0.000735');
  assert.equal(attempt.settled.state, 'recorded');
  assert.equal(attempt.settled.cost, '0.000045');
  assert.deepEqual(attempt.settled.quantities, { requests: 1, tokens: 150, 'tokens.input': 100, 'tokens.output': 50 });
  const { used, held } = await limit(quotary);
  assert.deepEqual({ used, held }, { used: 150, held: 0 });
});

test('a refusal comes before anything is called, with limit and use', async () => {
  const quotary = await client();
  await quotary.record({}, { quantities: { tokens: 99_990 } });
  const over = { quantities: { tokens: 11 } };
  const never = () => assert.fail('called');
  await assert.rejects(quotary.execute(over, never, () => ({})), (e) => {
    assert.ok(e instanceof LimitExceededError);
    assert.equal(e.status, 402);
    assert.equal(e.code, 'USAGE_LIMIT_EXCEEDED');
    assert.equal(e.limit.limit, 'tokens');
    assert.equal(e.limit.used, 99_990);
    assert.equal(e.limit.max, 100_000);
    assert.equal(e.limit.remaining, 10);
    return true;
  });
  assert.equal((await quotary.check(over)).allowed, false);
  assert.equal((await quotary.check({ quantities: { tokens: 10 } })).allowed, true);
  assert.equal((await quotary.wrap(over, never, () => ({}))).done, false);
});

test('of fifty callers with ten left exactly ten pass', async () => {
  const quotary = await client();
  await quotary.record({}, { quantities: { tokens: 99_990 } });
  let made = 0;
  const one = () => quotary.wrap({ quantities: { tokens: 1 } }, () => ++made, () => ({}));
  const attempts = await Promise.all(Array.from({ length: 50 }, one));
  assert.equal(attempts.filter((each) => each.done).length, 10);
  assert.equal(made, 10);
  assert.equal((await limit(quotary)).used, 100_000);
});

test('a call that fails throws what it threw and charges no tokens', async () => {
  const quotary = await client();
  const failure = new TypeError('no route');
  const failing = () => Promise.reject(failure);
  await assert.rejects(quotary.execute({ ...MODEL, quantities: { tokens: 500 } }, failing, () => ({})), failure);
  const { used, held } = await limit(quotary);
  assert.deepEqual({ used, held }, { used: 0, held: 0 });
});

test('usage that cannot be read is charged as held', async () => {
  const quotary = await client();
  const call = { ...MODEL, quantities: { 'tokens.input': 20, 'tokens.output': 30 } };
  await quotary.execute(call, () => ({ nothing: true }), (answer) => ({ provider_response: answer }));
  assert.equal((await limit(quotary)).used, 50);
  await quotary.execute(call, () => undefined, (answer) => ({ provider_response: answer.body }));
  assert.equal((await limit(quotary)).used, 100);
});

test('a usage that the server does not take costs the call neither its result nor its error', async () => {
  const dropped = [];
  const quotary = await client({ onDropped: (id, reason) => dropped.push(reason) });
  const unknown = () => ({ quantities: { unheard: 1 } });
  const attempt = await quotary.wrap({ quantities: { tokens: 5 } }, () => 'value', unknown);
  assert.equal(attempt.value, 'value');
  assert.equal(attempt.settled.state, 'lost');
  assert.equal(dropped.length, 1);
  assert.match(dropped[0], /^400 INVALID_REQUEST: /);
  const reservation = await quotary.reserve({ quantities: { tokens: 5 } });
  await assert.rejects(reservation.commit(unknown()), (e) => e.pointer === '/quantities/unheard');
});

test('the same id counts once', async () => {
  const quotary = await client();
  const call = { id: 'once', quantities: { tokens: 7 } };
  const time = Date.now();
  const first = await quotary.reserve(call);
  await first.commit();
  await assert.rejects(quotary.reserve(call), (e) => e instanceof RequestRefusedError && e.code === 'RESERVATION_CLOSED');
  assert.ok(Date.now() >= time);
  assert.equal((await limit(quotary)).used, 7);
});

test('a reservation is extended and released', async () => {
  const quotary = await client();
  const reservation = await quotary.reserve({ quantities: { tokens: 10 } });
  const extended = await reservation.extend({ quantities: { tokens: 5 } });
  assert.equal(extended.limits.find((each) => each.limit === 'tokens').held, 15);
  await assert.rejects(reservation.extend({ quantities: { tokens: 100_000 } }), LimitExceededError);
  await reservation.release();
  await reservation.release();
  assert.equal((await limit(quotary)).held, 0);
});

test('an estimate is that of the server', async () => {
  const quotary = await client();
  const estimate = await quotary.estimate({ ...MODEL, quantities: { 'tokens.input': 100, 'tokens.output': 50 } });
  assert.equal(estimate.cost, '0.000045');
  assert.deepEqual(estimate.tokens, { input: 100, output: 50 });
});

test('keys say what they may, and a function may fetch one', async () => {
  const stranger = new Quotary({ url: server.url, key: 'qk_live_nobody' });
  await assert.rejects(stranger.reserve({}), (e) => e instanceof RequestRefusedError && e.code === 'UNAUTHENTICATED');
  const key = await server.newKey('js-fetched');
  const fetched = new Quotary({ url: `${server.url}/`, key: async () => key });
  assert.equal((await fetched.status()).subject, 'js-fetched');
  await assert.rejects(fetched.status('somebody-else'), (e) => e instanceof RequestRefusedError && e.status === 403);
});

test('a server that is away lets calls pass or not, as the app chose, and usage is sent once when it is back', async () => {
  let away = true;
  const server = await fake(({ path }) => (away ? [503, ''] : path.endsWith('/records') ? recorded : granted));
  const open = new Quotary({ url: server.url, key: 'k' });
  const shut = new Quotary({ url: server.url, key: 'k', whenUnavailable: 'refuse' });
  try {
    await assert.rejects(shut.reserve({}), UnavailableError);
    const reservation = await open.reserve({ id: 'c-1', quantities: { tokens: 9 } });
    assert.equal(reservation.decision.decision, 'allowed_unmetered');
    assert.deepEqual(await reservation.commit(), { state: 'kept', id: 'c-1' });
    assert.equal(open.unsentCount, 1);
    away = false;
    server.asked.length = 0;
    assert.equal(await open.flush(), true);
    assert.equal(server.asked.length, 1);
    const { time, ...body } = server.asked[0].body;
    assert.match(time, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(body, { id: 'c-1', quantities: { tokens: 9 }, dimensions: {}, source: 'quotary-client' });
  } finally {
    await server.stop();
  }
});

test('requests are sent three times under one id, but an extension once', async () => {
  const server = await fake(({ path }, count) => (path.endsWith('/reservations') && count > 2 ? granted : [502, '<html>']));
  try {
    const quotary = new Quotary({ url: server.url, key: 'k' });
    const reservation = await quotary.reserve({});
    assert.equal(server.asked.length, 3);
    assert.match(server.asked[0].body.id, /^sdk_[0-9a-f]{32}$/);
    assert.deepEqual(new Set(server.asked.map((each) => each.body.id)).size, 1);
    await assert.rejects(reservation.extend({ ttl_seconds: 5 }), UnavailableError);
    assert.equal(server.asked.length, 4);
  } finally {
    await server.stop();
  }
});

test('a commit that nobody knows any more becomes a record, and an operator who fails closed is obeyed', async () => {
  const server = await fake(({ path, body }) => {
    if (path.endsWith('/check')) return problem(503, 'STORE_UNAVAILABLE');
    if (path.endsWith('/commit')) return problem(404, 'RESERVATION_UNKNOWN');
    return path.endsWith('/records') ? (assert.equal(body.id, 'rsv_1'), recorded) : granted;
  });
  try {
    const quotary = new Quotary({ url: server.url, key: 'k' });
    await assert.rejects(quotary.check({}), (e) => e instanceof UnavailableError && e.code === 'STORE_UNAVAILABLE');
    const reservation = await quotary.reserve({ quantities: { 'tokens.input': 9, exports: 1 }, cost: '0.1' });
    const settled = await reservation.commit({ quantities: { 'tokens.input': 2 } });
    assert.deepEqual(settled, { state: 'recorded', event_id: 'evt_1', cost: '0.5' });
    assert.deepEqual(server.asked.at(-1).body.quantities, { exports: 1, 'tokens.input': 2 });
    assert.equal(server.asked.at(-1).body.cost, undefined);
  } finally {
    await server.stop();
  }
});

test('long texts of an answer are not sent', async () => {
  const server = await fake(() => recorded);
  try {
    const quotary = new Quotary({ url: server.url, key: 'k' });
    await quotary.record({}, { provider_response: { model: 'm', texts: ['x'.repeat(129), 'x'.repeat(128)], n: 1 } });
    assert.deepEqual(server.asked[0].body.provider_response, { model: 'm', texts: ['', 'x'.repeat(128)], n: 1 });
  } finally {
    await server.stop();
  }
});

test('a full buffer loses the newest and says so; what is refused for good is told', async () => {
  const dropped = [];
  let answer = [503, ''];
  const server = await fake(() => answer);
  try {
    const options = { url: server.url, key: 'k', unsentMax: 1, onDropped: (id, reason) => dropped.push(`${id}: ${reason}`) };
    const quotary = new Quotary(options);
    assert.deepEqual(await quotary.record({ id: 'r1' }), { state: 'kept', id: 'r1' });
    await assert.rejects(quotary.record({ id: 'r2' }), UnavailableError);
    answer = problem(400, 'INVALID_REQUEST', '/quantities');
    await quotary.close();
    assert.deepEqual(dropped, ['r2: there is no room to keep it', 'r1: 400 INVALID_REQUEST: told']);
    assert.equal(quotary.unsentCount, 0);
  } finally {
    await server.stop();
  }
});

test('a slow server is waited for no longer than told', async () => {
  const listening = http.createServer(() => {});
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const quotary = new Quotary({ url: `http://127.0.0.1:${listening.address().port}`, key: 'k', timeoutMs: 200 });
  await assert.rejects(quotary.status(), UnavailableError);
  listening.closeAllConnections();
  await new Promise((resolve) => listening.close(resolve));
});

test('a watch tells the status at once and after each refresh, and nothing once it is stopped', async () => {
  const quotary = await client();
  const seen = [];
  let told = () => {};
  const next = () => new Promise((resolve) => (told = resolve));
  const first = next();
  const watch = watchStatus(quotary, { onStatus: (status) => (seen.push(status.limits[0].used), told()) });
  await first;
  await quotary.record({}, { quantities: { tokens: 12 } });
  await watch.refresh();
  watch.stop();
  await watch.refresh();
  assert.deepEqual(seen, [0, 12]);
});
