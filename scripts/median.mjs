/** Returns the middle one of numbers, in any order; of two the larger one. */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
