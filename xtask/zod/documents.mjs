// Gateway8 bodies as they could arrive: good, bad in one place, bad in many, and odd as JSON.

import { exactAmountCodes } from "./decimal.mjs";
import { Random } from "./random.mjs";
import { envelope, gateway8 } from "./schema.mjs";

const RANDOM_COUNT = 200;

/**
 * Two lists of `{ name, body, envelope }`. In `differs` are the bodies whose amount zod, which computes with
 * doubles, judges otherwise than we do on the decimal text.
 */
export function documentVectors(z) {
  const schema = gateway8(z);
  const vectors = { agrees: [], differs: [] };
  const names = new Set();
  for (const { name, body, amount } of documents()) {
    if (names.has(name)) {
      throw new Error(`two documents are named ${name}`);
    }
    names.add(name);
    const vector = { name, body, envelope: envelope(schema, body) };
    if (amount === undefined || agrees(vector.envelope, amount)) {
      vectors.agrees.push(vector);
    } else {
      vectors.differs.push({ ...vector, exactAmountCodes: exactAmountCodes(amount) });
    }
  }
  return vectors;
}

function agrees({ errors = [] }, amount) {
  const codes = errors.filter(({ path }) => path[0] === "amount").map(({ code }) => code);
  return codes.join() === exactAmountCodes(amount).join();
}

function* documents() {
  yield* literal();
  for (const field of FIELDS) {
    yield* absentOrMistyped(field);
    yield* values(field);
  }
  yield* bounds();
  yield* amounts();
  yield* together();
  yield* odd();
  yield* random();
}

// The documented bodies, white space included.

const FIRST = `{
  "amount": 10,
  "baseCurrency": "EUR",
  "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
  "customerEmail": "john.doe@example.com",
  "customerFirstName": "John",
  "customerLastName": "Doe",
  "customerPhone": "49 15123456789",
  "customerDateOfBirth": "2000-02-10",
  "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
  "userIp": "217.138.202.40",
  "billingAddress": {
    "addressLine1": "Hlavni mesto Praha 11 22",
    "city": "Prague",
    "countryCode": "CZ",
    "postalCode": "15000",
    "state": "Praha, Hlavni mesto"
  },
  "card": {
    "cardNumber": "4000 0000 0000 0408",
    "cardholderName": "John Doe",
    "expiryMonth": "12",
    "expiryYear": "2028",
    "cardSecurityCode": "444"
  }
}`;

const SECOND = `{
  "amount": 10,
  "baseCurrency": "EUR",
  "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
  "customerEmail": "john.doe@example.com",
  "customerFirstName": "John",
  "customerLastName": "Doe",
  "customerPhone": "49 15123456789",
  "customerDateOfBirth": "2000-02-10",
  "orderId": "XBNfu922e2",
  "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
  "redirectUrl": "https://xgateway.tech",
  "userIp": "217.138.202.40",
  "billingAddress": {
    "addressLine1": "Hlavni mesto Praha 11 22",
    "addressLine2": "Suite 56",
    "city": "Prague",
    "countryCode": "CZ",
    "postalCode": "15000",
    "state": "Praha, Hlavni mesto"
  },
  "card": {
    "cardNumber": "4000 0000 0000 0002",
    "cardholderName": "John Doe",
    "expiryMonth": "12",
    "expiryYear": "2028",
    "cardSecurityCode": "444"
  }
}`;

function* literal() {
  yield { name: "documented: first test card", body: FIRST };
  yield { name: "documented: second test card", body: SECOND };
  yield { name: "documented: five-digit expiry year", body: FIRST.replace('"2028"', '"20288"') };
}

// Building blocks.

/** A piece of JSON text that is sent as it stands: `25.00` is not the number 25. */
class Raw {
  constructor(text) {
    this.text = text;
  }
}

const raw = (text) => new Raw(text);

