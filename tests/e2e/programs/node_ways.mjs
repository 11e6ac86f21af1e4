// Makes an image and downloads it in every way that Node has; the hosts are constants.
import https, { request } from 'node:https';
import http from 'node:http';

const url = 'https://api.minimax.io/v1/image_generation';
const body = JSON.stringify({ model: 'image-01', prompt: 'x' });
const headers = { authorization: 'Bearer sk-api-of-the-program', 'content-type': 'application/json' };

function call(send, where, options = {}, sent = undefined) {
  return new Promise((resolve, reject) => {
    const asked = send(where, options, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts) }));
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}

const first = (answer) => JSON.parse(answer).data.image_urls[0];
const start = (bytes) => Buffer.from(bytes).subarray(0, 2).toString('hex');

const answer = await fetch(url, { method: 'POST', headers, body });
const image = await fetch(first(await answer.text()));
console.log('fetch', start(await image.arrayBuffer()), answer.url);

const agent = new https.Agent({ keepAlive: true });
for (const [name, send, options] of [['https', https.request, {}], ['named', request, {}], ['agent', https.request, { agent }]]) {
  const made = await call(send, url, { method: 'POST', headers, ...options }, body);
  const got = await call(http.get, first(made.body.toString()));
  console.log(name, start(got.body), got.status);
}
agent.destroy();
