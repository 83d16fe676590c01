// OpenAI's own JavaScript client, unchanged, for everything but chats.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { start } from './quotary.js';

let quotary;
let subjects = 0;

before(async () => {
  quotary = await start();
});
after(() => quotary?.stop());

/** A client with the key of a subject that nobody used before. */
async function client() {
  return new OpenAI({ baseURL: `${quotary.url}/v1`, apiKey: await quotary.newKey(`api-subject-${++subjects}`) });
}

const call = (input, more = {}) => ({ model: 'gpt-4o-mini', input, max_output_tokens: 1000, ...more });

async function read(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** What a call was refused with. */
async function refused(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  return assert.fail('expected a refusal');
}

describe('responses', () => {
  test('plain answer comes whole with its usage', async () => {
    const openai = await client();
    const response = await openai.responses.create(call('[simulate input=19 output=7 reasoning=2]'));
    assert.ok(response.output_text.length > 0);
    assert.equal(response.usage.total_tokens, 26);
  });

  test('stream has all its events', async () => {
    const openai = await client();
    const events = await read(await openai.responses.create(call('[simulate input=19 output=40]', { stream: true })));
    assert.equal(events.at(-1).type, 'response.completed');
    assert.equal(events.at(-1).response.usage.output_tokens, 40);
    assert.equal(events.filter((event) => event.type === 'response.output_text.delta').length, 40);
  });

  test('exhausted quota raises and reaches no provider', async () => {
    const openai = await client();
    quotary.provider.calls = 0;
    const error = await refused(openai.responses.create(call('Hi', { max_output_tokens: 200_000 })));
    assert.equal(error.status, 402);
    assert.equal(error.code, 'insufficient_quota');
    assert.equal(quotary.provider.calls, 0);
  });

  // The client throws, or hands the event of type error over, by its version.
  test('stream that breaks off says so', async () => {
    const openai = await client();
    const stream = await openai.responses.create(call('[simulate output=20 cut_after=5]', { stream: true }));
    let told;
    try {
      told = (await read(stream)).at(-1);
      assert.equal(told.type, 'error');
    } catch (e) {
      told = e;
    }
    assert.match(told.message, /broke the stream off/);
  });

  test('background work is refused', async () => {
    const openai = await client();
    const error = await refused(openai.responses.create(call('Hi', { background: true })));
    assert.equal(error.status, 400);
    assert.equal(error.param, 'background');
  });
});

describe('the rest', () => {
  test('embeddings', async () => {
    const openai = await client();
    const answer = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['[simulate input=4]', 'b'] });
    assert.equal(answer.usage.prompt_tokens, 4);
    assert.deepEqual(Array.from(answer.data[1].embedding), [0.25, -0.5, 1]);
  });

  test('legacy completion, plain and streamed', async () => {
    const openai = await client();
    const asked = { model: 'gpt-3.5-turbo-instruct', prompt: '[simulate input=5 output=7]' };
    const answer = await openai.completions.create(asked);
    assert.equal(answer.usage.completion_tokens, 7);
    const chunks = await read(await openai.completions.create({ ...asked, stream: true }));
    assert.ok(chunks.every((chunk) => chunk.usage == null));
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join(''), answer.choices[0].text);
  });

  test('images, made and edited', async () => {
    const openai = await client();
    const made = await openai.images.generate({ model: 'gpt-image-1', prompt: 'A cat [simulate output=10]' });
    assert.equal(made.usage.output_tokens, 10);
    const image = await toFile(Buffer.from([1, 2, 3]), 'cat.png', { type: 'image/png' });
    const edited = await openai.images.edit({ model: 'gpt-image-1', image, prompt: 'A dog [simulate output=11]' });
    assert.equal(edited.usage.output_tokens, 11);
  });

  test('transcription by seconds, and one that tells no usage', async () => {
    const openai = await client();
    const file = await toFile(Buffer.alloc(5000), 'talk.mp3');
    const answer = await openai.audio.transcriptions.create({ model: 'whisper-1', file, prompt: '[simulate seconds=63]' });
    assert.equal(answer.usage.seconds, 63);
    const error = await refused(openai.audio.transcriptions.create({ model: 'whisper-1', file, response_format: 'srt' }));
    assert.equal(error.status, 400);
  });

  test('speech passes as sound', async () => {
    const openai = await client();
    const sound = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
    assert.equal((await sound.arrayBuffer()).byteLength, 5 * 256);
  });
});