function encode(value) {
  if (value instanceof Raw) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(encode).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${encode(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The second documented body, with each of `[path, value]` set; `undefined` removes the field. */
function edited(...edits) {
  const body = JSON.parse(SECOND);
  body.invoiceStrategy = "fixed";
  for (const [path, value] of edits) {
    const keys = path.split(".");
    const last = keys.pop();
    const owner = keys.reduce((object, key) => object?.[key], body);
    // The owner is gone when an earlier edit replaced it.
    if (owner === null || typeof owner !== "object" || Array.isArray(owner)) {
      continue;
    }
    if (value === undefined) {
      delete owner[last];
    } else {
      owner[last] = value;
    }
  }
  return encode(body);
}

const MISTYPED = {
  "null": null, "true": true, "a number": 10.5, "a string": "text", "an empty string": "", "an array": ["EUR"], "an object": {},
};

/** Each field, with good and bad values of its own; `min` and `max` count UTF-16 code units. */
const FIELDS = [
  { path: "amount", values: [] },
  { path: "accountId", min: 1, values: [" ", "x".repeat(1000)] },
  { path: "baseCurrency", values: ["EUR", "USD", "GBP", "eur", "Eur", " EUR", "EUR ", "EURUSD", "EUR,USD", "'EUR'", "E\"UR", "EU\u0420", "a\nb", "\u{1f4b6}", "\u007f\u0001", "<\u2028>"] },
  { path: "customerId", min: 1, values: [" ", "\u0000", "\u{1f600}", "a.1", "x".repeat(1000)] },
  { path: "customerDateOfBirth", values: ["2000-02-29", "1900-02-29", "2001-02-29", "2024-02-29", "0000-02-29", "2000-02-30", "2000-04-31", "2000-13-01", "2000-2-1", "2000-02-10T00:00:00Z", "2000-02-10 ", " 2000-02-10", "2000-02-10\n", "\u0662\u0660\u0660\u0660-01-01", "\uff12\uff10\uff10\uff10-01-01", "20000-01-01"] },
  { path: "customerEmail", values: ["a@b.co", "o'neil@example.com", "john+tag@example.com", "john_doe-x@a-b.example.com", "[email\u00a0protected]", "john", "@example.com", "john@example", "john@example.c", "john..doe@example.com", ".john@example.com", "john.@example.com", "john'@example.com", "m\u00fcller@example.com", "john@m\u00fcller.de", "\"john\"@example.com", "john@[127.0.0.1]", " john@example.com", "john@example.com\n", "john@example.c0m", "a#b@example.com", `${"a".repeat(300)}@example.com`] },
  { path: "customerFirstName", min: 1, max: 128, values: [" ", "Zo\u00eb", "\u6587", "\u0000"] },
  { path: "customerLastName", min: 1, max: 128, values: ["O'Neil \"x\" \\", "\t"] },
  { path: "customerPhone", values: ["1 2345", "123 12345678901234", "49 123", "49 123456789012345", "1234 12345", "49", "49 ", " 15123456789", "+49 15123456789", "4915123456789", "49  15123456789", "49\t15123456789", "49 15123456789 ", "49 15123456789\n", "49 151 2345", "\u0664\u0669 12345", "49 \uff11\uff12\uff13\uff14\uff15"] },
  { path: "userIp", values: ["0.0.0.0", "255.255.255.255", "256.0.0.1", "01.2.3.4", "1.2.3.4.5", "1.2.3.4 ", "localhost", "::", "::1", "2001:DB8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1::2::3", "::ffff:1.2.3.4", "::FFFF:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "64:ff9b::1.2.3.4", "::1.2.3.04", "fe80::1%eth0", "fe80::1%", "::1%lo", "\uff11.2.3.4"] },
  { path: "billingAddress", values: [] },
  { path: "billingAddress.addressLine1", min: 1, max: 300, values: [" "] },
  { path: "billingAddress.addressLine2", optional: true, max: 300, values: [" "] },
  { path: "billingAddress.city", min: 1, max: 50, values: ["\u0141\u00f3d\u017a"] },
  { path: "billingAddress.countryCode", values: ["AD", "US", "DE", "AX", "SS", "ZW", "XK", "EU", "UK", "AC", "ZZ", "XX", "cz", "Cz", "CZE", "C", " CZ", "CZ ", "203", "\uff23\uff3a", "constructor", "__proto__"] },
  { path: "billingAddress.postalCode", min: 1, max: 12, values: ["EC1A 1BB"] },
  { path: "billingAddress.state", min: 1, max: 40, values: ["-"] },
  { path: "card", values: [] },
  { path: "card.cardNumber", values: ["4000000000000002", "4000-0000-0000-0002", "4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2", "1".repeat(11), "1".repeat(12), "1".repeat(23), "1".repeat(24), `x${"1".repeat(23)}x`, `${"1 ".repeat(23)}`, `${"1 ".repeat(24)}`, `-${"1".repeat(11)}.`, "no digits", " ", "\u0661".repeat(16), `${"\u0661".repeat(16)}${"1".repeat(12)}`, "\uff11".repeat(16), `${"\u{1f4b3}".repeat(40)}${"4".repeat(16)}`, `${"4".repeat(8)}\n${"4".repeat(8)}\u0000`, "x".repeat(1000), "4".repeat(1000), "4e15"] },
  { path: "card.cardholderName", min: 1, max: 128, values: [" ", "JOHN DOE"] },
  { path: "card.expiryMonth", values: ["00", "01", "13", "99", "1", "123", "1x", "x1", "x", "1\n", "12\n", " 1", "-1", "1.", "\u0661\u0662", "\uff11\uff12", "\u{1f600}"] },
  { path: "card.expiryYear", values: ["0000", "28", "028", "20288", "202x", "20x", "2028\n", "202\n", " 2028", "-202", "\u0662\u0660\u0662\u0668", "\uff12\uff10\uff12\uff18", "\u{1f600}\u{1f600}"] },
  { path: "card.cardSecurityCode", values: ["000", "012", "0123", "12", "12345", "abc", "abcd", "ab", "abcde", "12x", "12\n", "123\n", "1234\n", " 123", "12.3", "\u0661\u0662\u0663", "\uff11\uff12\uff13"] },
  { path: "invoiceStrategy", optional: true, values: ["fixed", "floating", "Fixed", "FLOATING", "float", " fixed", "fixed|floating"] },
  { path: "orderId", optional: true, min: 1, values: [" ", "\u{1f600}", "x".repeat(1000)] },
  { path: "redirectUrl", optional: true, values: ["http://example.com", "HTTPS://EXAMPLE.COM", "example.com", "//example.com", "/return", "https://", "https:example.com", "https://exa mple.com", " https://example.com ", "https://example.com:65535", "https://example.com:65536", "https://user:pass@example.com", "https://[::1]:8080/", "https://[::1", "https://m\u00fcller.de/\u00fc?\u00fc#\u00fc", "https://example.com/%zz", "https:\\\\example.com\\x", "https://1.2.3.256", "mailto:john@example.com", "myapp://return", "localhost:3000", "https://example.com/a\tb", `https://example.com/${"a".repeat(492)}`, `https://example.com/${"a".repeat(493)}`, `https://example.com/${"\u{1f600}".repeat(246)}`, `https://example.com/${"\u{1f600}".repeat(247)}`, "x".repeat(512), "x".repeat(513), ` ${"x".repeat(600)}`] },
];

function* absentOrMistyped({ path }) {
  yield { name: `${path}: missing`, body: edited([path, undefined]) };
  for (const [what, value] of Object.entries(MISTYPED)) {
    // An amount that is a number has its own list.
    if (path !== "amount" || typeof value !== "number") {
      yield { name: `${path}: ${what}`, body: edited([path, value]) };
    }
  }
}

function* values({ path, values }) {
  for (const value of values) {
    const short = value.length > 60 ? `${value.slice(0, 30)}.. (${value.length})` : value;
    yield { name: `${path}: ${JSON.stringify(short)}`, body: edited([path, value]) };
  }
}

function* bounds() {
  for (const { path, min, max } of FIELDS) {
    if (min !== undefined) {
      yield { name: `${path}: shortest`, body: edited([path, "x".repeat(min)]) };
    }
    if (max === undefined) {
      continue;
    }
    for (const [what, letter] of [["ASCII", "x"], ["three bytes, one unit", "\u6587"]]) {
      yield { name: `${path}: longest, ${what}`, body: edited([path, letter.repeat(max)]) };
      yield { name: `${path}: one too long, ${what}`, body: edited([path, letter.repeat(max + 1)]) };
    }
    const emoji = "\u{1f600}".repeat(max / 2);
    yield { name: `${path}: longest, ${max / 2} emoji`, body: edited([path, emoji]) };
    yield { name: `${path}: ${max / 2} emoji and a letter`, body: edited([path, `${emoji}x`]) };
    yield { name: `${path}: longest, escaped`, body: edited([path, raw(`"${"\\ud83d\\uDE00".repeat(max / 2)}"`)]) };
  }
}

const AMOUNTS = [
  "0", "-0", "0.0", "-1", "-0.01", "-9.005", "-50001", "0.01", "0.001", "0.1", "1e-2", "1e-3", "9.99", "9.999", "9.005", "9.995", "10", "10.0", "10.00", "10.01", "10.010", "10.001", "10.005", "10.0050", "10.009", "10.10", "10.29", "1e1", "1E+1", "1.05e1", "1.0005e1", "1.00005e1", "100e-1", "10005e-3", "1005e-2", "0.001e4", "0.0010005e4", "25.00", "25.5", "33.33", "64.1", "1.15e2", "115.15", "333.333", "1001.01", "5e4", "5.0e4", "5.00001e4", "4.999999e4", "4.9999999e4", "33333.33", "33333.333", "49999.99", "49999.999", "50000", "50000.00", "50000.01", "50000.001", "50000.005", "50001", "5e5", "100000.01", "123456789.123", "9007199254740991", "9007199254740993", "1e20", "1e21", "1e100", "1e308", "1e309", "1e400", "-1e400", "-1e309", "10.123456789", "10.1234567890123456789", "0.00000000000000000001e21", "10.00000000000000", "1000000000000000000000e-20", "10.0000000000001", "4.35e1", "1.005e3", "1.00501e3", "1.1e-5", "0.000001",
  // Where doubles and decimal text part: too many digits, too small, and text with an exponent.
  "1e-7", "1.5e-7", "-1e-7", "1.23e-7", "1e-400", "5e-324", "10.000000000000000001", "10.0000000000000000", "9.99999999999999999999", "9.9999999999999999", "50000.000000000000001", "50000.0000000000001", "49999.9999999999999999", "1.5e21", "1.7e308", "100000000000000000000.5", "9007199254740993.5", "12345678901234.571",
];

function* amounts() {
  for (const amount of AMOUNTS) {
    yield { name: `amount: ${amount}`, body: edited(["amount", raw(amount)]), amount };
  }
}

const ALL_WRONG = {
  amount: 9.005, accountId: "", baseCurrency: "GBP", customerId: "", customerDateOfBirth: "2001-02-29", customerEmail: "john", customerFirstName: "", customerLastName: "x".repeat(129), customerPhone: "+49", userIp: "300.1.1.1",
  billingAddress: { addressLine1: "", addressLine2: "x".repeat(301), city: "", countryCode: "XX", postalCode: "1234567890123", state: "" },
  card: { cardNumber: "4000", cardholderName: "", expiryMonth: "x", expiryYear: "x2028", cardSecurityCode: "x" },
  invoiceStrategy: "none", orderId: "", redirectUrl: `not a url ${"x".repeat(512)}`,
};

function reversed(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
}

function* together() {
  yield { name: "all wrong", body: encode(ALL_WRONG) };
  yield { name: "all wrong, keys in reverse", body: encode(reversed(ALL_WRONG)) };
  yield { name: "all wrong, indented", body: JSON.stringify(ALL_WRONG, null, 4) };
  for (const [what, value] of Object.entries(MISTYPED)) {
    yield { name: `every leaf: ${what}`, body: edited(...FIELDS.filter(({ path }) => path !== "billingAddress" && path !== "card").map(({ path }) => [path, value])) };
    yield { name: `every field of the root: ${what}`, body: edited(...FIELDS.filter(({ path }) => !path.includes(".")).map(({ path }) => [path, value])) };
  }
  yield { name: "good, keys in reverse", body: encode(reversed(JSON.parse(SECOND))) };
  yield { name: "good, no optional field", body: edited(...FIELDS.filter(({ optional }) => optional).map(({ path }) => [path, undefined])) };
  yield { name: "every optional field null", body: edited(...FIELDS.filter(({ optional }) => optional).map(({ path }) => [path, null])) };
  yield { name: "every optional field empty", body: edited(...FIELDS.filter(({ optional }) => optional).map(({ path }) => [path, ""])) };
  yield { name: "nested objects empty", body: edited(["billingAddress", {}], ["card", {}]) };
  yield { name: "nested objects missing", body: edited(["billingAddress", undefined], ["card", undefined]) };
  yield { name: "nested objects swapped", body: edited(["billingAddress", JSON.parse(SECOND).card], ["card", JSON.parse(SECOND).billingAddress]) };
  yield { name: "nested objects in arrays", body: edited(["billingAddress", [JSON.parse(SECOND).billingAddress]], ["card", [JSON.parse(SECOND).card]]) };
  yield { name: "nested objects as JSON text", body: edited(["billingAddress", JSON.stringify(JSON.parse(SECOND).billingAddress)], ["card", JSON.stringify(JSON.parse(SECOND).card)]) };
  yield { name: "card fields at the root", body: encode({ ...JSON.parse(SECOND), ...JSON.parse(SECOND).card, card: undefined }).replace('"card":undefined,', "") };
  const paths = FIELDS.map(({ path }) => path);
  for (let at = 0; at < paths.length; at += 4) {
    yield { name: `missing from ${paths[at]} on`, body: edited(...paths.slice(at).map((path) => [path, undefined])) };
  }
}

function* odd() {
  const roots = { "an empty object": "{}", "an empty array": "[]", "an array with a good body": `[${SECOND}]`, "a string": '"text"', "an empty string": '""', "the body as a string": JSON.stringify(SECOND), "a number": "10", "zero": "0", "infinity": "1e400", "null": "null", "true": "true", "false": "false" };
  for (const [what, body] of Object.entries(roots)) {
    yield { name: `root: ${what}`, body };
  }

  yield { name: "root: white space around", body: `\n\t ${SECOND}\r\n ` };

  const good = edited();
  const within = (key, text) => good.replace(`"${key}":{`, `"${key}":{${text},`);
  const first = (text) => good.replace("{", `{${text},`);
  const last = (text) => good.replace(/\}$/, `,${text}}`);
  const unknown = { "a word": '"foo":1', "empty": '"":null', "__proto__": '"__proto__":{"amount":1}', "constructor": '"constructor":"x"', "toString": '"toString":[]', "then": '"then":1', "another case": '"Amount":"x"', "a digit": '"0":{}', "with a dot": '"card.cardNumber":1', "deep": `"deep":${"[".repeat(60)}${"]".repeat(60)}`, "wide numbers": '"n":[1e999,-0,1E-9,123456789012345678901234567890]', "not ASCII": '"\u00fc\u{1f600}":"\u{1f600}"', "escaped": '"\\u0000\\n\\"":"\\b\\f\\/"', "with a zero width space": '"amount\u200b":1' };
  for (const [what, text] of Object.entries(unknown)) {
    yield { name: `unknown key at the root: ${what}`, body: first(text) };
  }
  yield { name: "unknown key in the card", body: within("card", '"pan":1,"__proto__":{"cardNumber":1}') };
  yield { name: "unknown key in the address", body: within("billingAddress", '"zip":"1"') };
  yield { name: "unknown keys alone", body: '{"a":1,"b":{"amount":10}}' };
  yield { name: "__proto__ does not supply fields", body: `{"__proto__":${good}}` };

  yield { name: "duplicate: the bad one first", body: first('"amount":"x"') };
  yield { name: "duplicate: the bad one last", body: last('"amount":"x"') };
  yield { name: "duplicate: null last", body: last('"accountId":null') };
  yield { name: "duplicate: good, bad, good", body: last('"amount":"x","amount":12') };
  yield { name: "duplicate: three bad ones", body: last('"amount":1,"amount":"x","amount":null') };
  yield { name: "duplicate: spelt with an escape, last", body: last('"\\u0061mount":9.005') };
  yield { name: "duplicate: spelt with an escape, first", body: first('"\\u0061mount":9.005') };
  yield { name: "duplicate: the last card has no fields", body: last('"card":{}') };
  yield { name: "duplicate: the first card has no fields", body: first('"card":{}') };
  yield { name: "duplicate: cards are not merged", body: last('"card":{"cardNumber":"4000000000000002"}') };
  yield { name: "duplicate: the last card is null", body: last('"card":null') };
  yield { name: "duplicate: inside the card, the bad one last", body: good.replace('"cardSecurityCode":"444"', '"cardSecurityCode":"444","cardSecurityCode":"x"') };
  yield { name: "duplicate: inside the card, the bad one first", body: within("card", '"cardSecurityCode":4') };
  yield { name: "duplicate: optional, null last", body: last('"orderId":null') };
  yield { name: "duplicate: an unknown key", body: last('"foo":1,"foo":2') };

  yield { name: "keys escaped", body: good.replace(/"(amount|card|cardNumber|city)":/g, (_, key) => `"${[...key].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join("")}":`) };
  yield { name: "values escaped", body: edited(["baseCurrency", raw('"\\u0045U\\u0052"')], ["card.expiryYear", raw('"\\u0032028"')], ["redirectUrl", raw('"https:\\/\\/example.com"')]) };
  yield { name: "escapes count once", body: edited(["billingAddress.postalCode", raw(`"${"\\n".repeat(12)}"`)], ["billingAddress.city", raw(`"${"\\u00fc".repeat(51)}"`)]) };
  yield { name: "a received value with quotes and controls", body: edited(["baseCurrency", "\"'\\\b\u0001\u001f/"], ["invoiceStrategy", "'fixed'"]) };
  yield { name: "white space everywhere", body: JSON.stringify(JSON.parse(SECOND), null, "\t").replaceAll("\n", "\r\n  ") };
  yield { name: "numbers for the digits of a card", body: edited(["card.cardNumber", 4000000000000002], ["card.expiryMonth", 12], ["card.expiryYear", 2028], ["card.cardSecurityCode", 444]) };
  yield { name: "amount as text", body: edited(["amount", "10"]) };
}

// One to four fields at once, chosen by the seeded generator.

const LETTERS = "ax9 .-@\u00fc\u6587\u{1f600}\u{1f4b3}\"\\\n";
const RANDOM_AMOUNTS = ["-1", "0", "0.1", "1e400", "9.005", "9.99", "10", "10.005", "10.5", "25.00", "1E+1", "33333.33", "50000", "50000.001", "50000.01", "64.1"];

function* random() {
  const random = new Random(8);
  for (let index = 0; index < RANDOM_COUNT; index += 1) {
    const count = 1 + random.below(4);
    const edits = Array.from({ length: count }, () => {
      const field = random.pick(FIELDS);
      return [field.path, randomValue(random, field)];
    });
    const paths = edits.map(([path]) => path).join(", ");
    yield { name: `random ${index}: ${paths}`, body: edited(...edits) };
  }
}

function randomValue(random, { path, values, min = 0, max = 40 }) {
  if (path === "amount" && random.below(3) > 0) {
    return raw(random.pick(RANDOM_AMOUNTS));
  }
  const kinds = [
    () => undefined,
    () => random.pick(Object.entries(MISTYPED).map(([, value]) => value)),
    () => (values.length > 0 ? random.pick(values) : null),
    () => random.text(LETTERS, random.below(6)),
    () => random.text(LETTERS, Math.floor(max / 2) + random.below(max + 2)),
    () => "x".repeat(random.pick([Math.max(min - 1, 0), min, max, max + 1])),
    () => random.text("ABCDEGIKMNPRSTUXZ", 2),
    () => random.text("0123456789", 1 + random.below(26)),
  ];
  return random.pick(kinds)();
}
