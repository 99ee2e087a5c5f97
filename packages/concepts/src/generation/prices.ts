/** What a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/** List prices of OpenAI's models and the day they were noted; they change, and other servers have their own. */
export const prices: { readonly noted: string; readonly models: Readonly<Record<string, ModelPrice>> } = {
  noted: '2026-04-30',
  models: {
    'gpt-4o': { input: 2.5, output: 10 },
    'gpt-4o-2024-05-13': { input: 5, output: 15 },
    'gpt-4o-mini': { input: 0.15, output: 0.6 },
    'gpt-4.1': { input: 2, output: 8 },
    'gpt-4.1-mini': { input: 0.4, output: 1.6 },
    'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  },
};

/** The price of a model by its id, with or without the date at its end; undefined for a model that is not in the table. */
export function priceOf(model: string): ModelPrice | undefined {
  const undated = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const key = [model, undated].find((id) => Object.hasOwn(prices.models, id));
  return key === undefined ? undefined : prices.models[key];
}
