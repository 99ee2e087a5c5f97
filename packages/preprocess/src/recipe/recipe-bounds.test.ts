import { describe, expect, it } from 'vitest';
import { parseRecipe } from './recipe.js';

describe('a recipe from elsewhere', () => {
  it.each([
    { spacing: [1e-9, 1, 1] },
    { spacing: [1, 1001, 1] },
    { spacing: [1, 1, -1] },
    { pad: [32768, 1, 1] },
    { pad: [2048, 2048, 513] },
    { crop: { margin: [32768, 0, 0] } },
  ])('cannot ask for more memory than there is: %o', (recipe) => {
    expect(() => parseRecipe(recipe)).toThrow(expect.objectContaining({ code: 'bad-recipe', kind: 'usage' }));
  });

  it('may ask for what scans need', () => {
    const recipe = { spacing: [0, 0.01, 1000], pad: [2048, 2048, 512], crop: { margin: [0, 32767, 0] } };
    expect(parseRecipe(recipe)).toMatchObject(recipe);
  });
});
