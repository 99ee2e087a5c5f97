import { NetworkError } from '@bipvl/nn';

/** @throws NetworkError `heads-do-not-divide` naming the numbers of heads that divide all these channels. */
export function checkHeads(option: string, heads: number, channels: readonly number[]): void {
  const divides = (count: number) => channels.every((width) => width % count === 0);
  if (divides(heads)) return;
  const legal = Array.from({ length: Math.min(...channels) }, (_, index) => index + 1).filter(divides);
  throw new NetworkError(
    'heads-do-not-divide',
    `DCA expects ${option} that divide ${channels.join(' and ')} channels, received ${heads}`,
    { hint: `use one of ${legal.join(', ')} heads` },
  );
}
