import { createServer } from 'node:http';

/**
 * Stands before an OpenSearch and answers Filebeat's one question that OpenSearch cannot: which licence Elasticsearch has. All
 * else is passed on as it is, and answers about documents are counted.
 */
export class FilebeatFront {
  #target = '';
  #server = createServer((request, response) => this.#answer(request, response));
  #reasons = new Set();
  counts = { taken: 0, refused: 0 };

  async start(target) {
    this.#target = target;
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Why documents were refused. */
  get reasons() {
    return [...this.#reasons].slice(0, 5).join('; ');
  }

  /** Asks the OpenSearch. Throws with its answer when it is not one of success. */
  async ask(method, path, body) {
    const headers = { 'content-type': 'application/json' };
    // GET with a body, which fetch does not send: a search is as well a POST.
    const verb = method === 'GET' && body ? 'POST' : method;
    const answer = await fetch(`${this.#target}${path}`, { method: verb, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  async #answer(request, response) {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { status, type, text } = await this.#pass(request, Buffer.concat(chunks));
      response.writeHead(status, { 'content-type': type, 'x-elastic-product': 'Elasticsearch' }).end(text);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  }

  async #pass({ method, url, headers }, body) {
    if (url.startsWith('/_license')) {
      const license = { status: 'active', uid: '0', type: 'basic', issue_date_in_millis: 0 };
      return { status: 200, type: 'application/json', text: JSON.stringify({ license }) };
    }
    const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
    const sent = { 'content-type': headers['content-type'] ?? 'application/json' };
    if (headers['content-encoding']) sent['content-encoding'] = headers['content-encoding'];
    const answer = await fetch(`${this.#target}${url}`, { method, headers: sent, body: hasBody ? body : undefined });
    const text = await answer.text();
    if (url.includes('/_bulk')) this.#count(text);
    return { status: answer.status, type: answer.headers.get('content-type') ?? 'application/json', text };
  }

  #count(text) {
    for (const item of JSON.parse(text).items ?? []) {
      const { error } = Object.values(item)[0];
      this.counts[error ? 'refused' : 'taken'] += 1;
      if (error) this.#reasons.add(`${error.type}: ${error.reason}`);
    }
  }
}
