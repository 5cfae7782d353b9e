// A small seeded generator: the same numbers on every machine and in every run.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 up to, not including, `bound`. */
  below(bound) {
    // A linear congruential step; the high bits are the good ones.
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * bound);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** `count` characters out of `alphabet`, which may hold characters beyond the BMP. */
  text(alphabet, count) {
    const letters = [...alphabet];
    return Array.from({ length: count }, () => this.pick(letters)).join("");
  }
}

/** `text` after one to three small accidents, with new characters out of `alphabet`. */
export function mutate(random, text, alphabet) {
  let letters = [...text];
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const at = random.below(letters.length + 1);
    const letter = random.text(alphabet, 1);
    const accidents = [
      () => letters.splice(at, 0, letter),
      () => letters.splice(at, 1),
      () => letters.splice(at, 1, letter),
      () => letters.splice(at, 0, ...letters.slice(at, at + 1 + random.below(4))),
      () => letters.splice(at, 2, ...letters.slice(at, at + 2).reverse()),
      () => letters.splice(at, 1, ...letters.slice(at, at + 1).map((l) => l.toUpperCase())),
    ];
    random.pick(accidents)();
  }
  return letters.join("");
}
