// An HTTP server whose handler is marked: parsing, a loop and a promise for each request. `/facts` is not counted.
import { createServer } from 'node:http';

const body = JSON.stringify(
  Array.from({ length: 120 }, (_, id) => ({ id, name: `item ${id}`, price: id * 1.25 })),
);

/** @profile */
function price(items) {
  let sum = 0;
  for (const { price, name } of items) {
    for (let i = 0; i < 400; i++) sum = (sum + price * i + name.length) % 1e6;
  }
  return sum;
}

/** @profile */
async function handle(request) {
  const items = JSON.parse(body);
  await null;
  return JSON.stringify({ url: request.url, sum: price(items) });
}

let requests = 0;
const server = createServer((request, response) => {
  if (request.url === '/facts') {
    response.end(JSON.stringify({ requests, cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));
    return;
  }
  requests++;
  handle(request).then(
    (text) => response.end(text),
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
