// Anthropic's own JavaScript client, unchanged, pointed at the gateway.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { start } from './quotary.js';

let quotary;
let sent;
let subjects = 0;

before(async () => {
  quotary = await start();
});
after(() => quotary?.stop());
beforeEach(() => {
  sent = [];
  quotary.provider.calls = 0;
});

/** A client with the key of a subject that nobody used before; what it sends is kept in `sent`. */
async function client(base, options = {}) {
  return new Anthropic({
    baseURL: quotary.url + base,
    apiKey: await quotary.newKey(`claude-${++subjects}`),
    fetch: (url, init) => {
      sent.push(new Headers(init.headers).get('x-stainless-retry-count'));
      return fetch(url, init);
    },
    ...options,
  });
}

const call = (content, more = {}) => ({
  model: 'claude-opus-5',
  max_tokens: 1000,
  messages: [{ role: 'user', content }],
  ...more,
});

async function read(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

const text = (events) => events.map((event) => event.delta?.text ?? '').join('');

/** What a call was refused with. */
async function refused(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  return assert.fail('expected a refusal');
}

for (const base of ['/anthropic', '']) {
  describe(`base path '${base}'`, () => {
    test('plain answer comes whole with its usage', async () => {
      const anthropic = await client(base);
      const asked = call('Say hi [simulate input=1900 cached=1000 cache_write=500 cache_write_1h=300 output=7]');
      const answer = await anthropic.messages.create(asked);
      assert.ok(answer.content[0].text.length > 0);
      assert.equal(answer.usage.input_tokens, 100);
      assert.equal(answer.usage.cache_creation.ephemeral_1h_input_tokens, 300);
      assert.equal(answer.usage.output_tokens, 7);
      assert.deepEqual(sent, ['0']);
    });

    test('stream has the text of the plain answer and the totals', async () => {
      const anthropic = await client(base);
      const asked = call('Say something [simulate input=19 output=40 pings]');
      const plain = await anthropic.messages.create(asked);
      const events = await read(await anthropic.messages.create({ ...asked, stream: true }));
      assert.equal(text(events), plain.content[0].text);
      assert.equal(events.find((event) => event.type === 'message_delta').usage.output_tokens, 40);
      assert.equal(events.at(-1).type, 'message_stop');
    });

    test("the client's own collector gets the final message", async () => {
      const anthropic = await client(base);
      const message = await anthropic.messages.stream(call('[simulate input=19 output=40 reasoning=30]')).finalMessage();
      assert.equal(message.stop_reason, 'end_turn');
      assert.equal(message.usage.output_tokens, 40);
    });
  });
}

test('headers of the answer tell cost, event and limit', async () => {
  const anthropic = await client('');
  const { response } = await anthropic.messages.create(call('[simulate input=60 output=40]')).withResponse();
  assert.equal(response.headers.get('x-quotary-cost'), '0.0013');
  assert.match(response.headers.get('x-quotary-event'), /^evt_/);
  assert.equal(response.headers.get('x-usage-limit'), '100000');
});

test('exhausted quota raises at once and is not repeated', async () => {
  const anthropic = await client('/anthropic');
  const error = await refused(anthropic.messages.create(call('Hi', { max_tokens: 100_001, stream: true })));
  assert.ok(error instanceof Anthropic.PaymentRequiredError);
  assert.equal(error.status, 402);
  assert.equal(error.type, 'billing_error');
  assert.equal(error.errorCode, 'quotary_limit_reached');
  assert.match(error.requestID, /^req_/);
  assert.match(error.message, /0 of 100000 tokens used per month/);
  assert.deepEqual(sent, ['0']);
  assert.equal(quotary.provider.calls, 0);
});

test('throttled call is repeated as the client does and never reaches the provider', async () => {
  const anthropic = await client('/anthropic', { defaultHeaders: { 'X-Quotary-Feature': 'alone' } });
  const running = await anthropic.messages.create(call('[simulate output=100 chunk_delay=1s]', { stream: true }));
  sent = [];
  const error = await refused(anthropic.messages.create(call('Hi')));
  running.controller.abort();
  assert.ok(error instanceof Anthropic.RateLimitError);
  assert.equal(error.type, 'rate_limit_error');
  assert.equal(error.errorCode, 'quotary_rate_limited');
  assert.deepEqual(sent, ['0', '1', '2']);
  assert.equal(quotary.provider.calls, 1);
});

test('errors of the provider pass as they are', async () => {
  const anthropic = await client('/anthropic', { maxRetries: 1 });
  const bad = await refused(anthropic.messages.create(call('[simulate error=400]')));
  const unauthorized = await refused(anthropic.messages.create(call('[simulate error=401]')));
  const overloaded = await refused(anthropic.messages.create(call('[simulate error=529]')));
  assert.ok(bad instanceof Anthropic.BadRequestError);
  assert.ok(unauthorized instanceof Anthropic.AuthenticationError);
  assert.equal(overloaded.type, 'overloaded_error');
  assert.deepEqual(sent, ['0', '0', '0', '1']);
  assert.equal(quotary.provider.calls, 4);
});

for (const how of ['cut_after=5', 'truncate_after=5']) {
  test(`stream that the provider breaks off raises: ${how}`, async () => {
    const anthropic = await client('/anthropic');
    const stream = await anthropic.messages.create(call(`[simulate output=20 ${how}]`, { stream: true }));
    const error = await refused(read(stream));
    assert.ok(error instanceof Anthropic.APIError);
    assert.match(error.message, /broke the stream off/);
  });
}

test('unknown key is unauthorized', async () => {
  const anthropic = await client('', { apiKey: 'qk_live_nobody' });
  const error = await refused(anthropic.messages.create(call('Hi')));
  assert.ok(error instanceof Anthropic.AuthenticationError);
  assert.equal(error.type, 'authentication_error');
  assert.deepEqual(sent, ['0']);
  assert.equal(quotary.provider.calls, 0);
});

test('tokens are counted and models are listed', async () => {
  const anthropic = await client('/anthropic');
  const { model, messages } = call('Hi');
  const count = await anthropic.messages.countTokens({ model, messages });
  const models = await read(anthropic.models.list());
  assert.equal(count.input_tokens, 7);
  assert.ok(models.length > 0);
});
