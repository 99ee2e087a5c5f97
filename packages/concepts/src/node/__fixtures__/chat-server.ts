import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the server has received. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How the server answers one request. */
export type Answer = (response: ServerResponse, received: Received) => void;

/** A real HTTP server on this machine that speaks Chat Completions, and gives each request the next answer; the last one stays. */
export class ChatServer {
  readonly received: Received[] = [];
  readonly #server: Server;
  #answers: Answer[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { method, url, headers } = request;
        const received = { method, url, headers, body: JSON.parse(Buffer.concat(pieces).toString() || '{}') };
        this.received.push(received);
        const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
        answer?.(response, received);
      });
    });
  }

  static async start(): Promise<ChatServer> {
    const server = new ChatServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** What the next requests are answered with. */
  willAnswer(...answers: Answer[]): void {
    this.#answers = answers;
    this.received.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** An answer with a status and a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An error as OpenAI's server words it. */
export function fault(
  status: number,
  message: string,
  code: string,
  headers: Record<string, string> = {},
): Answer {
  return json(status, { error: { message, type: 'some_error', param: null, code } }, headers);
}

/** A whole chat completion with some text. */
export function completion(text: string | null, choice: object = {}, rest: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        logprobs: null,
        message: { role: 'assistant', content: text, refusal: null },
        ...choice,
      },
    ],
    usage: { prompt_tokens: 321, completion_tokens: 654, total_tokens: 975 },
    ...rest,
  };
}

/** The reply of a model that does as it is told, for the classes it was asked about. */
export function obedientReply(names: readonly string[], kind = 'a CT Image', word = 'its'): string {
  const classes = names.map((name) => ({
    name,
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)} in ${kind}`,
    shape: `Round like ${name}, in ${word} own way.`,
    location: `Beside the left lung and the spine, where the ${name} lies.`,
    appearance: `Grey on plain scans as the ${name} is.`,
    contour: `Sharp edge of the ${name}.`,
    texture: `Even grain of the ${name}.`,
  }));
  return JSON.stringify({ classes });
}
