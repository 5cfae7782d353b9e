// The amount's rules, judged on the decimal text instead of on the nearest double.

const PLACES = 2;

/** The codes of the issues that the exact value of `text`, a JSON number, deserves. */
export function exactAmountCodes(text) {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const digits = BigInt(sign + whole + fraction);
  const power = Number(exponent) - fraction.length;

  // The value in hundredths is `numerator / denominator`.
  const shift = power + PLACES;
  const numerator = shift >= 0 ? digits * 10n ** BigInt(shift) : digits;
  const denominator = shift >= 0 ? 1n : 10n ** BigInt(-shift);
  const infinite = !Number.isFinite(Number(text));

  const codes = [];
  if (numerator < 1_000n * denominator) {
    codes.push("too_small");
  }
  if (numerator > 5_000_000n * denominator) {
    codes.push("too_big");
  }
  if (infinite || numerator % denominator !== 0n) {
    codes.push("not_multiple_of");
  }
  return codes;
}
