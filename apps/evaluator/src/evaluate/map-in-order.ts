/**
 * Runs `run` on all items, as many at a time as there are hands, and gives the results in the order of the items. After
 * an error no further item is begun; of several errors that of the first item is thrown, so that the number of hands
 * does not matter.
 */
export async function mapInOrder<Item, Result>(
  items: readonly Item[],
  hands: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures = new Map<number, unknown>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.size === 0) {
      const index = next++;
      try {
        results[index] = await run(items[index] as Item);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: hands }, work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
