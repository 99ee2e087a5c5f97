/** The product of numbers, such as how many a tensor of a shape holds; 1 of none. */
export function product(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total * value, 1);
}
